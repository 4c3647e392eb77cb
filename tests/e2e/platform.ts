/** The platform under the end-to-end tests: brought up where it is not there, and then taken away again. */
import { up } from "../../local/commands/up.ts";
import { platformRunning } from "../../local/platform/platform.ts";
import { removePlatform } from "../../local/platform/remove.ts";

let wasThere = false;

export async function ensureLocal(): Promise<void> {
    wasThere = await platformRunning();
    await up({ nodes: 3, platformOnly: true });
}

export async function leaveLocal(): Promise<void> {
    if (!wasThere) await removePlatform();
}
