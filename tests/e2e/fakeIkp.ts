/** A fake IKP: one Kafka process on loopback, with TLS, users, passwords and ACLs, from the jars of the image. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Admin, Kafka, logLevel, type Message } from "kafkajs";
import { run } from "../../local/exec.ts";
import { javaHome } from "../../local/image/rootfs.ts";
import { newCertificate, newRootCertificate } from "../provider/fixtures.ts";

export const USER = { username: "unity", password: "unity-password" } as const;
const ADMIN = { username: "admin", password: "admin-password" } as const;

export class FakeIkp {
    /** host:port of the listener with TLS and login. */
    readonly server: string;
    /** Certificate of the CA that signed its own, PEM. */
    readonly ca: string;
    /** The image's java, and the class path of its Kafka. */
    readonly java: string;
    readonly libs: string;
    readonly #folder: string;
    readonly #broker: ChildProcess;

    private constructor(server: string, ca: string, folder: string, broker: ChildProcess) {
        this.server = server;
        this.ca = ca;
        this.java = javaIn(folder);
        this.libs = libsIn(folder);
        this.#folder = folder;
        this.#broker = broker;
    }

    /** @param image archive of the Kafka image */
    static async start(image: string): Promise<FakeIkp> {
        const folder = mkdtempSync(join(tmpdir(), "unity-ikp-"));
        await unpack(image, folder);
        const signer = await newRootCertificate({ commonName: "IKP" });
        const pair = await newCertificate(signer, { commonName: "ikp", dnsNames: ["localhost"] });
        writeFileSync(join(folder, "keystore.pem"), pair.privateKey + pair.certificate);
        const [port, inner, controller] = await freePorts(3);
        const file = join(folder, "server.properties");
        writeFileSync(file, properties(folder, port!, inner!, controller!));
        const [java, libs] = [javaIn(folder), libsIn(folder)];
        const scram = `SCRAM-SHA-512=[name=${USER.username},password=${USER.password}]`;
        const format = ["format", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c", file, "--add-scram", scram];
        await run([java, "-Xmx128m", "-cp", libs, "kafka.tools.StorageTool", ...format]);
        const flags = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
        const broker = spawn(java, [...flags, "-cp", libs, "kafka.Kafka", file], { stdio: "ignore" });
        const ikp = new FakeIkp(`localhost:${port}`, signer.certificate, folder, broker);
        try {
            await ikp.#untilUp();
        } catch (error) {
            ikp.stop();
            throw error;
        }
        return ikp;
    }

    /** Does something as one who may do everything. */
    asAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
        return using(this.#kafka().admin(), work);
    }

    async produce(topic: string, messages: Message[]): Promise<void> {
        await using(this.#kafka().producer(), (producer) => producer.send({ topic, messages }));
    }

    #kafka(): Kafka {
        return new Kafka({
            brokers: [this.server],
            ssl: { ca: this.ca },
            sasl: { mechanism: "plain", ...ADMIN },
            logLevel: logLevel.NOTHING,
            retry: { retries: 2 },
        });
    }

    stop(): void {
        this.#broker.kill("SIGKILL");
        rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    }

    async #untilUp(): Promise<void> {
        for (let tries = 0; ; tries++) {
            try {
                await this.asAdmin((admin) => admin.listTopics());
                return;
            } catch (error) {
                if (tries >= 60 || this.#broker.exitCode !== null) {
                    throw error;
                }
                await sleep(500);
            }
        }
    }
}

const javaIn = (folder: string) => join(folder, javaHome, "bin/java");
const libsIn = (folder: string) => `${folder}/opt/kafka/libs/*`;

async function using<Client extends { connect(): Promise<void>; disconnect(): Promise<void> }, T>(
    client: Client,
    work: (client: Client) => Promise<T>,
): Promise<T> {
    try {
        await client.connect();
        return await work(client);
    } finally {
        await client.disconnect();
    }
}

async function unpack(image: string, folder: string): Promise<void> {
    const layers = join(folder, "image");
    mkdirSync(layers);
    await run(["tar", "--extract", "--file", image, "--directory", layers]);
    const layer = join(layers, "layer.tar");
    if (!existsSync(layer)) {
        throw new Error(`${image} has no layer.tar`);
    }
    await run(["tar", "--extract", "--file", layer, "--directory", folder, "./opt", "./usr/lib/jvm"]);
    rmSync(layers, { recursive: true });
}

/** Ports of loopback that nobody has just now. */
export async function freePorts(count: number): Promise<number[]> {
    const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
    await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
    const ports = servers.map((server) => (server.address() as { port: number }).port);
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    return ports;
}

function properties(folder: string, port: number, inner: number, controller: number): string {
    const plain = "org.apache.kafka.common.security.plain.PlainLoginModule required";
    const scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
    return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:${controller}
controller.listener.names=CONTROLLER
listeners=CLIENTS://localhost:${port},INNER://localhost:${inner},CONTROLLER://localhost:${controller}
advertised.listeners=CLIENTS://localhost:${port},INNER://localhost:${inner}
listener.security.protocol.map=CLIENTS:SASL_SSL,INNER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=INNER
log.dirs=${join(folder, "data")}
ssl.keystore.type=PEM
ssl.keystore.location=${join(folder, "keystore.pem")}
listener.name.clients.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.clients.plain.sasl.jaas.config=${plain} user_${ADMIN.username}="${ADMIN.password}";
listener.name.clients.scram-sha-512.sasl.jaas.config=${scram}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:${ADMIN.username};User:ANONYMOUS
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
auto.create.topics.enable=false
`;
}
