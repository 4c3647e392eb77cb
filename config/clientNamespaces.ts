/** Checks of the namespaces in which the pods of components run, across all Projects. */
import type { ConfigIssue } from "../common/configIssue.ts";
import { isReservedNamespace } from "../common/google/namespaces.ts";
import { clientNamespaceOf, SECRETS } from "../common/names.ts";
import { duplicates } from "./errors.ts";
import { blocksOf, type Raw } from "./raw.ts";
import { componentSchema } from "./schema/components.ts";
import { DNS_NAME } from "./schema/fields.ts";

/** A Project with the namespace of its servers. */
interface Owner {
    readonly name: string;
    readonly namespace: string;
}

/** A namespace of a component. */
interface Use {
    /** Where it stands in the stack file, or would stand instead of the default. */
    readonly path: string;
    readonly namespace: string;
    readonly isDefault: boolean;
    /** Path of the component. */
    readonly component: string;
    readonly name: string;
    readonly project: string;
}

/** Errors of all components' namespaces: each Project keeps its own to itself, and no Secret is that of two components. */
export function clientNamespaceIssues(raw: Raw): ConfigIssue[] {
    const prefix = typeof raw.namespacePrefix === "string" ? raw.namespacePrefix : "";
    const projects = blocksOf(raw.projects).flatMap(([i, project]) =>
        typeof project.name === "string" && DNS_NAME.test(project.name)
            ? [{ path: `projects[${i}]`, project, name: project.name, namespace: prefix + project.name }]
            : [],
    );
    const uses = projects.flatMap(({ path, project, ...owner }) => usesOf(project, owner, path));
    return [
        ...uses.flatMap((use) => {
            const message = useError(use, projects);
            return message === undefined ? [] : [{ path: use.path, message }];
        }),
        ...repeatedIssues(uses),
        ...projects.flatMap((project) => limitIssues(project, uses)),
        ...sharedSecretIssues(uses),
    ];
}

function usesOf(project: Raw, { name: owner, namespace: servers }: Owner, path: string): Use[] {
    return blocksOf(project.components).flatMap(([j, entry]): Use[] => {
        const { data } = componentSchema.pick({ name: true, namespace: true }).safeParse({
            name: entry.name,
            namespace: entry.namespace,
        });
        if (data === undefined) {
            return []; // an error of the schema
        }
        const component = `${path}.components[${j}]`;
        const of = { component, name: data.name, project: owner };
        const at = `${component}.namespace`;
        const { namespace } = data;
        if (namespace === undefined) {
            return [{ ...of, path: at, namespace: clientNamespaceOf(servers), isDefault: true }];
        }
        return typeof namespace === "string"
            ? [{ ...of, path: at, namespace, isDefault: false }]
            : namespace.map((each, k) => ({
                  ...of,
                  path: `${at}[${k}]`,
                  namespace: each,
                  isDefault: false,
              }));
    });
}

/** Why a component's pods cannot be in this namespace, or undefined where they can. */
function useError({ namespace, isDefault, project }: Use, projects: readonly Owner[]): string | undefined {
    const subject = isDefault ? `its default ${namespace}` : namespace;
    if (!DNS_NAME.test(namespace)) {
        return `${subject} is longer than 63 characters; name a namespace`;
    }
    if (isReservedNamespace(namespace)) {
        return `${subject} belongs to Kubernetes or Google; name another`;
    }
    const others = projects.filter(({ name }) => name !== project);
    const servers = others.find((other) => other.namespace === namespace);
    if (servers !== undefined) {
        return `${subject} is the namespace of the servers of Project ${servers.name}; name another`;
    }
    const creator = others.find((other) => clientNamespaceOf(other.namespace) === namespace);
    return creator === undefined
        ? undefined
        : `${subject} is created for the components of Project ${creator.name}, and deleted with it; name one that belongs to neither`;
}

/** Limits of a namespace that nothing creates. */
function limitIssues(
    { path, project, name, namespace }: Owner & { path: string; project: Raw },
    uses: readonly Use[],
) {
    const created = clientNamespaceOf(namespace);
    const isUsed = uses.some((use) => use.project === name && use.namespace === created);
    return ["resourceQuota", "limitRange"].flatMap((key): ConfigIssue[] =>
        project[key] === undefined || isUsed
            ? []
            : [
                  {
                      path: `${path}.${key}`,
                      message: `is for ${created}, which is created for components that name no other namespace, and there are none; remove it`,
                  },
              ],
    );
}

function repeatedIssues(uses: readonly Use[]): ConfigIssue[] {
    return [...Map.groupBy(uses, ({ component }) => component).values()].flatMap((own) =>
        duplicates(own.map(({ namespace }) => namespace)).map(({ index, message }) => ({
            path: own[index]!.path,
            message,
        })),
    );
}

/** Components of two Projects whose Secrets would be the same object. */
function sharedSecretIssues(uses: readonly Use[]): ConfigIssue[] {
    return uses.flatMap((use, i): ConfigIssue[] => {
        const first = uses.findIndex(
            ({ name, namespace, project }) =>
                name === use.name && namespace === use.namespace && project !== use.project,
        );
        if (first === -1 || first > i) {
            return [];
        }
        const { component, project } = uses[first]!;
        const message = `Secret ${SECRETS.component(use.name)} in ${use.namespace} is already that of ${component} (Project ${project}); rename one of the components, or name another namespace`;
        return [{ path: use.path, message }];
    });
}
