import { expect, it } from "vitest";
import { asInstant } from "../../../src/base/time.js";
import { contributionsOf } from "../../../src/models/contributions.js";
import { sequence, sequenceMargin } from "../../../src/models/sequence/sequence.js";
import { randomRows } from "../trees/random-trees.js";

const world = {
  now: () => asInstant(0),
  seed: 3,
  threads: 1,
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
};
const DAYS = 4;
const CHANNELS = 3;
const x = randomRows("channels", 120, DAYS * CHANNELS);
// Some have no first day at all.
for (let i = 0; i < 120; i += 5) x.data.fill(Number.NaN, i * x.cols, i * x.cols + CHANNELS);
const y = Uint8Array.from({ length: 120 }, (_, i) => ((x.data[i * x.cols + 9] ?? 0) > 0 ? 1 : 0));
const state = sequence.fit(x, y, null, { ...sequence.defaults, days: DAYS, epochs: 5, members: 2 }, world);

it("adds up to the margin, a channel's effect at its latest day", () => {
  const margins = sequenceMargin(state, x);
  for (let i = 0; i < 20; i++) {
    const { base, effects, scale } = contributionsOf(state, x.data.slice(i * x.cols, (i + 1) * x.cols));
    expect(scale).toBe("log-odds");
    expect(effects.reduce((sum, effect) => sum + effect, base)).toBeCloseTo(margins[i] ?? 9, 10);
    expect(Array.from(effects.subarray(0, x.cols - CHANNELS)).every((effect) => effect === 0)).toBe(true);
  }
});

it("says nothing of somebody who is average", () => {
  const { effects } = contributionsOf(
    state,
    Float64Array.from({ length: x.cols }, (_, j) => state.mean[j % CHANNELS] ?? 0),
  );
  for (const effect of effects) expect(effect).toBeCloseTo(0, 12);
});
