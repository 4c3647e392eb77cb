import { stringify } from "yaml";
import type { Kubernetes } from "../e2e/cluster.ts";
import { BRING_UP_TIMEOUT, sharedPlatform } from "../e2e/environment.ts";
import { type RandomServers, randomServers } from "./randomServers.ts";
import { assertHealthy, configOf, ScenarioStack } from "./stack.ts";

const STACK = "random";
const FILES = 20;
/** The first servers are a Project red's, the second a Project blue's, and so on. */
const NAMES = ["red", "blue"];
/** Projects that run at the same time. */
const TOGETHER = NAMES.length;
const configFor = (servers: readonly RandomServers[]) =>
    configOf(
        STACK,
        servers.map(({ kafka, zookeeper }, i) => ({ name: NAMES[i]!, kafka, zookeeper })),
    );

describe("servers with random settings", function () {
    this.timeout("10m");
    const seed = Date.now() % 2 ** 31;
    const stack = new ScenarioStack(STACK);
    let k: Kubernetes;
    let samples: RandomServers[];
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        samples = randomServers(FILES, seed, (servers) => configFor([servers]));
        k = await sharedPlatform();
        await stack.create();
    });
    after(() => stack.remove());

    for (let i = 0; i < FILES; i += TOGETHER) {
        it(`start and take a file: ${i + 1} to ${i + TOGETHER} of the seed ${seed}`, async () => {
            const some = samples.slice(i, i + TOGETHER);
            console.log(stringify(some).replaceAll(/^/gm, "        "));
            const config = configFor(some);
            await stack.up(config);
            for (const { name } of config.projects) {
                await assertHealthy(k, `${STACK}-${name as string}`);
            }
            await stack.pulumi(["preview", "--expect-no-changes"], config);
            await stack.empty(config);
        });
    }
});
