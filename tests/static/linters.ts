/** Other people's linters of Kubernetes manifests, each with what it finds as plain sentences. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { logDir } from "../../common/paths.ts";
import { build, goTools } from "../../local/tools/build.ts";
import { versions } from "../../local/versions.ts";
import { pythonWithCheckov } from "./checkov.ts";
import { SCHEMA_FILE } from "./kubernetesSchemas.ts";

/** Something that a linter would have otherwise. */
export interface Finding {
    /** As a waiver names it: what kube-score says, the number that checkov gives it. */
    readonly check: string;
    /** The object, and the words of the linter. */
    readonly text: string;
}

const log = join(logDir, "tools.log");

/**
 * What a linter prints. It ends with 1 where it finds something, which is no failure here.
 *
 * @throws Error with all that it said when it ends with anything else
 */
async function output(command: string, args: readonly string[]): Promise<string> {
    try {
        return (await promisify(execFile)(command, args, { maxBuffer: 1 << 28 })).stdout;
    } catch (error) {
        const {
            code,
            stdout = "",
            stderr = "",
        } = error as { code?: unknown; stdout?: string; stderr?: string };
        if (code === 1 && stdout !== "") {
            return stdout;
        }
        throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`);
    }
}

interface Scored {
    readonly object_name: string;
    readonly checks: readonly {
        readonly grade: number;
        readonly skipped: boolean;
        readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
    }[];
}

/** kube-score's word for critical; warnings are 5 and what is in order is 10. */
const CRITICAL = 1;

/** What kube-score calls critical in a file of manifests. */
export async function kubeScore(file: string): Promise<readonly Finding[]> {
    const version = `v${versions.kubernetes.split(".").slice(0, 2).join(".")}`;
    const args = ["score", "--kubernetes-version", version, "--output-format", "json", file];
    const scored = JSON.parse(await output(await build(goTools.kubeScore, log), args)) as readonly Scored[];
    return scored.flatMap(({ object_name: object, checks }) =>
        checks
            .filter(({ grade, skipped }) => grade === CRITICAL && !skipped)
            .flatMap(({ comments }) => comments ?? [])
            .map(({ path, summary }) => ({ check: summary, text: `${object} ${path}: ${summary}` })),
    );
}

/** What kubeconform finds in a file of manifests, by the schemas in a folder. */
export async function kubeconform(
    file: string,
    schemas: string,
): Promise<{ readonly valid: number; readonly findings: readonly Finding[] }> {
    const location = join(schemas, SCHEMA_FILE);
    const args = ["-strict", "-summary", "-output", "json", "-schema-location", location, file];
    const { resources, summary } = JSON.parse(await output(await build(goTools.kubeconform, log), args)) as {
        resources: readonly { kind: string; name: string; status: string; msg: string }[] | null;
        summary: { valid: number };
    };
    return {
        valid: summary.valid,
        findings: (resources ?? []).map(({ kind, name, status, msg }) => ({
            check: status,
            text: `${kind}/${name}: ${msg}`,
        })),
    };
}

interface Report {
    readonly summary: { readonly passed: number; readonly parsing_errors: number };
    readonly results: {
        readonly failed_checks: readonly {
            readonly check_id: string;
            readonly check_name: string;
            readonly resource: string;
        }[];
    };
}

/**
 * What checkov finds in a file of manifests.
 *
 * @throws Error when it could not read the file, which it would pass over in silence
 */
export async function checkov(file: string): Promise<readonly Finding[]> {
    const args = ["-m", "checkov.main", "--framework", "kubernetes", "--skip-download", "--output", "json"];
    const python = await pythonWithCheckov(log);
    const { summary, results } = JSON.parse(await output(python, [...args, "--file", file])) as Report;
    if (!(summary.passed > 0) || summary.parsing_errors > 0) {
        throw new Error(`checkov could not read ${file}: ${JSON.stringify(summary)}`);
    }
    return results.failed_checks.map(({ check_id: check, check_name: name, resource }) => ({
        check,
        text: `${resource}: ${check}, ${name}`,
    }));
}
