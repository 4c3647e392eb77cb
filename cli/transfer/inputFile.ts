import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { exitCode, UnityError } from "../errors.ts";
import { inputStream, openPipe } from "./inputStream.ts";

/** The file name that means standard input. */
const STANDARD_INPUT = "-";

const CHUNK_BYTES = 256 * 1024;

/** A file that is there, can be read and has something in it. */
export interface InputFile {
    /** Its size in bytes when it was opened; undefined for a pipe. */
    readonly size: number | undefined;
    /** Its content, once. */
    chunks(): AsyncIterable<Buffer>;
    /** Whether it is a pipe from which more has been asked for than has been written to it. */
    isWaiting(): boolean;
    close(): Promise<void>;
}

/**
 * @param name a file, a named pipe, or `-` for standard input
 * @param signal ends the wait for the first bytes of a pipe
 * @throws UnityError when there is nothing to send; the reason of `signal`
 */
export async function openInputFile(name: string, signal: AbortSignal): Promise<InputFile> {
    const isStandardInput = name === STANDARD_INPUT;
    if (isStandardInput || (await explained(name, () => stat(name))).isFIFO()) {
        // O_NONBLOCK: to open it must not wait for a writer either.
        const flags = constants.O_RDONLY | constants.O_NONBLOCK;
        const stream = isStandardInput ? process.stdin : await explained(name, () => openPipe(name, flags));
        return (await inputStream(stream, signal)) ?? throwEmpty(isStandardInput ? "Standard input" : name);
    }
    return openFile(name);
}

function throwEmpty(name: string): never {
    throw new UnityError(`${name} is empty`, "Give a file with at least one line", exitCode.usage);
}

async function openFile(name: string): Promise<InputFile> {
    const handle = await explained(name, () => open(name, constants.O_RDONLY));
    try {
        const stats = await handle.stat();
        if (stats.isDirectory()) {
            throw new UnityError(`${name} is a folder`, "Give the name of a file", exitCode.usage);
        }
        // What only looks empty (files in /proc) shows it when it is read.
        const first = await readChunk(handle, name);
        if (first.length === 0) {
            throwEmpty(name);
        }
        return {
            size: stats.isFile() && stats.size > 0 ? stats.size : undefined,
            chunks: () => chunksFrom(handle, name, first),
            isWaiting: () => false,
            close: () => handle.close(),
        };
    } catch (error) {
        await handle.close();
        throw error;
    }
}

/** Opens something, or says in one sentence why it cannot be opened. */
async function explained<T>(name: string, opening: () => Promise<T>): Promise<T> {
    try {
        return await opening();
    } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        switch (code) {
            case "ENOENT":
            case "ENOTDIR":
                throw new UnityError(`${name} does not exist`, "Check the name", exitCode.usage, error);
            case "EACCES":
            case "EPERM":
                throw new UnityError(
                    `${name} cannot be read: permission denied`,
                    "Check its permissions",
                    exitCode.usage,
                    error,
                );
            default:
                throw new UnityError(
                    `${name} cannot be opened: ${message}`,
                    "Give another file",
                    exitCode.usage,
                    error,
                );
        }
    }
}

async function readChunk(handle: FileHandle, name: string): Promise<Buffer> {
    // A buffer of its own per chunk: records on their way share its memory.
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    try {
        const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, null);
        return buffer.subarray(0, bytesRead);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EISDIR") {
            throw new UnityError(`${name} is a folder`, "Give the name of a file", exitCode.usage, error);
        }
        const message = `${name} cannot be read: ${(error as Error).message}`;
        throw new UnityError(message, "Check the disk that it is on", exitCode.failed, error);
    }
}

async function* chunksFrom(
    handle: FileHandle,
    name: string,
    first: Buffer,
): AsyncGenerator<Buffer, void, undefined> {
    for (let chunk = first; chunk.length > 0; chunk = await readChunk(handle, name)) {
        yield chunk;
    }
}
