package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os/signal"
	"sync"
	"syscall"

	"github.com/cloudnativelabs/kube-router/v2/pkg/controllers/netpol"
	"github.com/cloudnativelabs/kube-router/v2/pkg/healthcheck"
	"github.com/cloudnativelabs/kube-router/v2/pkg/options"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// runPolicies is kube-router's controller for network policies, without its BGP routes and its service proxy: CNI
// and kube-proxy do that here.
func runPolicies(args []string) error {
	config := options.NewKubeRouterConfig()
	config.EnableIPv4 = true
	flags := flag.NewFlagSet("kube-router", flag.ContinueOnError)
	flags.StringVar(&config.Kubeconfig, "kubeconfig", "", "how to reach the API server")
	flags.StringVar(&config.HostnameOverride, "hostname-override", "", "name of the node")
	services := flags.String("service-cluster-ip-range", "", "addresses of Services, as a CIDR")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if config.Kubeconfig == "" || config.HostnameOverride == "" || *services == "" {
		return errors.New("-kubeconfig, -hostname-override and -service-cluster-ip-range are all needed")
	}
	config.ClusterIPCIDRs = []string{*services}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	controller, err := newPolicyController(ctx, config)
	if err != nil {
		return err
	}
	heartbeats := make(chan *healthcheck.ControllerHeartbeat)
	go func() {
		// They are for an endpoint of its health, which nothing asks here; unread, they would stop the controller.
		for range heartbeats {
		}
	}()
	var running sync.WaitGroup
	running.Add(1)
	controller.Run(heartbeats, ctx.Done(), &running)
	running.Wait()
	return nil
}

// newPolicyController connects a controller to the API. It knows all Pods, Namespaces and NetworkPolicies when this
// returns, and is told of their changes.
func newPolicyController(
	ctx context.Context, config *options.KubeRouterConfig,
) (*netpol.NetworkPolicyController, error) {
	rest, err := clientcmd.BuildConfigFromFlags("", config.Kubeconfig)
	if err != nil {
		return nil, err
	}
	client, err := kubernetes.NewForConfig(rest)
	if err != nil {
		return nil, err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods().Informer()
	namespaces := factory.Core().V1().Namespaces().Informer()
	policies := factory.Networking().V1().NetworkPolicies().Informer()
	factory.Start(ctx.Done())
	synced, cancel := context.WithTimeout(ctx, config.CacheSyncTimeout)
	defer cancel()
	for kind, known := range factory.WaitForCacheSync(synced.Done()) {
		if !known {
			return nil, fmt.Errorf("the API server does not list objects of %s: %w", kind, synced.Err())
		}
	}
	iptables, ipsets, err := netpol.NewIPTablesHandlers(config)
	if err != nil {
		return nil, err
	}
	controller, err := netpol.NewNetworkPolicyController(
		client, config, pods, policies, namespaces, &sync.Mutex{}, iptables, ipsets,
	)
	if err != nil {
		return nil, err
	}
	if _, err := pods.AddEventHandler(controller.PodEventHandler); err != nil {
		return nil, err
	}
	if _, err := namespaces.AddEventHandler(controller.NamespaceEventHandler); err != nil {
		return nil, err
	}
	if _, err := policies.AddEventHandler(controller.NetworkPolicyEventHandler); err != nil {
		return nil, err
	}
	return controller, nil
}
