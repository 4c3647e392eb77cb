interface Connection {
    close(): Promise<void>;
}

/** One connection per key, shared by all that use it at the same time and closed when it was unused for a while. */
export class ConnectionPool<Shared extends Connection> {
    readonly #idle: number;
    readonly #connections = new Map<string, Promise<Shared>>();
    readonly #users = new Map<string, number>();

    /** @param idle how long an unused connection is kept, in milliseconds */
    constructor(idle: number) {
        this.#idle = idle;
    }

    /**
     * Runs work that may connect several times, as a retry does.
     *
     * @param open opens the connection if there is none; one that cannot be opened is not kept
     */
    async use<T>(
        key: string,
        open: () => Promise<Shared>,
        work: (connect: () => Promise<Shared>) => Promise<T>,
    ): Promise<T> {
        this.#users.set(key, this.#usersOf(key) + 1);
        try {
            return await work(() => this.#connect(key, open));
        } finally {
            this.#users.set(key, this.#usersOf(key) - 1);
            setTimeout(() => void this.#closeIfUnused(key), this.#idle).unref();
        }
    }

    #connect(key: string, open: () => Promise<Shared>): Promise<Shared> {
        const known = this.#connections.get(key);
        if (known) {
            return known;
        }
        const opened = open();
        this.#connections.set(key, opened);
        opened.catch(() => this.#connections.delete(key));
        return opened;
    }

    async #closeIfUnused(key: string): Promise<void> {
        const connection = await this.#connections.get(key)?.catch(() => undefined);
        if (this.#usersOf(key) > 0) {
            return;
        }
        this.#connections.delete(key);
        await connection?.close().catch(() => undefined);
    }

    #usersOf(key: string): number {
        return this.#users.get(key) ?? 0;
    }
}
