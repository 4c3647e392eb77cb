// Takes the place of the driver for awskms:// when Pulumi's CLI is built. Without it, the CLI says which it has.
package awskms
