import type { Admin } from "kafkajs";
import { TimeLimitError, withTimeLimit } from "../../common/abort.ts";

/**
 * kafkajs' admin client, connected when it is first used. One that does not answer in time is dropped with all its
 * connections and locks, and the next call gets a new one.
 */
export class AdminConnection {
    readonly #newAdmin: () => Admin;
    readonly #callLimit: number;
    #admin: Admin | undefined;
    #current: Promise<Admin> | undefined;

    /** @param callLimit longest that connecting, or one call, may take, in milliseconds */
    constructor(newAdmin: () => Admin, callLimit: number) {
        this.#newAdmin = newAdmin;
        this.#callLimit = callLimit;
    }

    /** @returns the admin client; each of its calls throws TimeLimitError when it takes too long */
    connected(): Promise<Admin> {
        this.#current ??= this.#connect();
        return this.#current;
    }

    async close(): Promise<void> {
        const admin = await this.#current?.catch(() => undefined);
        this.#current = undefined;
        await admin?.disconnect();
    }

    async #connect(): Promise<Admin> {
        const admin = this.#newAdmin();
        this.#admin = admin;
        await this.#limited(admin, admin.connect()).catch((error: unknown) => {
            this.#drop(admin);
            throw error;
        });
        return new Proxy(admin, {
            get: (target, name) => {
                const member: unknown = Reflect.get(target, name);
                if (typeof member !== "function") {
                    return member;
                }
                return (...args: unknown[]) => {
                    const result: unknown = member.apply(target, args);
                    return result instanceof Promise ? this.#limited(target, result) : result;
                };
            },
        });
    }

    async #limited<T>(admin: Admin, answer: Promise<T>): Promise<T> {
        try {
            return await withTimeLimit(answer, this.#callLimit);
        } catch (error) {
            if (error instanceof TimeLimitError) {
                this.#drop(admin);
            }
            throw error;
        }
    }

    #drop(admin: Admin): void {
        // Another call may have dropped it before.
        if (this.#admin === admin) {
            this.#current = undefined;
        }
        // May wait for ever itself.
        void admin.disconnect().catch(() => undefined);
    }
}
