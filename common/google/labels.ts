/** Labels of resources in Google Cloud. */

/** Of Google's own. */
const RESERVED = /^goog/;

/**
 * The labels that Google accepts, or undefined for none. Source: Resource Manager's documentation, "Requirements for
 * labels": keys and values of up to 63 lower-case letters, digits, underscores and dashes, a key beginning with a letter.
 */
export function googleLabels(labels: Readonly<Record<string, string>>): Record<string, string> | undefined {
    const accepted = Object.entries(labels).filter(
        ([key, value]) =>
            /^[a-z][a-z0-9_-]{0,62}$/.test(key) && !RESERVED.test(key) && /^[a-z0-9_-]{0,63}$/.test(value),
    );
    return accepted.length > 0 ? Object.fromEntries(accepted) : undefined;
}
