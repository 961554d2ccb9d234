import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bitsOf, SLOT } from "../../src/pipeline/ingest/event-fields.js";
import { emptyFields } from "../../src/pipeline/ingest/line-fields.js";
import { LogMemory, SLACK_BYTES } from "../../src/pipeline/ingest/log-memory.js";
import { RunMemo } from "../../src/pipeline/ingest/run-memo.js";

const GENDER = 9;
const BITS = bitsOf("gender", "registration");

function newMemo(size?: { places: number; bytesMax: number }) {
  const memory = new LogMemory();
  const fields = emptyFields();
  const memo = new RunMemo(memory, fields, size);
  /** Puts a line of this run into the memory; the run begins at `from`. */
  const show = (run: string, behind: string, from = 3) => {
    const bytes = new Uint8Array(from + run.length + behind.length + SLACK_BYTES).fill(0x20);
    bytes.set(Buffer.from(run + behind, "latin1"), from);
    memory.turnTo(bytes);
    return { from, to: from + run.length };
  };
  const remember = (hash: number, run: string, [code, number]: readonly [number, number], from?: number) => {
    const at = show(run, "}", from);
    fields.codes[GENDER] = code;
    fields.numbers[SLOT.registration] = number;
    memo.remember(hash, at, { bits: BITS, last: SLOT.registration });
  };
  /** The values of the run, as the memo has them. */
  const taken = (hash: number, run: string, { behind = "}", seen = 0 } = {}) => {
    const at = show(run, behind, 5);
    fields.codes[GENDER] = -7;
    fields.numbers[SLOT.registration] = -7;
    if (!memo.take(hash, at.from, seen)) return null;
    expect([memo.end, memo.bits, memo.last]).toEqual([at.to, BITS, SLOT.registration]);
    return [fields.codes[GENDER], fields.numbers[SLOT.registration]];
  };
  return { remember, taken };
}

describe("the memory of runs", () => {
  const run = '"gender":"F","registration":1538352';

  it("gives back what was read of the same bytes", () => {
    const { remember, taken } = newMemo();
    expect(taken(5, run)).toBeNull();
    remember(5, run, [3, 1538352]);
    expect(taken(5, run)).toEqual([3, 1538352]);
    expect(taken(5, run, { behind: ',"page":"Home"}' })).toEqual([3, 1538352]);
    expect(taken(6, run)).toBeNull();
  });

  it("gives nothing where a value goes on, the line ends, or a field was met before", () => {
    const { remember, taken } = newMemo();
    remember(5, run, [3, 1538352]);
    expect(taken(5, run, { behind: "7}" })).toBeNull();
    expect(taken(5, run, { behind: ".5}" })).toBeNull();
    expect(taken(5, run, { behind: "" })).toBeNull();
    expect(taken(5, run.slice(0, 20), { behind: "" })).toBeNull();
    expect(taken(5, run, { seen: bitsOf("gender") })).toBeNull();
    expect(taken(5, run, { seen: bitsOf("page") })).toEqual([3, 1538352]);
  });

  it("sees a change of any byte", () => {
    const { remember, taken } = newMemo();
    remember(5, run, [3, 1538352]);
    for (let i = 0; i < run.length; i++) {
      const other = String.fromCharCode(run.charCodeAt(i) ^ 0x80);
      expect(taken(5, run.slice(0, i) + other + run.slice(i + 1))).toBeNull();
    }
  });

  it("knows runs of every length from eight bytes on", () => {
    for (let length = 1; length < 80; length++) {
      const { remember, taken } = newMemo();
      const text = "x".repeat(length);
      remember(5, text, [length, 0.5]);
      expect(taken(5, text)).toEqual(length < 8 ? null : [length, 0.5]);
    }
  });

  it("is never wrong, however small it is", () => {
    // The values are told by the text, as those of a run are.
    const valuesOf = (text: string) => [text.length, text.charCodeAt(10) * 1.5] as const;
    const anyRun = fc
      .tuple(fc.constantFrom("a", "b", "\u00e4", "c"), fc.integer({ min: 0, max: 90 }))
      .map(([letter, length]) => `"gender":"${letter.repeat(length)}"`);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(9), anyRun, fc.nat(7)), { maxLength: 60 }),
        fc.constantFrom(4, 8, 1 << 17),
        (steps, places) => {
          const { remember, taken } = newMemo({ places, bytesMax: 1 << 12 });
          for (const [hash, text, from] of steps) {
            const known = taken(hash, text);
            if (known !== null) expect(known).toEqual(valuesOf(text));
            else remember(hash, text, valuesOf(text), from);
          }
        },
      ),
    );
  });

  it("remembers no more than it has room for, and goes on where it has", () => {
    const { remember, taken } = newMemo({ places: 1 << 10, bytesMax: 1 << 12 });
    const runOf = (i: number) => `${run}${1000 + i}`;
    for (let i = 0; i < 100; i++) remember(i * 8, runOf(i), [i, i]);
    const known = Array.from({ length: 100 }, (_, i) => taken(i * 8, runOf(i)) !== null);
    expect(known[0]).toBe(true);
    expect(known[99]).toBe(false);
    expect(known.filter(Boolean).length).toBe(Math.floor(4096 / 80));
  });
});
