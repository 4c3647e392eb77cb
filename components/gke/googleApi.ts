/** Errors of Google's API, for people. */
import * as pulumi from "@pulumi/pulumi";

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Whether Google knows nothing of the name that was asked for. */
export function isNotFound(error: unknown): boolean {
    return /\bnot found\b|\b404\b/i.test(messageOf(error));
}

/**
 * What Google's API said to a call that failed, in one line. Engine and provider put it behind words of their own, the
 * API has details in JSON after it.
 */
function apiMessage(error: unknown): string {
    const text = messageOf(error)
        .replace(/^[\s\S]*returned an error: (invoking \S+: )?/, "")
        .replace(/^\d+ errors? occurred:\s*\*\s*/, "")
        .replace(/\s+Details:\s*\[[\s\S]*$/, "");
    return text.replaceAll(/\s+/g, " ").trim();
}

/** What to do about an error of Google's API, by what it says. */
function hintFor(said: string, project: string): string {
    if (/could not find default credentials|invalid_grant|reauth/i.test(said)) {
        return "log in with gcloud auth application-default login";
    }
    const [service] = /\b[a-z]+\.googleapis\.com\b/.exec(said) ?? [];
    if (service !== undefined && /has not been used|is disabled|SERVICE_DISABLED/i.test(said)) {
        return `gcloud services enable ${service} --project ${project}`;
    }
    if (/\b403\b|permission/i.test(said)) {
        return `grant the account that runs this the missing permission in project ${project}; roles/viewer has all that a preview reads`;
    }
    return "run it again; if that does not help, check Google's status page";
}

/** The same as text, for a check that the program can go on without. */
export function apiErrorText(error: unknown, what: string, project: string): string {
    const said = apiMessage(error).replace(/\.$/, "");
    return `Google's API did not show ${what}: ${said}. Next: ${hintFor(said, project)}`;
}

/**
 * The error of a call of Google's API, in one line with the next step; Pulumi shows it without a stack trace.
 *
 * @param what what could not be read, such as `the GKE cluster unity`
 */
export function apiError(error: unknown, what: string, project: string): pulumi.RunError {
    return new pulumi.RunError(apiErrorText(error, what, project));
}
