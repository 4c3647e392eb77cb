import { versions } from "../versions.ts";

/** A program that is built from a Go module of `local/go`. */
export interface GoTool {
    /** Name of the executable. */
    readonly name: string;
    /** The module whose go.mod has its version and those of all it depends on. */
    readonly module: GoModule;
    /** Package to build: a path inside the module, or one that its go.mod requires. */
    readonly package: string;
    /** Variables set while linking, by their full name. */
    readonly variables: Readonly<Record<string, string>>;
    /** Build tags; default: none. */
    readonly tags?: string;
}

/** A folder with a go.mod. */
export interface GoModule {
    /** Path in `local/go`. */
    readonly folder: string;
    /** Required modules that are compiled with files of ours, from the folder `_patch`. */
    readonly patched: readonly string[];
}

/**
 * The module of what a start builds. Its programs have most of their packages in common: in one module these have one
 * version, and each is compiled once.
 */
const platform: GoModule = {
    folder: ".",
    patched: [
        "github.com/aws/aws-sdk-go-v2/service/s3",
        "github.com/pulumi/pulumi-kubernetes/provider/v4",
        "github.com/pulumi/pulumi/pkg/v3",
        "gocloud.dev",
        "gocloud.dev/secrets/hashivault",
        "k8s.io/client-go",
    ],
};

/** A module of one program. The versions that it has in common with the platform's are compiled once all the same. */
const own = (folder: string, patched: readonly string[] = []): GoModule => ({ folder, patched });

const [kubernetesMajor = "", kubernetesMinor = ""] = versions.kubernetes.split(".");

/** The programs that this repository builds from source. */
export const goTools = {
    pulumi: {
        name: "pulumi",
        module: platform,
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": versions.pulumi },
        // Google's client of Cloud Storage without a way to it over gRPC, which Pulumi does not use.
        tags: "disable_grpc_modules",
    },
    pulumiLanguageNodejs: {
        name: "pulumi-language-nodejs",
        // An older release than the CLI, and not to be compiled with the CLI's libraries.
        module: own("pulumi-language-nodejs"),
        package: "github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3",
        variables: {},
    },
    pulumiResourceKubernetes: {
        name: "pulumi-resource-kubernetes",
        module: platform,
        package: "./pulumi-resource-kubernetes",
        variables: {
            "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version":
                versions.kubernetesProvider,
        },
    },
    kube: {
        name: "kube",
        module: platform,
        package: "./kube",
        variables: {
            "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
            "k8s.io/component-base/version.gitMajor": kubernetesMajor,
            "k8s.io/component-base/version.gitMinor": kubernetesMinor,
        },
    },
    actionlint: {
        name: "actionlint",
        module: own("actionlint"),
        package: "github.com/rhysd/actionlint/cmd/actionlint",
        variables: {},
    },
    kubeconform: {
        name: "kubeconform",
        module: own("kubeconform"),
        package: "github.com/yannh/kubeconform/cmd/kubeconform",
        variables: {},
    },
    kubeScore: {
        name: "kube-score",
        module: own("kube-score", ["github.com/zegl/kube-score"]),
        package: "github.com/zegl/kube-score/cmd/kube-score",
        variables: {},
    },
    promtool: {
        name: "promtool",
        module: own("promtool", ["github.com/prometheus/prometheus", "github.com/prometheus/sigv4"]),
        package: "github.com/prometheus/prometheus/cmd/promtool",
        variables: {},
        // Without service discovery for every cloud, which is not used here.
        tags: "remove_all_sd",
    },
} as const satisfies Record<string, GoTool>;
