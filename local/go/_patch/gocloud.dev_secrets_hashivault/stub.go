// Takes the place of the driver for hashivault:// when Pulumi's CLI is built. Without it, the CLI says which it has.
package hashivault
