export type Settings = Record<string, string | number | boolean>;

/** A Java properties file: `key=value` lines, sorted by key so that a diff shows nothing but changes. */
export function propertiesFile(settings: Settings): string {
    return Object.keys(settings)
        .sort()
        .map((key) => `${key}=${settings[key]}\n`)
        .join("");
}
