import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asInstant, MS_PER_DAY } from "../../../src/base/time.js";
import { pointInTime } from "../../../src/features/catalogue.js";
import { decodeStates, encodeStates } from "../../../src/features/state-codec/state-codec.js";
import { StateNames } from "../../../src/features/state-names.js";
import { ACCUMULATORS, type States } from "../../../src/features/states.js";
import { compareInFoldOrder } from "../../../src/schema/fold-order.js";
import { eventOf, logs, START_MS } from "../columns.js";
import { folded } from "./folded.js";

const NAMES = ["", "CA", "TX", "NY-NJ-PA", "OH"];
const catalogue = pointInTime(NAMES);
const packed = (states: States, names = new StateNames(NAMES)) => encodeStates(ACCUMULATORS, states, names);

/** Decoded on a machine that numbers its states otherwise. */
function unpacked(bytes: Uint8Array): { states: States; names: StateNames } {
  const names = new StateNames(["", "WA", "OH"]);
  const states = decodeStates(catalogue, bytes, names);
  if (states === null) throw new Error("the bytes are of another version");
  return { states, names };
}

describe("states as bytes", () => {
  test("read back, they are the same bytes and give the same features to the bit, and go on alike", () => {
    const property = fc.property(logs({ users: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (events, share) => {
      const sorted = [...events].sort((a, b) => compareInFoldOrder(a, b));
      const cut = Math.floor(share * sorted.length);
      const { states, names } = unpacked(packed(folded(sorted.slice(0, cut))));
      expect(packed(states, names)).toEqual(packed(folded(sorted.slice(0, cut))));
      for (const event of sorted.slice(cut)) {
        const own = { ...event, state: names.codeOf(NAMES[event.state] ?? "") };
        for (const [name, { add }] of Object.entries(ACCUMULATORS)) {
          (add as (state: unknown, event: typeof own) => void)(states[name as keyof States], own);
        }
      }
      const straight = folded(sorted);
      expect(packed(states, names)).toEqual(packed(straight));
      const cutoff = asInstant(START_MS + 80 * MS_PER_DAY);
      const read = (of: States, states: readonly string[]) =>
        pointInTime(states).features.map((feature) => feature.read(of, cutoff));
      expect(read(states, names.names)).toEqual(read(straight, NAMES));
    });
    fc.assert(property, { numRuns: 150 });
  });

  test("a set's bytes do not show the order in which it was filled", () => {
    const songs = Array.from({ length: 40 }, (_, i) => i * 1024);
    const heard = (list: readonly number[]) =>
      folded(list.map((song, i) => eventOf({ item: i, page: 1, song }))).variety;
    const [one, other] = [heard(songs), heard([...songs].reverse())];
    expect(one.songs.size).toBe(40);
    const bytes = (variety: States["variety"]) => packed({ ...folded([]), variety });
    expect(bytes(one)).toEqual(bytes(other));
  });

  test("another version of an accumulator, or another list of them, is null: fold again", () => {
    const bytes = packed(folded([eventOf({})]));
    const { pages, ...fewer } = ACCUMULATORS;
    const raised = { ...ACCUMULATORS, pages: { ...pages, version: pages.version + 1 } };
    expect(decodeStates({ ...catalogue, accumulators: raised }, bytes, new StateNames())).toBeNull();
    const less = { name: "less", accumulators: fewer, features: [] };
    expect(decodeStates(less, bytes, new StateNames())).toBeNull();
    const newFormat = bytes.slice();
    newFormat[0] = 9;
    expect(decodeStates(catalogue, newFormat, new StateNames())).toBeNull();
  });
});

describe("bytes that were never written", () => {
  const whole = packed(folded([eventOf({ page: 1, song: 7 }), eventOf({ page: 1, song: 9, item: 1 })]));
  const refusal = expect.objectContaining({ code: "STATE_BROKEN" });

  test("cut off anywhere, they are refused or of another version", () => {
    for (let length = 0; length < whole.length; length++) {
      let states: States | null = null;
      try {
        states = decodeStates(catalogue, whole.slice(0, length), new StateNames());
      } catch (error) {
        expect(error).toEqual(refusal);
      }
      expect(states).toBeNull();
    }
  });

  test("damaged anywhere, they are refused, or are the bytes of what they say", () => {
    const damage = fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = whole.slice();
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      try {
        const names = new StateNames();
        const states = decodeStates(catalogue, bytes, names);
        if (states !== null) expect(packed(states, names)).toEqual(bytes);
      } catch (error) {
        expect(error).toEqual(refusal);
      }
    });
    fc.assert(damage, { numRuns: 2_000 });
  });

  test("noise is refused", () => {
    const property = fc.property(fc.uint8Array({ minLength: 0, maxLength: 300 }), (bytes) => {
      try {
        expect(decodeStates(catalogue, Uint8Array.of(1, ...bytes), new StateNames())).toBeNull();
      } catch (error) {
        expect(error).toEqual(refusal);
      }
    });
    fc.assert(property, { numRuns: 500 });
  });
});

test("a field of a kind without a rule is our bug", () => {
  const odd = { odd: { name: "odd", version: 1, empty: () => ({ when: "noon" }), add() {} } };
  expect(() => encodeStates(odd, { odd: { when: "noon" } }, new StateNames())).toThrow(/Bug in Refrain.*when/);
});
