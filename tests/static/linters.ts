/** Third-party linters of Kubernetes manifests, each run once over all files, with its findings as plain sentences. */
import { execFile } from "node:child_process";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { logDir } from "../../common/paths.ts";
import { build } from "../../local/tools/build.ts";
import { goTools } from "../../local/tools/goTools.ts";
import { versions } from "../../local/versions.ts";
import { pythonWithCheckov } from "./checkov.ts";
import { SCHEMA_FILE } from "./kubernetesSchemas.ts";

/** What a linter objects to. */
export interface Finding {
    /** Name of the file, without its folder. */
    readonly file: string;
    /** As a waiver names it: the summary of kube-score, the number of checkov. */
    readonly check: string;
    /** The object, and the linter's message. */
    readonly text: string;
}

const log = join(logDir, "tools.log");

/**
 * Standard output of a linter. It exits with 1 when it has findings, which is no failure here.
 *
 * @throws Error with its whole output when it exits with any other code
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
    readonly file_name: string;
    readonly object_name: string;
    readonly checks: readonly {
        readonly grade: number;
        readonly skipped: boolean;
        readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
    }[];
}

/** kube-score's grade of what is critical; a warning is 5 and a pass 10. */
const CRITICAL = 1;

/** What kube-score finds critical. It matches selectors across files, so their namespaces must differ. */
export async function kubeScore(files: readonly string[]): Promise<readonly Finding[]> {
    const version = `v${versions.kubernetes.split(".").slice(0, 2).join(".")}`;
    const args = ["score", "--kubernetes-version", version, "--output-format", "json", ...files];
    const scored = JSON.parse(await output(await build(goTools.kubeScore, log), args)) as readonly Scored[];
    return scored.flatMap(({ file_name, object_name: object, checks }) =>
        checks
            .filter(({ grade, skipped }) => grade === CRITICAL && !skipped)
            .flatMap(({ comments }) => comments ?? [])
            .map(({ path, summary }) => ({
                file: basename(file_name),
                check: summary,
                text: `${object} ${path}: ${summary}`,
            })),
    );
}

/**
 * What kubeconform finds by the schemas in a folder, and the number of objects that are valid.
 *
 * @param skipped kinds without a schema there
 */
export async function kubeconform(
    files: readonly string[],
    schemas: string,
    skipped: readonly string[],
): Promise<{ readonly valid: number; readonly findings: readonly Finding[] }> {
    const location = join(schemas, SCHEMA_FILE);
    const args = ["-strict", "-summary", "-output", "json", "-schema-location", location];
    const { resources, summary } = JSON.parse(
        await output(await build(goTools.kubeconform, log), [...args, "-skip", skipped.join(), ...files]),
    ) as {
        resources:
            | readonly { filename: string; kind: string; name: string; status: string; msg: string }[]
            | null;
        summary: { valid: number };
    };
    return {
        valid: summary.valid,
        findings: (resources ?? []).map(({ filename, kind, name, status, msg }) => ({
            file: basename(filename),
            check: status,
            text: `${kind}/${name}: ${msg}`,
        })),
    };
}

interface Check {
    readonly check_id: string;
    readonly check_name: string;
    readonly resource: string;
    readonly file_path: string;
}

interface Report {
    readonly summary: { readonly parsing_errors: number };
    readonly results: { readonly passed_checks: readonly Check[]; readonly failed_checks: readonly Check[] };
}

/**
 * What checkov finds.
 *
 * @throws Error when it could not read a file, which it would skip in silence
 */
export async function checkov(files: readonly string[]): Promise<readonly Finding[]> {
    const args = ["-m", "checkov.main", "--framework", "kubernetes", "--skip-download", "--output", "json"];
    const python = await pythonWithCheckov(log);
    const { summary, results } = JSON.parse(await output(python, [...args, "--file", ...files])) as Report;
    const read = new Set(results.passed_checks.map(({ file_path }) => basename(file_path)));
    const skipped = files.filter((file) => !read.has(basename(file)));
    if (skipped.length > 0 || summary.parsing_errors > 0) {
        throw new Error(`checkov could not read ${skipped.join(", ")}: ${JSON.stringify(summary)}`);
    }
    return results.failed_checks.map(({ file_path, check_id: check, check_name: name, resource }) => ({
        file: basename(file_path),
        check,
        text: `${resource}: ${check}, ${name}`,
    }));
}
