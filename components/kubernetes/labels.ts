import { COMPONENT_LABEL, INSTANCE_LABELS, PROJECT_LABEL } from "../../common/names.ts";

/**
 * Labels of an object of a Project. Pods do not get that of the Project: a new label would roll them.
 *
 * @param workload name of the StatefulSet or Deployment that the object belongs to, if it does
 */
export function projectLabels(project: string, workload?: string): Record<string, string> {
    return {
        ...INSTANCE_LABELS,
        ...(workload !== undefined && { [COMPONENT_LABEL]: workload }),
        [PROJECT_LABEL]: project,
    };
}
