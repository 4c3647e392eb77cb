// Takes the place of the driver for s3:// when Pulumi's CLI is built: the AWS SDK takes a tenth of its time to compile,
// and the state of this repository's stacks is in files or in Google Cloud Storage.
package s3blob

import (
	"context"
	"errors"
	"net/url"

	"gocloud.dev/blob"
)

const scheme = "s3"

type missing struct{}

func (missing) OpenBucketURL(context.Context, *url.URL) (*blob.Bucket, error) {
	return nil, errors.New("this build of pulumi has no driver for s3://: install Pulumi's own")
}

func init() {
	blob.DefaultURLMux().RegisterBucket(scheme, missing{})
}
