import * as pulumi from "@pulumi/pulumi";

/**
 * The alias of a component's child that an older version of this program had beside the component: without it the
 * engine would replace the resource, with all that it holds.
 *
 * @param name its name then
 * @param opts options of the component
 */
export function formerSibling(name: string, opts: pulumi.ComponentResourceOptions | undefined): pulumi.Alias {
    return { name, parent: opts?.parent ?? pulumi.rootStackResource };
}
