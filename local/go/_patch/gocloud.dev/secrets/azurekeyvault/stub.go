// Takes the place of the driver for azurekeyvault:// when Pulumi's CLI is built. Without it, the CLI says which it has.
package azurekeyvault
