// Has of the AWS SDK's module for S3 what Pulumi's CLI refers to, so that it is built without the SDK.
package s3

type CopyObjectInput struct {
	CopySource *string
}
