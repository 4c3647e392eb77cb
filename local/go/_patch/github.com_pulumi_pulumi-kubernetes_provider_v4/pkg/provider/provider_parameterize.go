// Takes the place of the provider's own file of this name when it is built. Parameters of the provider are for SDKs of
// custom resources, which no program of this repository has.
package provider

import (
	"context"
	"errors"

	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

type parameterizedPackageMap struct{}

func (*parameterizedPackageMap) get(string, string) *schema.PackageSpec { return nil }

func (k *kubeProvider) Parameterize(context.Context, *pulumirpc.ParameterizeRequest) (*pulumirpc.ParameterizeResponse, error) {
	return nil, errors.New("this build of the Kubernetes provider takes no parameters: install Pulumi's own")
}
