/**
 * Leaves stack traces as Node.js writes them. Pulumi records one with every promise and translates each of its lines by
 * source maps, which took a fifth of a preview. Node.js runs this program as it is written: nothing is to be translated.
 */
export function keepStackTracesPlain(): void {
    Reflect.deleteProperty(Error, "prepareStackTrace");
}
