// Takes the place of the provider's own file of this name when it is built. The components that render YAML, Helm charts
// and Kustomize folders pull in Pulumi's whole Go SDK for Kubernetes, which takes longer to compile than all the rest of
// the provider, and no TypeScript program of this repository uses them.
package provider

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

var resourceProviders = map[string]resource.ResourceProviderFactory{}

func (k *kubeProvider) Construct(_ context.Context, request *pulumirpc.ConstructRequest) (*pulumirpc.ConstructResponse, error) {
	return nil, fmt.Errorf("this build of the Kubernetes provider has no component %s: install Pulumi's own", request.GetType())
}
