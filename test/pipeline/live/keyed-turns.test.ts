import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyedTurns } from "../../../src/pipeline/live/keyed-turns.js";

test("actions that share a key run one after the other as they came, also where one fails; all come to their turn", async () => {
  const actions = fc.array(fc.record({ keys: fc.array(fc.constantFrom("a", "b", "c", "d")), fails: fc.boolean() }));
  const property = fc.asyncProperty(actions, async (list) => {
    const turns = new KeyedTurns();
    const running = new Set<number>();
    const done: number[] = [];
    const conflicts = (i: number, j: number) => list[i]?.keys.some((key) => list[j]?.keys.includes(key)) ?? false;
    const runs = list.map(({ keys, fails }, i) =>
      turns.take(keys, async () => {
        for (const other of running) expect(conflicts(i, other)).toBe(false);
        running.add(i);
        await setImmediate();
        running.delete(i);
        done.push(i);
        if (fails) throw new Error("failed");
        return i;
      }),
    );
    const ended = await Promise.allSettled(runs);
    expect(ended.map(({ status }) => status)).toEqual(list.map(({ fails }) => (fails ? "rejected" : "fulfilled")));
    for (const [place, i] of done.entries()) {
      for (const j of done.slice(place)) if (conflicts(i, j)) expect(i).toBeLessThanOrEqual(j);
    }
  });
  await fc.assert(property, { numRuns: 60 });
});

test("actions without a common key do not wait for each other", async () => {
  const turns = new KeyedTurns();
  let open = () => {};
  const held = turns.take(["a"], () => new Promise<void>((resolve) => (open = resolve)));
  expect(await turns.take(["b"], async () => "passed")).toBe("passed");
  open();
  await held;
});
