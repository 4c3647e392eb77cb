package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// How soon growing a volume is tried again after an error.
const resync = 10 * time.Second

// growVolumes gives volumes the size that their PVCs request. A directory has no size of its own, so the new one is
// only recorded in the PersistentVolume; the kubelet then updates the PVC.
func growVolumes(ctx context.Context, client kubernetes.Interface) error {
	factory := informers.NewSharedInformerFactory(client, resync)
	grow := func(object any) {
		if err := growVolume(ctx, client, object.(*core.PersistentVolumeClaim)); err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, "provisioner:", err)
		}
	}
	_, err := factory.Core().V1().PersistentVolumeClaims().Informer().AddEventHandler(
		cache.ResourceEventHandlerFuncs{AddFunc: grow, UpdateFunc: func(_, object any) { grow(object) }},
	)
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	return nil
}

func growVolume(ctx context.Context, client kubernetes.Interface, pvc *core.PersistentVolumeClaim) error {
	wanted := pvc.Spec.Resources.Requests[core.ResourceStorage]
	if pvc.Status.Phase != core.ClaimBound || wanted.Cmp(pvc.Status.Capacity[core.ResourceStorage]) <= 0 {
		return nil
	}
	volume, err := client.CoreV1().PersistentVolumes().Get(ctx, pvc.Spec.VolumeName, meta.GetOptions{})
	if err != nil {
		return err
	}
	if volume.Annotations["pv.kubernetes.io/provisioned-by"] != provisionerName ||
		wanted.Cmp(volume.Spec.Capacity[core.ResourceStorage]) <= 0 {
		return nil
	}
	capacity := core.ResourceList{core.ResourceStorage: wanted}
	patch, err := json.Marshal(map[string]any{"spec": map[string]any{"capacity": capacity}})
	if err != nil {
		return err
	}
	_, err = client.CoreV1().PersistentVolumes().Patch(
		ctx, volume.Name, types.MergePatchType, patch, meta.PatchOptions{},
	)
	return err
}
