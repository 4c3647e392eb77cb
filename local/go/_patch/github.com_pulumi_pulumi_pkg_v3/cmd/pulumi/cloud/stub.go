// Takes the place of `pulumi api` when the CLI is built: the library that it reads the description of Pulumi Cloud's API
// with takes a tenth of all the time to compile. Also without it are `pulumi insights` and `pulumi org usage`. It has of
// the package what the CLI refers to.
package cloud

import (
	"context"
	"errors"

	"github.com/pulumi/pulumi/pkg/v3/backend/httpstate/client"
	"github.com/spf13/cobra"
)

var errMissing = errors.New("this build of pulumi does not call Pulumi Cloud's API: install Pulumi's own")

type APIError struct {
	ExitCode int
	Silent   bool
}

func (*APIError) Error() string { return errMissing.Error() }

type ResolvedContext struct {
	Client   *client.Client
	OrgName  string
	LoggedIn bool
}

func ResolveContext(context.Context) (*ResolvedContext, error) { return nil, errMissing }

func NewAPICmd() *cobra.Command {
	return &cobra.Command{
		Use:   "api",
		Short: "Not in this build",
		RunE:  func(*cobra.Command, []string) error { return errMissing },
	}
}
