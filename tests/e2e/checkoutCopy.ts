/** The program in a folder of its own, for tests that need a stack file: none is ever written into the checkout. */
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../common/paths.ts";

/** What the copy does not have of the checkout: it is large, none of the program, or a stack file. */
const LEFT_OUT = /^(\..*|node_modules|tests|docs|samples|Pulumi\..+\.yaml)$/;

export interface CheckoutCopy {
    readonly folder: string;
    /** Where the stack file of an environment is. */
    readonly stackFile: (stack: string) => string;
    readonly remove: () => void;
}

/** Copies the program into a temporary folder. */
export function copyCheckout(): CheckoutCopy {
    const folder = mkdtempSync(join(tmpdir(), "unity-checkout-"));
    copyCheckoutInto(folder);
    return {
        folder,
        stackFile: (stack) => join(folder, `Pulumi.${stack}.yaml`),
        remove: () => rmSync(folder, { recursive: true, force: true }),
    };
}

/** Copies the program into a folder. It finds its folder by its own files, so those are copies, not links. */
export function copyCheckoutInto(folder: string): void {
    for (const entry of readdirSync(root).filter((name) => !LEFT_OUT.test(name))) {
        cpSync(join(root, entry), join(folder, entry), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    // The embedded platform's kubeconfig, where the program looks for it.
    symlinkSync(join(root, ".unity"), join(folder, ".unity"));
}
