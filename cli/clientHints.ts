import { stringify } from "yaml";
import { CLIENT_LABEL } from "../common/names.ts";
import { CLIENT_FOLDER } from "../kafka/client/clientFiles.ts";

/** User and group of the client, numbers that no host gives to anybody and no server has. */
const USER = 10_002;

export interface ClientHints {
    /** A command by tool; TOPIC stands for a topic. */
    readonly commands: Readonly<Record<string, string>>;
    /** Manifest of a pod that is allowed to connect, YAML. */
    readonly pod: string;
}

/**
 * How the usual tools connect with a client's files.
 * @param folder where the files are
 */
export function clientHints({
    folder,
    namespace,
    secret,
}: {
    readonly folder: string;
    readonly namespace: string;
    readonly secret: string;
}): ClientHints {
    const bootstrap = `--bootstrap-server "$(cat ${folder}/bootstrap.servers)"`;
    return {
        commands: {
            kcat: `kcat -F ${folder}/librdkafka.conf -L`,
            java: `kafka-console-consumer.sh ${bootstrap} --consumer.config ${folder}/client.properties --topic TOPIC`,
            kafkactl: `kafkactl --config-file ${folder}/kafkactl.yaml get topics`,
            node: `node -e 'const admin = new (require("kafkajs").Kafka)(require("${folder}/kafkajs.json")).admin(); admin.listTopics().then(console.log).finally(() => admin.disconnect())'`,
            python: `python3 -c 'from confluent_kafka.admin import AdminClient; print(AdminClient(dict(line.strip().split("=", 1) for line in open("${folder}/librdkafka.conf"))).list_topics().topics)'`,
        },
        pod: stringify({
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name: `${secret}-pod`, namespace, labels: { [CLIENT_LABEL]: "true" } },
            spec: {
                automountServiceAccountToken: false,
                securityContext: {
                    runAsNonRoot: true,
                    runAsUser: USER,
                    fsGroup: USER,
                    seccompProfile: { type: "RuntimeDefault" },
                },
                containers: [
                    {
                        name: "client",
                        image: "YOUR-IMAGE",
                        // The Secret is the same for pods in all zones, so the zone comes from the pod itself.
                        env: [
                            {
                                name: "CLIENT_RACK",
                                valueFrom: {
                                    fieldRef: { fieldPath: "metadata.labels['topology.kubernetes.io/zone']" },
                                },
                            },
                        ],
                        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
                        volumeMounts: [{ name: "kafka", mountPath: CLIENT_FOLDER, readOnly: true }],
                    },
                ],
                volumes: [{ name: "kafka", secret: { secretName: secret, defaultMode: 0o440 } }],
            },
        }),
    };
}
