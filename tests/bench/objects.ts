import { execFile } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../common/paths.ts";
import { joinLines } from "../static/manifests.ts";

interface Registration {
    readonly type: string;
    readonly inputs: { readonly kind?: string };
}

/** The Kubernetes objects that a copy of the program registers for its stack, as kubectl takes them. */
export async function kubernetesObjects(program: string, stack: string): Promise<unknown[]> {
    cpSync(join(root, "tests/golden"), join(program, "tests/golden"), { recursive: true });
    const script = join(program, "tests/golden/registrations.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [script, stack], { maxBuffer: 1 << 28 });
    const { resources } = JSON.parse(stdout) as { resources: Registration[] };
    return (
        resources
            // A storage class's parameters cannot change, which to kubectl a block of none is.
            .filter(({ type }) => type.startsWith("kubernetes:") && !/(Patch|StorageClass)$/.test(type))
            .map(({ inputs }) => joinLines(inputs))
    );
}
