import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { GroupedTurns } from "../../../src/pipeline/live/grouped-turns.js";

interface Batch {
  readonly keys: readonly string[];
  readonly size: number;
  readonly fails: boolean;
}

const MOST = 8;
const AT_ONCE = 2;
const NUMBERED = { keysOf: () => [], sizeOf: () => 1, most: MOST, atOnce: 1, isOfOne: () => true };

const batch: fc.Arbitrary<Batch> = fc.record({
  keys: fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f"), { maxLength: 3 }),
  size: fc.integer({ min: 1, max: MOST + 2 }),
  fails: fc.boolean(),
});

test("batches that share a key are done in their order and never apart at once; each fails for itself alone", async () => {
  const property = fc.asyncProperty(fc.array(batch), async (list) => {
    const running = new Set<readonly Batch[]>();
    const done: Batch[] = [];
    const conflicts = (one: Batch, other: Batch) => one.keys.some((key) => other.keys.includes(key));
    const turns = new GroupedTurns<Batch, Batch>({
      ...NUMBERED,
      keysOf: ({ keys }) => keys,
      sizeOf: ({ size }) => size,
      atOnce: AT_ONCE,
      run: async (group) => {
        for (const one of [...running].flat()) expect(group.some((other) => conflicts(one, other))).toBe(false);
        if (group.length > 1) expect(group.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(MOST);
        running.add(group);
        expect(running.size).toBeLessThanOrEqual(AT_ONCE);
        await setImmediate();
        running.delete(group);
        if (group.some(({ fails }) => fails)) throw new Error("failed");
        done.push(...group);
        return group;
      },
    });
    const ended = await Promise.allSettled(list.map((one) => turns.take(one)));
    for (const [i, one] of list.entries()) {
      expect(ended[i]).toMatchObject(one.fails ? { status: "rejected" } : { status: "fulfilled", value: one });
    }
    const places = new Map(list.map((one, i) => [one, i] as const));
    const placeOf = (one: Batch) => places.get(one) ?? -1;
    for (const [i, one] of done.entries()) {
      for (const later of done.slice(i))
        if (conflicts(one, later)) expect(placeOf(one)).toBeLessThanOrEqual(placeOf(later));
    }
  });
  await fc.assert(property, { numRuns: 200 });
});

test("what comes while a batch is under way is done together", async () => {
  const groups: number[][] = [];
  const turns = new GroupedTurns<number, number>({
    ...NUMBERED,
    run: async (group) => {
      groups.push([...group]);
      await setImmediate();
      return group;
    },
  });
  expect(await Promise.all([1, 2, 3, 4].map((n) => turns.take(n)))).toEqual([1, 2, 3, 4]);
  expect(groups).toEqual([[1], [2, 3, 4]]);
});

test("an error that is nobody's own fails the group at once", async () => {
  const groups: number[][] = [];
  const turns = new GroupedTurns<number, number>({
    ...NUMBERED,
    isOfOne: () => false,
    run: async (group) => {
      groups.push([...group]);
      throw new Error("away");
    },
  });
  const ended = await Promise.allSettled([1, 2, 3].map((n) => turns.take(n)));
  expect(ended.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(groups).toEqual([[1], [2, 3]]);
});

test("a batch that shares nothing does not wait for one that goes on", async () => {
  let open = () => {};
  const held = new Promise<void>((resolve) => (open = resolve));
  const turns = new GroupedTurns<string, string>({
    ...NUMBERED,
    keysOf: (key) => [key],
    atOnce: AT_ONCE,
    run: async (group) => {
      if (group.includes("a")) await held;
      return group;
    },
  });
  const first = turns.take("a");
  expect(await turns.take("b")).toBe("b");
  open();
  expect(await first).toBe("a");
});
