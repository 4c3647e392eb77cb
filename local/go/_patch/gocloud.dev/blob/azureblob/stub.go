// Takes the place of the driver for azblob:// when Pulumi's CLI is built, as that for s3:// does. It has of it what the
// CLI refers to.
package azureblob

import (
	"context"
	"errors"
	"net/url"

	"gocloud.dev/blob"
)

const Scheme = "azblob"

type ServiceURLOptions struct{}

func NewDefaultServiceURLOptions() *ServiceURLOptions { return &ServiceURLOptions{} }

func NewDefaultClient() {}

type URLOpener struct {
	MakeClient        func()
	ServiceURLOptions ServiceURLOptions
}

func (*URLOpener) OpenBucketURL(context.Context, *url.URL) (*blob.Bucket, error) {
	return nil, errors.New("this build of pulumi has no driver for azblob://: install Pulumi's own")
}

func init() {
	blob.DefaultURLMux().RegisterBucket(Scheme, &URLOpener{})
}
