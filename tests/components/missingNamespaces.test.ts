import assert from "node:assert/strict";
import { reportMissingNamespaces } from "../../components/missingNamespaces.ts";
import type { ProjectConfig } from "../../config/schema/environment.ts";
import { saidBy, startApiServer } from "./previewChecks.ts";

/** What the API answers of a namespace; 200 for all others. */
const ANSWERS: Record<string, number> = { missing: 404, gone: 404, closed: 403, broken: 500 };

describe("the namespaces that config names for components", () => {
    let api: Awaited<ReturnType<typeof startApiServer>>;
    let asked: string[];
    before(async () => {
        api = await startApiServer(({ url = "" }, response) => {
            const name = url.split("/").at(-1)!;
            asked.push(name);
            response.writeHead(ANSWERS[name] ?? 200, { "content-type": "application/json" }).end("{}");
        });
    });
    after(() => api.stop());

    const project = (name: string, ...namespaces: string[][]) =>
        ({
            name,
            namespace: name,
            components: namespaces.map((each) => ({ namespaces: each })),
        }) as unknown as ProjectConfig;

    /** What a preview says of these Projects. */
    function said(...projects: ProjectConfig[]): Promise<string[]> {
        asked = [];
        return saidBy(() => reportMissingNamespaces(api.target, projects));
    }

    it("are not asked for where the program creates them, or has its servers there", async () => {
        assert.deepEqual(await said(project("red", ["red-clients"], ["red"]), project("blue")), []);
        assert.deepEqual(asked, []);
    });

    it("are each asked for once, and an error says which do not exist and of whom they are", async () => {
        const missing = (name: string, owners: string) =>
            `error: Namespace ${name}, which config names for components of Project ${owners}, does not exist. It is not this program's: create it (kubectl create namespace ${name}), then run this again.`;
        assert.deepEqual(
            await said(
                project("red", ["missing", "shop"], ["missing"]),
                project("blue", ["shop", "gone", "missing"]),
            ),
            [missing("gone", "blue"), missing("missing", "red and blue")],
        );
        assert.deepEqual(asked.sort(), ["gone", "missing", "shop"]);
    });

    it("may be unknown, which is a warning with the reason", async () => {
        const [line] = await said(project("red", ["broken"]));
        assert.match(
            line!,
            /^warning: The cluster "test" .* does not answer \(HTTP 500; .* may find that a namespace/,
        );
        assert.deepEqual(await said(project("red", ["closed"])), [
            "warning: You are not allowed to read namespace closed, so an up may find that a namespace of components does not exist.",
        ]);
    });
});
