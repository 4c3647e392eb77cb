import assert from "node:assert/strict";
import type { KubeTarget } from "../../common/kubeTarget.ts";
import type { PodCas } from "../../common/names.ts";
import type { ServerCas } from "../../provider/handlers/caRotation.ts";
import { certificateOf } from "../../provider/handlers/certificate.ts";
import type { CertificateInputs } from "../../provider/resources/certificate.ts";
import { newCertificate, newRootCertificate } from "./fixtures.ts";

const FIRST: PodCas = { signedBy: "first", trusted: ["first"] };
/** After the first step of a CA rotation, after the second, and after the third. */
const BOTH: PodCas = { signedBy: "first", trusted: ["first", "second"] };
const SIGNS: PodCas = { signedBy: "second", trusted: ["second", "first"] };
const SECOND: PodCas = { signedBy: "second", trusted: ["second"] };

describe("a CA rotation", () => {
    let certificate: CertificateInputs;
    before(async () => {
        certificate = await newCertificate(await newRootCertificate());
    });

    /**
     * What a preview, and an `up`, says of a step.
     * @param before what the last config said
     * @param running the CAs of the brokers that run; undefined of one that does not tell them
     */
    async function errorOf(
        before: PodCas | undefined,
        after: PodCas,
        running: readonly (PodCas | undefined)[] | "not asked",
    ): Promise<string | undefined> {
        let asked = 0;
        const { check } = certificateOf(async (servers) => {
            assert.deepEqual(servers, certificate.servers);
            assert(running !== "not asked", "the servers are asked");
            asked++;
            return running.map((cas, ordinal): ServerCas => ({ server: `kafka-${ordinal}`, cas }));
        });
        const { failures } = await check(
            { ...certificate, ...after },
            before && { ...certificate, ...before },
        );
        assert.equal(asked, running === "not asked" ? 0 : 1);
        assert(failures.length <= 1);
        assert.equal(failures[0]?.property ?? "signedBy", "signedBy");
        return failures[0]?.reason;
    }

    it("goes through its three steps, each once every server has taken the one before", async () => {
        assert.equal(await errorOf(FIRST, BOTH, [FIRST, FIRST, FIRST]), undefined);
        assert.equal(await errorOf(BOTH, SIGNS, [BOTH, BOTH, BOTH]), undefined);
        assert.equal(await errorOf(SIGNS, SECOND, [SIGNS, SIGNS, SIGNS]), undefined);
    });

    it("is refused its second step until every server trusts the new CA, whatever the last config said", async () => {
        assert.equal(
            await errorOf(BOTH, SIGNS, [FIRST, FIRST, BOTH]),
            "kafka-0, kafka-1 trust only first, and would reject certificates of second. Set authorities to [first, second] and run up, then to [second, first]",
        );
        // Nor may it be skipped.
        assert.equal(
            await errorOf(FIRST, SIGNS, [FIRST]),
            "kafka-0 trusts only first, and would reject certificates of second. Set authorities to [first, second] and run up, then to [second, first]",
        );
        assert.match((await errorOf(FIRST, SECOND, [FIRST]))!, /^kafka-0 trusts only first, /);
    });

    it("is refused its last step while a server shows a certificate of the former CA", async () => {
        assert.equal(
            await errorOf(SIGNS, SECOND, [BOTH, SIGNS, SIGNS]),
            "kafka-0 shows a certificate of first, which servers that trust only second would reject. Set authorities to [second, first] and run up, then to [second]",
        );
        assert.match(
            (await errorOf(BOTH, SECOND, [BOTH, BOTH]))!,
            /^kafka-0, kafka-1 show a certificate of first/,
        );
    });

    it("may be taken back as far as servers have not gone on", async () => {
        assert.equal(await errorOf(BOTH, FIRST, [FIRST, BOTH]), undefined);
        assert.equal(await errorOf(SIGNS, BOTH, [BOTH, SIGNS]), undefined);
        assert.match((await errorOf(SIGNS, FIRST, [BOTH, SIGNS]))!, /^kafka-1 shows a certificate of second/);
    });

    it("is refused while a server does not tell its CAs, as one that an older version has started", async () => {
        assert.equal(
            await errorOf(BOTH, SIGNS, [BOTH, undefined]),
            "kafka-1 was started by an older version of this program, so it is not known which CAs it trusts. Set authorities to [first, second] and run up, then to [second, first]",
        );
    });

    it("asks no server where config keeps its CAs, or the Project is new", async () => {
        assert.equal(await errorOf(BOTH, BOTH, "not asked"), undefined);
        assert.equal(await errorOf(undefined, SIGNS, "not asked"), undefined);
    });

    it("takes any step where no server runs", async () => {
        assert.equal(await errorOf(FIRST, SECOND, []), undefined);
    });

    it("is refused where the servers cannot be asked, but for a cluster that does not exist yet", async () => {
        const { check } = certificateOf(() =>
            Promise.reject(new Error("the cluster does not answer. Start it")),
        );
        const step = { ...certificate, ...SIGNS };
        const { failures } = await check(step, { ...certificate, ...BOTH });
        assert.deepEqual(failures, [
            {
                property: "signedBy",
                reason: "it is not known which CAs the servers trust: the cluster does not answer. Start it",
            },
        ]);
        for (const cluster of [undefined, { context: "there", kubeconfig: undefined }]) {
            const unknown = { ...step, servers: { ...certificate.servers, cluster: cluster as KubeTarget } };
            assert.deepEqual((await check(unknown, { ...certificate, ...BOTH })).failures, []);
        }
    });
});
