import { existsSync } from "node:fs";
/** The platform under the end-to-end tests: brought up where it is not there, and then taken away again. */
import { up } from "../../local/commands/up.ts";
import { dataDir } from "../../local/platform/layout.ts";
import { removePlatform } from "../../local/platform/remove.ts";

let wasThere = false;

export async function ensureLocal(): Promise<void> {
    // Also one that does not run just now is somebody's, with its Projects and their data.
    wasThere = existsSync(dataDir);
    await up({ nodes: 3, platformOnly: true });
}

export async function leaveLocal(): Promise<void> {
    if (!wasThere) {
        await removePlatform();
    }
}
