/** Input that comes when somebody writes it: standard input and named pipes. */
import { open } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { unlessAborted } from "../../common/abort.ts";
import type { InputFile } from "./inputFile.ts";

/**
 * Opens a named pipe without waiting for its writer. Read as a file, a silent pipe would block a thread that nothing
 * but SIGKILL can end.
 */
export async function openPipe(name: string, flags: number): Promise<Readable> {
    const fd = await promisify(open)(name, flags);
    return new Socket({ fd, readable: true, writable: false });
}

/**
 * Waits for the first chunk of a stream.
 * @returns undefined when it ends without one
 * @throws the reason of `signal` once it aborts
 */
export async function inputStream(stream: Readable, signal: AbortSignal): Promise<InputFile | undefined> {
    const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
    let waiting = false;
    const next = async (): Promise<IteratorResult<Buffer, undefined>> => {
        waiting = true;
        const result = await chunks.next();
        waiting = false;
        return result;
    };
    const close = async (): Promise<void> => void stream.destroy();
    try {
        const first = await unlessAborted(next(), signal);
        if (first.done) {
            await close();
            return undefined;
        }
        return {
            size: undefined,
            async *chunks() {
                for (
                    let chunk: IteratorResult<Buffer, undefined> = first;
                    !chunk.done;
                    chunk = await next()
                ) {
                    yield chunk.value;
                }
            },
            isWaiting: () => waiting,
            close,
        };
    } catch (error) {
        await close();
        throw error;
    }
}
