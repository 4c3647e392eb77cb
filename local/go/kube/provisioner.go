package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// The name a StorageClass gives as its provisioner to get such volumes.
const provisionerName = "unity.dev/local"

// directories gives every PVC a directory on the node that its pod was scheduled to, as a `local` volume. Such a
// volume ties the pod to the node for good, as a zonal disk ties it to a zone.
type directories struct {
	// root holds one directory per node.
	root string
}

// Provision makes the directory and describes it. The scheduler must have chosen a node already, so the
// StorageClass has to be of `volumeBindingMode: WaitForFirstConsumer`.
func (d directories) Provision(
	_ context.Context, options controller.ProvisionOptions,
) (*core.PersistentVolume, controller.ProvisioningState, error) {
	node := options.SelectedNodeName
	if node == "" {
		return nil, controller.ProvisioningFinished,
			errors.New("no node chosen yet: the StorageClass needs volumeBindingMode WaitForFirstConsumer")
	}
	path := filepath.Join(d.root, node, options.PVName)
	// Nobody but root may look inside until the kubelet hands it to the fsGroup of the pod.
	if err := os.MkdirAll(path, 0o770); err != nil {
		return nil, controller.ProvisioningNoChange, fmt.Errorf("directory of %s: %w", options.PVName, err)
	}
	volume := &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: options.PVName},
		Spec: core.PersistentVolumeSpec{
			AccessModes: options.PVC.Spec.AccessModes,
			Capacity: core.ResourceList{
				core.ResourceStorage: options.PVC.Spec.Resources.Requests[core.ResourceStorage],
			},
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			PersistentVolumeSource:        core.PersistentVolumeSource{Local: &core.LocalVolumeSource{Path: path}},
			NodeAffinity:                  onlyOn(node),
		},
	}
	return volume, controller.ProvisioningFinished, nil
}

// Delete removes a volume's directory, if it still exists.
func (d directories) Delete(_ context.Context, volume *core.PersistentVolume) error {
	if volume.Spec.Local == nil || !strings.HasPrefix(volume.Spec.Local.Path, d.root+string(filepath.Separator)) {
		return fmt.Errorf("%s is not below %s", volume.Name, d.root)
	}
	return os.RemoveAll(volume.Spec.Local.Path)
}

func onlyOn(node string) *core.VolumeNodeAffinity {
	return &core.VolumeNodeAffinity{Required: &core.NodeSelector{
		NodeSelectorTerms: []core.NodeSelectorTerm{{
			MatchExpressions: []core.NodeSelectorRequirement{{
				Key: core.LabelHostname, Operator: core.NodeSelectorOpIn, Values: []string{node},
			}},
		}},
	}}
}

func runProvisioner(args []string) error {
	flags := flag.NewFlagSet("provisioner", flag.ContinueOnError)
	kubeconfig := flags.String("kubeconfig", "", "how to reach the API server")
	root := flags.String("root", "", "directory that holds the volumes, one directory per node below it")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *kubeconfig == "" || *root == "" {
		return errors.New("-kubeconfig and -root are both needed")
	}
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := growVolumes(ctx, client); err != nil {
		return err
	}
	controller.NewProvisionController(
		ctx, client, provisionerName, directories{root: filepath.Clean(*root)}, controller.LeaderElection(false),
	).Run(ctx)
	return nil
}
