import { SingleBar } from "cli-progress";
import { formatBytes } from "../../common/format.ts";

/** Shows how far a transfer is. */
export interface Progress {
    /** @param bytes of the file that have been there and back */
    update(bytes: number): void;
    stop(): void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/** Where a bar can be drawn: a terminal with somebody in front of it. */
export function canDraw(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
    return stream.isTTY === true && !environment.CI && environment.TERM !== "dumb";
}

/**
 * A progress bar on stderr, without colours; nothing at all where it would only fill a log.
 * @param total size of the file in bytes; undefined if unknown: then the bytes are counted
 */
export function startProgress(total: number | undefined): Progress {
    if (!canDraw(process.stderr, process.env)) {
        return SILENT;
    }
    const started = performance.now();
    const rate = (bytes: number): string =>
        `${formatBytes((bytes * 1000) / (performance.now() - started + 1))}/s`;
    const bar = new SingleBar({
        stream: process.stderr,
        format:
            total === undefined
                ? "  {done} there and back  {rate}"
                : "  {bar} {percentage}%  {done} of {size}  {rate}",
        barCompleteChar: "#",
        barIncompleteChar: ".",
        barsize: 30,
        hideCursor: true,
        clearOnComplete: true,
        fps: 5,
        // Signals are handled elsewhere, and in one place only.
        gracefulExit: false,
    });
    const size = formatBytes(total ?? 0);
    bar.start(total ?? 1, 0, { done: formatBytes(0), size, rate: rate(0) });
    return {
        update: (bytes) =>
            bar.update(Math.min(bytes, total ?? 1), { done: formatBytes(bytes), rate: rate(bytes) }),
        stop: () => bar.stop(),
    };
}
