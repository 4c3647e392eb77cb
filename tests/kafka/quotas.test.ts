import assert from "node:assert/strict";
import { alterQuotas, describeQuotas } from "../../kafka/admin/quotas.ts";
import { answer, sent, text } from "./wire.ts";

const RATE = text("producer_byte_rate");

describe("quotas, on the wire", () => {
    it("are asked for of one user exactly", () => {
        // One component: type, exact match, name; and nothing but it.
        assert.equal(sent(describeQuotas("loader")), `00000001${text("user")}00${text("loader")}01`);
    });

    it("are read by name", () => {
        const entity = `00000001 ${text("user")} ${text("loader")}`;
        const values = `00000001 ${RATE} 412e848000000000`;
        const found = describeQuotas("loader").decode(
            answer(`00000000 0000 ffff 00000001 ${entity} ${values}`),
        );
        assert.deepEqual(found, { producer_byte_rate: 1_000_000 });
    });

    it("are set, and those that are no longer wanted are removed", () => {
        const request = alterQuotas("loader", {
            producer_byte_rate: 1_000_000,
            request_percentage: undefined,
        });
        const changes = `00000002${RATE}412e84800000000000${text("request_percentage")}000000000000000001`;
        assert.equal(sent(request), `0000000100000001${text("user")}${text("loader")}${changes}00`);
    });

    it("that Kafka refuses are an error with its words", () => {
        const refusal = `00000000 00000001 001f ${text("not you")} 00000001 ${text("user")} ${text("loader")}`;
        assert.throws(() => alterQuotas("loader", {}).decode(answer(refusal)), /not you/);
    });
});
