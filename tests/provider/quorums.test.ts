import assert from "node:assert/strict";
import {
    nextPosition,
    type Position,
    positionIn,
    positionOf,
    SERVER_LISTS,
    type ServerList,
    withServerList,
} from "../../provider/actions/ensemble/quorums.ts";

const MOST = 5;
const LISTS: readonly ServerList[] = SERVER_LISTS;
const POSITIONS = LISTS.map((_, position) => position);
const SMALL = positionOf(3)!;
const LARGE = positionOf(5)!;

/** Sets of servers are numbers: bit 0 is server 1. */
type Servers = number;
const SETS: readonly Servers[] = Array.from({ length: 2 ** MOST }, (_, set) => set);
const ordinalsOf = (set: Servers) => Array.from({ length: MOST }, (_, i) => i).filter((i) => set & (1 << i));
const members = (position: Position): Servers => 2 ** LISTS[position]!.servers - 1;

/** Whether a set of servers is a majority by a list, as ZooKeeper counts (`QuorumMaj`, `QuorumHierarchical`). */
function isMajority(set: Servers, position: Position): boolean {
    const { servers, weights = Array<number>(servers).fill(1) } = LISTS[position]!;
    const sum = (ordinals: readonly number[]) =>
        ordinals.reduce((all, ordinal) => all + (weights[ordinal] ?? 0), 0);
    return sum(ordinalsOf(set & members(position))) > Math.floor(sum(ordinalsOf(members(position))) / 2);
}

const MAJORITIES = POSITIONS.map((position) => SETS.filter((set) => isMajority(set, position)));

/** Whether each of two lists has a majority that shares no server with that of the other. */
const mayBothElect = (one: Position, other: Position) =>
    MAJORITIES[one]!.some((set) => MAJORITIES[other]!.some((rest) => (set & rest) === 0));

/**
 * Whether two servers can be leaders at the same time.
 *
 * @param lists those of the servers that exist, by ordinal. A server follows only a leader that is in its own list, and a
 * leader counts only followers that are in its own.
 */
function twoLeaders(lists: readonly (Position | undefined)[]): boolean {
    const followersOf = (leader: number, position: Position) =>
        lists.reduce<Servers>(
            (set, list, i) => (list !== undefined && members(list) & (1 << leader) ? set | (1 << i) : set),
            0,
        ) & members(position);
    const quorums = lists.flatMap((position, leader) => {
        if (position === undefined) {
            return [];
        }
        const possible = followersOf(leader, position);
        return MAJORITIES[position]!.filter((set) => set & (1 << leader) && (set & ~possible) === 0);
    });
    return quorums.some((set) => quorums.some((rest) => (set & rest) === 0));
}

describe("the lists of servers between an ensemble of 3 and one of 5", () => {
    it("are four, each of which shares a server with every majority of the next", () => {
        assert.deepEqual(LISTS, [
            { servers: 3 },
            { servers: 5, weights: [3, 3, 3, 1, 1] },
            { servers: 5, weights: [2, 2, 2, 1, 1] },
            { servers: 5 },
        ]);
        const bad = POSITIONS.flatMap((one) =>
            POSITIONS.filter((other) => other >= one && mayBothElect(one, other)).map((other) => [
                one,
                other,
            ]),
        );
        // What the lists between are for: without them two leaders are possible.
        assert.deepEqual(bad, [
            [0, 3],
            [1, 3],
        ]);
    });

    it("never let two servers lead while one and the next are in use, whichever server has which", () => {
        let mixes = 0;
        for (const one of POSITIONS.slice(0, -1)) {
            for (const set of SETS) {
                const lists = Array.from({ length: MOST }, (_, i) => (set & (1 << i) ? one + 1 : one));
                assert.equal(twoLeaders(lists), false, lists.join());
                mixes++;
            }
        }
        assert.equal(mixes, 3 * 32);
        // The same model sees what happens without the lists between.
        assert.equal(twoLeaders([SMALL, SMALL, LARGE, LARGE, LARGE]), true);
    });

    it("keep their majority under a leader that has not restarted while any other server restarts", () => {
        const survives = (present: Servers, position: Position) =>
            ordinalsOf(present).every((down) => isMajority(present & ~(1 << down), position));
        const all = members(LARGE);
        for (const position of POSITIONS) {
            assert(survives(position === SMALL ? members(SMALL) : all, position), `${position}`);
        }
        // The last step of an ensemble that shrinks: servers 4 and 5 are gone, the others have still to restart.
        assert(survives(members(SMALL), 1));
        // Which they could not with the list before.
        assert.equal(survives(members(SMALL), 2), false);
    });

    it("count servers 4 and 5 for nothing when these join or leave", () => {
        const without = SETS.filter((set) => (set & ~members(SMALL)) === 0);
        for (const set of without) {
            assert.equal(isMajority(set | 0b11000, 1), isMajority(set, SMALL));
        }
    });
});

/** The lists that an ensemble goes through, each when all servers have the one before. */
function plan(from: Position, to: Position): Position[] {
    const steps: Position[] = [];
    for (let at = from; ; ) {
        const next = nextPosition([at], to);
        if (next === undefined) {
            return [...steps, to];
        }
        steps.push(next);
        at = next;
    }
}

describe("the way of an ensemble from one size to another", () => {
    it("goes through every list, and back the same way", () => {
        assert.deepEqual(plan(SMALL, LARGE), [1, 2, 3]);
        assert.deepEqual(plan(LARGE, SMALL), [2, 1, 0]);
        assert.deepEqual(plan(SMALL, SMALL), [0]);
    });

    it("ends a step that an up was killed in, or takes it back, before it takes another", () => {
        assert.equal(nextPosition([0, 1], LARGE), 1);
        assert.equal(nextPosition([1, 2], LARGE), 2);
        assert.equal(nextPosition([2, 1], SMALL), 1);
        assert.equal(nextPosition([3, 2], SMALL), 2);
        // The list that is wanted may be the next: servers that never came up are in nobody's way.
        assert.equal(nextPosition([0, 1], SMALL), undefined);
        assert.equal(nextPosition([2, 3], LARGE), undefined);
        assert.throws(() => nextPosition([0, 2], LARGE), /lists 0 and 2 of servers are in use/);
    });

    it("never has servers with two lists that could both elect a leader, whatever restarts, is killed and is wanted when", () => {
        /** The list of each pod, none where it does not exist; that of the template; what config wants. */
        interface State {
            readonly lists: readonly (Position | undefined)[];
            readonly template: Position;
            readonly wanted: Position;
        }
        const sized = (lists: State["lists"], template: Position) =>
            // Kubernetes creates at once what is missing. What is left over runs until its pod has shut down.
            lists.map((list, i) => (i < LISTS[template]!.servers ? (list ?? template) : list));
        const successors = ({ lists, template, wanted }: State): State[] => {
            const inUse = [template, ...lists.filter((list) => list !== undefined)];
            const next = nextPosition(inUse, wanted);
            const to = next ?? wanted;
            return [
                // An `up` takes the next step, killed right after or not; the last one is that of the StatefulSet.
                { lists: sized(lists, to), template: to, wanted },
                // Config wants another size.
                { lists, template, wanted: wanted === SMALL ? LARGE : SMALL },
                // Any pod is replaced, planned or not: it comes back with the template's list, or not at all.
                ...lists.map((_, i) => ({
                    lists: sized(lists.with(i, undefined), template),
                    template,
                    wanted,
                })),
            ];
        };
        const begin: State = {
            lists: [0, 0, 0, undefined, undefined],
            template: SMALL,
            wanted: SMALL,
        };
        const seen = new Set<string>();
        const open = [begin];
        for (let state = open.pop(); state; state = open.pop()) {
            for (const each of successors(state)) {
                const key = JSON.stringify(each);
                if (!seen.has(key)) {
                    seen.add(key);
                    open.push(each);
                    assert.equal(twoLeaders(each.lists), false, key);
                }
            }
        }
        assert(seen.size > 300, `${seen.size} states`);
        // All lists were reached in all servers.
        const reached = [...seen].map((key) => (JSON.parse(key) as State).lists.join());
        for (const position of POSITIONS.slice(1)) {
            assert(reached.includes(Array(MOST).fill(position).join()), `${position}`);
        }
    });
});

describe("the list of servers in zoo.cfg", () => {
    const server = (id: number, ports = "2888:3888") =>
        `server.${id}=zookeeper-${id - 1}.zookeeper-nodes.demo.svc.cluster.local:${ports}\n`;
    const three = `dataDir=/d\n${[1, 2, 3].map((id) => server(id)).join("")}tickTime=2000\n`;

    it("is replaced as a whole, and all else stays", () => {
        const five = [1, 2, 3, 4, 5].map((id) => server(id)).join("");
        const between = (a: number) =>
            `dataDir=/d\ngroup.1=1:2:3:4:5\n${five}tickTime=2000\nweight.1=${a}\nweight.2=${a}\nweight.3=${a}\nweight.4=1\nweight.5=1\n`;
        assert.equal(withServerList(three, "demo", 1), between(3));
        assert.equal(withServerList(between(3), "demo", 2), between(2));
        assert.equal(withServerList(between(2), "demo", LARGE), `dataDir=/d\n${five}tickTime=2000\n`);
        assert.equal(withServerList(between(3), "demo", SMALL), three);
        assert.match(withServerList(three.replaceAll("2888:3888", "1:2"), "demo", 1), /^server\.5=.*:1:2$/m);
        assert.throws(() => withServerList("tickTime=2000\n", "demo", 1), /names no ports/);
    });

    it("is known again, and another is not", () => {
        for (const position of POSITIONS) {
            assert.equal(positionIn(withServerList(three, "demo", position)), position);
        }
        for (const unknown of [
            "tickTime=2000\n",
            server(1),
            three + server(4),
            three.replace("server.3=", "server.4="),
            `${three}weight.1=2\n`,
            withServerList(three, "demo", 1).replace("weight.4=1", "weight.4=2"),
        ]) {
            assert.equal(positionIn(unknown), undefined);
        }
        assert.equal(positionOf(4), undefined);
    });
});
