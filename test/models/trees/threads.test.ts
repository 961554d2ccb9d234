import { afterEach, describe, expect, it } from "vitest";
import { seededRng } from "../../../src/base/rng.js";
import { binTable } from "../../../src/models/trees/bins.js";
import { type BoostPlan, boost } from "../../../src/models/trees/boost.js";
import { emptyOutOfBag, type ForestWork, outOfBagProbability } from "../../../src/models/trees/grow-forest.js";
import { type Crew, crewOf } from "../../../src/models/trees/threads/crew.js";
import { churnSample } from "./sample.js";

const { x, y } = churnSample(12_000, 20, 4);
for (let i = 0; i < x.data.length; i += 17) x.data[i] = Number.NaN;
const weights = Float64Array.from(y, (_, i) => [1, 0, 2.5][i % 3] ?? 0);
const plan: Omit<BoostPlan, "monotone"> = {
  rounds: 12,
  eta: 0.2,
  limits: { maxDepth: 7, maxLeaves: 0 },
  splitsBy: "hessian",
  lambda: 1,
  alpha: 0,
  gainMin: 0,
  coverMin: 1,
  positiveWeight: 1,
  subsample: 0.7,
  columns: { tree: 0.8, level: 0.8, node: 0.8 },
  patience: 0,
};
const forestPlan = { trees: 24, maxDepth: 9, columnsMax: 5, leafMin: 1, splitMin: 2, classWeight: [1, 2] } as const;

const crews: Crew[] = [];
const crew = (threads: number): Crew => {
  const made = crewOf(threads);
  crews.push(made);
  return made;
};
afterEach(() => {
  for (const made of crews.splice(0)) made.end();
});

function forestWork(own: Crew, rooms: number): ForestWork {
  const outOfBag = Array.from({ length: rooms }, () => emptyOutOfBag(x.rows));
  return { table: binTable(x, weights, { crew: own }), y, weights, plan: forestPlan, seed: 3, outOfBag };
}

/** As text: looking into thousands of nodes takes long. */
function expectSame(all: readonly unknown[]): void {
  const [first, ...others] = all.map((one) => JSON.stringify(one));
  for (const other of others) expect(other === first).toBe(true);
}

describe("a crew of threads", () => {
  it("bins as one thread does", () => {
    const [one, two, three] = [1, 2, 3].map((threads) => {
      const { bins, ...rest } = binTable(x, weights, { crew: crew(threads) });
      return { rest, bins: Buffer.from(bins).toString("base64") };
    });
    expect(one?.rest.columns).toHaveLength(20);
    for (const other of [two, three]) expect(other).toEqual(one);
  });

  it.each(["hessian", "weight"] as const)("grows the same trees at any number of threads, split by %s", (splitsBy) => {
    const grown = [1, 2, 3].map((threads) => {
      const own = crew(threads);
      const table = binTable(x, weights, { crew: own });
      const monotone = Int8Array.from(table.columns, (column) => (column === 1 ? 1 : 0));
      const tools = { rng: seededRng(9), crew: own };
      return boost({ table, y, weights, heldOut: null }, -0.5, { ...plan, splitsBy, monotone }, tools);
    });
    expect(grown[0]).toHaveLength(plan.rounds);
    expectSame(grown);
  });

  it("grows the same forest, with the same out-of-bag predictions", () => {
    const grown = [1, 2, 3].map((threads) => {
      const own = crew(threads);
      const work = forestWork(own, threads);
      return { trees: own.prepare("trees", work)(forestPlan.trees), p: outOfBagProbability(work.outOfBag) };
    });
    expect(grown[0]?.trees).toHaveLength(forestPlan.trees);
    expectSame(grown);
  });

  it("says so when a thread fails", () => {
    const own = crew(2);
    // No room for what the trees of the second thread say.
    const grow = own.prepare("trees", forestWork(own, 1));
    expect(() => grow(2_000)).toThrow(/a training thread failed: .*room/);
  });
});
