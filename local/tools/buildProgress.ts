const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Least time between two reports, in milliseconds: each is a line where the output is a log. */
const INTERVAL = 30 * SECOND;

/** Packages that a build compiles at most: fewer where some are in Go's cache. */
export interface Build {
    readonly name: string;
    readonly packages: number;
}

/**
 * Tells how many modules are being downloaded for the builds: a line at the start, and one every 30 seconds. Go says
 * which it lacks only as it comes to them, so there is no total.
 *
 * @param names the tools
 * @returns to be called for each module
 */
export function downloadProgress(
    names: readonly string[],
    report: (text: string) => void,
    now = Date.now,
): () => void {
    const text = `downloading the sources of ${names.join(", ")}`;
    let [modules, reported] = [0, now()];
    report(text);
    return () => {
        modules++;
        if (now() - reported >= INTERVAL) {
            reported = now();
            report(`${text}: module ${modules}`);
        }
    };
}

/** Tells how far a number of builds is, and about how long the rest will take. */
export class BuildProgress {
    readonly #builds: readonly Build[];
    readonly #report: (text: string) => void;
    readonly #now: () => number;
    readonly #begun: number;
    #current = 0;
    #compiled = 0;
    #reported = 0;

    /**
     * @param report told a line at the start of each build, and every 30 seconds
     * @param now the time in milliseconds
     */
    constructor(builds: readonly Build[], report: (text: string) => void, now = Date.now) {
        [this.#builds, this.#report, this.#now, this.#begun] = [builds, report, now, now()];
    }

    /** The next build begins. */
    begin(name: string): void {
        this.#current = this.#builds.findIndex((build) => build.name === name);
        this.#compiled = 0;
        this.#tell();
    }

    /** One more package is being compiled. */
    compiling(): void {
        this.#compiled++;
        if (this.#now() - this.#reported >= INTERVAL) {
            this.#tell();
        }
    }

    #tell(): void {
        this.#reported = this.#now();
        const { name, packages } = this.#builds[this.#current]!;
        const compiled = Math.min(this.#compiled, packages);
        const before = sum(this.#builds.slice(0, this.#current));
        const done = before + compiled;
        const left = sum(this.#builds) - done;
        const elapsed = this.#reported - this.#begun;
        // The first packages are no measure: they are downloaded, or in Go's cache.
        const estimate = elapsed >= MINUTE ? `, about ${minutes((elapsed / done) * left)} left in all` : "";
        const tool = `${name} from source (${this.#current + 1} of ${this.#builds.length})`;
        this.#report(`building ${tool}: ${compiled} of ${packages} packages${estimate}`);
    }
}

const sum = (builds: readonly Build[]) => builds.reduce((total, { packages }) => total + packages, 0);

const minutes = (milliseconds: number) => `${Math.max(1, Math.round(milliseconds / MINUTE))} min`;
