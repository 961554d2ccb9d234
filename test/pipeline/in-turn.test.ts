import fc from "fast-check";
import { expect, it } from "vitest";
import { InTurn } from "../../src/pipeline/ingest/in-turn.js";

interface Portion {
  readonly sender: number;
  readonly number: number;
}

/** Parts shared out to senders in order, their portions arriving as a schedule says; `steps` picks who is next. */
function deliver(portionsOf: readonly number[], senders: number, steps: readonly number[]) {
  const out: { part: number; portion: Portion }[] = [];
  const inTurn = new InTurn<Portion>((part, portion) => out.push({ part, portion }));
  const working: ({ part: number; left: number } | null)[] = Array.from({ length: senders }, () => null);
  let nextPart = 0;
  let number = 0;
  for (let step = 0; nextPart < portionsOf.length || working.some((one) => one !== null); step++) {
    const sender = (steps[step % steps.length] ?? 0) % senders;
    for (let i = 0; i < senders; i++) {
      if (working[i] === null && nextPart < portionsOf.length)
        working[i] = { part: nextPart, left: portionsOf[nextPart++] ?? 0 };
    }
    const task = working[sender] ?? working.find((one) => one !== null);
    const at = working.indexOf(task ?? null);
    if (task === null || task === undefined) continue;
    if (task.left-- > 0) inTurn.take(task.part, { sender: at, number: number++ });
    else {
      working[at] = null;
      inTurn.done(task.part);
    }
  }
  return { out, count: number };
}

it("hands on everything, each sender's portions in their order, and few parts in the order of the parts", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(3), { maxLength: 20 }),
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.nat(5), { minLength: 1, maxLength: 30 }),
      (portionsOf, senders, steps) => {
        const { out, count } = deliver(portionsOf, senders, steps);
        expect(out.length).toBe(count);
        for (let sender = 0; sender < senders; sender++) {
          const numbers = out.filter(({ portion }) => portion.sender === sender).map(({ portion }) => portion.number);
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        }
        expect(out.map(({ part }) => part)).toEqual(out.map(({ part }) => part).toSorted((a, b) => a - b));
      },
    ),
  );
});

it("holds only so much back while a long part goes on", () => {
  const out: number[] = [];
  const inTurn = new InTurn<Portion>((part) => out.push(part));
  for (let number = 0; number < 200; number++) inTurn.take(1, { sender: 1, number });
  expect(out.length).toBe(152);
  inTurn.done(0);
  expect(out.length).toBe(200);
});
