import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionPool } from "../../provider/connectionPool.ts";

const IDLE = 20;

class FakeConnection {
    closed = false;
    async close(): Promise<void> {
        this.closed = true;
    }
}

function opener() {
    const opened: FakeConnection[] = [];
    const open = async () => {
        await sleep(1);
        const connection = new FakeConnection();
        opened.push(connection);
        return connection;
    };
    return { opened, open };
}

describe("the connection pool of the provider", () => {
    it("all that use a Project's Kafka at the same time share one connection", async () => {
        const pool = new ConnectionPool<FakeConnection>(IDLE);
        const { opened, open } = opener();
        const got = await Promise.all([1, 2, 3].map(() => pool.use("demo", open, (connect) => connect())));
        assert.equal(opened.length, 1);
        assert.deepEqual(new Set(got), new Set(opened));
    });

    it("each Project has a connection of its own", async () => {
        const pool = new ConnectionPool<FakeConnection>(IDLE);
        const { opened, open } = opener();
        await Promise.all(["demo", "billing"].map((key) => pool.use(key, open, (connect) => connect())));
        assert.equal(opened.length, 2);
    });

    it("a connection is closed after it was unused for a while, and the next use opens another one", async () => {
        const pool = new ConnectionPool<FakeConnection>(IDLE);
        const { opened, open } = opener();
        await pool.use("demo", open, (connect) => connect());
        assert.equal(opened[0]!.closed, false, "it is kept for the next use");
        await sleep(4 * IDLE);
        assert.equal(opened[0]!.closed, true);
        await pool.use("demo", open, (connect) => connect());
        assert.equal(opened.length, 2);
    });

    it("a connection in use is not closed when another use of it ends", async () => {
        const pool = new ConnectionPool<FakeConnection>(IDLE);
        const { opened, open } = opener();
        await pool.use("demo", open, async (connect) => {
            await connect();
            await pool.use("demo", open, (inner) => inner());
            await sleep(4 * IDLE);
            assert.equal(opened[0]!.closed, false);
        });
    });

    it("a connection that cannot be opened is not kept: the next attempt opens another one", async () => {
        const pool = new ConnectionPool<FakeConnection>(IDLE);
        const { opened, open } = opener();
        let attempts = 0;
        const failsOnce = () => (attempts++ === 0 ? Promise.reject(new Error("broker is down")) : open());
        await pool.use("demo", failsOnce, async (connect) => {
            await assert.rejects(connect(), /broker is down/);
            assert.equal(await connect(), opened[0]);
        });
    });
});
