// The official Kubernetes provider of Pulumi. The module's own main package embeds a file that is
// generated outside the module, so it cannot be built from a module proxy; this one can.
package main

import (
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

// Asked for by SDK generators and Pulumi YAML only, never by a TypeScript program.
const schema = `{"name":"kubernetes"}`

func main() {
	provider.Serve("kubernetes", version.Version, []byte(schema), []byte(`{}`))
}
