import { serverAddress, serverId, ZOOKEEPER } from "../../common/names.ts";
import type { ZookeeperConfig } from "../../config/schema/zookeeper.ts";
import { propertiesFile, type Settings } from "../servers/propertiesFile.ts";
import { storeSettings } from "../tls/stores.ts";

/** Where a server of the ensemble finds its certificate. */
export const ENSEMBLE_TLS = "/etc/tls/ensemble";
const STORES = ["keyStore", "trustStore"] as const;

/** zoo.cfg of every server of an ensemble. */
export function zooCfg(zookeeper: ZookeeperConfig, namespace: string): string {
    const { ports, tickTime } = zookeeper;
    const servers = Array.from({ length: zookeeper.servers }, (_, ordinal) => {
        const address = serverAddress(ZOOKEEPER.name, ordinal, ZOOKEEPER.nodes, namespace);
        return [`server.${serverId(ordinal)}`, `${address}:${ports.server}:${ports.election}`] as const;
    });
    const settings: Settings = {
        "4lw.commands.whitelist": zookeeper.commands.join(","),
        "admin.enableServer": zookeeper.adminServer,
        "autopurge.purgeInterval": zookeeper.autopurge.purgeInterval,
        "autopurge.snapRetainCount": zookeeper.autopurge.snapRetainCount,
        // Without encryption, from within the pod only: for four-letter words. A session here has no certificate, and is
        // closed when it asks for anything: see enforce.auth.
        clientPort: ports.commands,
        clientPortAddress: "127.0.0.1",
        dataDir: zookeeper.dataDir,
        dataLogDir: zookeeper.dataLogDir,
        // A server with an empty disk does not vote, unless the start script says that the ensemble is new.
        "db.autocreate": false,
        "enforce.auth.enabled": true,
        "enforce.auth.schemes": "x509",
        initLimit: zookeeper.initLimit,
        maxClientCnxns: zookeeper.maxClientCnxns,
        maxSessionTimeout: zookeeper.maxSessionTimeout ?? 20 * tickTime,
        minSessionTimeout: zookeeper.minSessionTimeout ?? 2 * tickTime,
        // A pod's own name may not resolve to its address when it starts.
        quorumListenOnAllIPs: true,
        "authProvider.x509": "org.apache.zookeeper.server.auth.X509AuthenticationProvider",
        secureClientPort: ports.client,
        serverCnxnFactory: "org.apache.zookeeper.server.NettyServerCnxnFactory",
        "ssl.clientAuth": "need",
        ...storeSettings("ssl", ENSEMBLE_TLS, STORES),
        // For both sides or none: a server that connects is seen by its pod's address, which no certificate can name. It
        // still needs one that the ensemble's CA has signed. See docs/security.md.
        "ssl.quorum.hostnameVerification": false,
        ...storeSettings("ssl.quorum", ENSEMBLE_TLS, STORES),
        sslQuorum: true,
        syncLimit: zookeeper.syncLimit,
        tickTime,
        ...Object.fromEntries(servers),
    };
    return propertiesFile(settings);
}
