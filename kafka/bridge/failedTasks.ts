/** Tasks of MirrorMaker that have failed, by what its workers write into topics of the Project's Kafka. */
import type { KafkaAdmin } from "../admin/admin.ts";

export interface FailedTask {
    /** What it carried, such as `rates-0`; empty where nobody knows any more. */
    readonly partitions: readonly string[];
    /** Such as `RecordTooLargeException: The request included …`. */
    readonly reason: string;
}

const TASK = /^status-task-(Mirror\w+Connector)-(\d+)$/;
/** A connector that has failed has no tasks at all, or those of before. */
const CONNECTOR = /^status-connector-Mirror\w+Connector$/;

/**
 * @param flow name of the flow in its topics, such as `inbound`
 * @throws when its topics cannot be read
 */
export async function readFailedTasks(
    admin: Pick<KafkaAdmin, "readTopic">,
    flow: string,
): Promise<FailedTask[]> {
    const [statuses, configs] = await Promise.all(
        ["status", "configs"].map(async (topic) =>
            latestByKey(await admin.readTopic(`mm2-${flow}-${topic}`)),
        ),
    );
    return failedTasks(statuses!, configs!);
}

type State = ReadonlyMap<string, unknown>;

function latestByKey(records: Awaited<ReturnType<KafkaAdmin["readTopic"]>>): State {
    // Without a value, what the key stands for has been deleted.
    return new Map(
        records.map(({ key, value }) => [key?.toString() ?? "", value && JSON.parse(value.toString())]),
    );
}

/** Exported for tests. */
export function failedTasks(statuses: State, configs: State): FailedTask[] {
    return [...statuses].flatMap(([key, status]): FailedTask[] => {
        const { state, trace } = (status ?? {}) as { state?: string; trace?: string };
        const [, connector, task] = TASK.exec(key) ?? [];
        if (state !== "FAILED" || (connector === undefined && !CONNECTOR.test(key))) {
            return [];
        }
        const reason = reasonIn(trace ?? "");
        if (connector === undefined) {
            return [{ partitions: [], reason }];
        }
        const { tasks = 0 } = (configs.get(`commit-${connector}`) ?? {}) as { tasks?: number };
        const { properties } = (configs.get(`task-${connector}-${task}`) ?? {}) as {
            properties?: Record<string, string>;
        };
        const partitions = properties?.["task.assigned.partitions"]?.split(",") ?? [];
        // One of more tasks than there are now is over.
        return Number(task) < tasks ? [{ partitions, reason }] : [];
    });
}

/** The innermost exception of a stack trace, without its package. */
function reasonIn(trace: string): string {
    const lines = trace.split("\n").filter((line) => line !== "" && !/^\s|^\.\.\./.test(line));
    const cause = lines.findLast((line) => line.startsWith("Caused by: ")) ?? lines[0] ?? "unknown";
    return cause.replace(/^Caused by: /, "").replace(/^(?:[a-z]\w*\.)+/, "");
}
