/** Region of a region or of a zone: `europe-west1` of `europe-west1-b`. */
export function regionOf(location: string): string {
    return /^[a-z]+-[a-z]+[0-9]+/.exec(location)?.[0] ?? location;
}
