/**
 * The versions of everything that is built here. Go modules are pinned with all they depend on in
 * `local/go/go.mod` and `go.sum` (a linter's in its folder below), npm packages in `package-lock.json`. This file has
 * the versions that their builds need as parameters, and all others.
 */
export const versions = {
    /** Toolchain that is fetched when the machine has no Go of this line or a later one. */
    go: "1.26.8",
    /** The CLI, as in `local/go/go.mod`. It reports this as its own version. */
    pulumi: "3.259.0",
    /** The Kubernetes provider, as in `local/go/go.mod`. */
    kubernetesProvider: "4.25.0",
    /** As `k8s.io/kubernetes` in `local/go/go.mod`. */
    kubernetes: "1.34.4",
    kafka: "3.9.2",
    /** Kafka 3.9 itself comes with 3.8.4, which has vulnerabilities that 3.8.6 and 3.8.7 fix. */
    zookeeper: "3.8.7",
    /** A later patch of the line that ZooKeeper requires. */
    netty: "4.1.140.Final",
    slf4jReload4j: "1.7.36",
    jmxExporter: "1.0.1",
    /** Line of the Java runtime inside the image. */
    java: 17,
} as const;

/** The image that Projects run on the embedded platform. */
export const kafkaImage = `unity.local/kafka:${versions.kafka}`;

/** The image that holds a pod's namespaces. */
export const pauseImage = "unity.local/pause:1";
