// Takes the place of the provider's own file of this name when it is built. Parameterize alone called it, and it is not
// to be compiled with the CLI's libraries. What remains of the package refers to this.
package gen

import (
	"encoding/json"

	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func rawMessage(value any) schema.RawMessage {
	message, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return message
}
