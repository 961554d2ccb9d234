import { type Matrix, matrix } from "../../../src/base/matrix.js";
import { seededRng } from "../../../src/base/rng.js";
import type { BoostedTrees, ForestState, Tree } from "../../../src/models/trees/tree.js";

/** A full tree with thresholds from among the values of `randomRows`, so that some rows lie on them. */
export function randomTree(
  seed: string,
  { inputs, depth }: { inputs: number; depth: number },
  leaf = (u: number) => u,
): Tree {
  const rng = seededRng(seed);
  const splits = 2 ** depth - 1;
  const nodes = 2 * splits + 1;
  const of = <T>(split: (i: number) => T, end: (i: number) => T): T[] =>
    Array.from({ length: nodes }, (_, i) => (i < splits ? split(i) : end(i)));
  const cover = new Array<number>(nodes).fill(0);
  cover[0] = 1000;
  for (let i = 0; i < splits; i++) {
    const share = 0.05 + 0.9 * rng.uniform();
    cover[2 * i + 1] = (cover[i] ?? 0) * share;
    cover[2 * i + 2] = (cover[i] ?? 0) * (1 - share);
  }
  return {
    feature: of(
      () => Math.floor(rng.uniform() * inputs),
      () => -1,
    ),
    threshold: of(
      () => Math.fround(Math.round(rng.normal() * 4) / 10),
      () => 0,
    ),
    left: of(
      (i) => 2 * i + 1,
      () => -1,
    ),
    right: of(
      (i) => 2 * i + 2,
      () => -1,
    ),
    missingLeft: of(
      () => (rng.uniform() < 0.5 ? 1 : 0),
      () => 0,
    ),
    value: of(
      () => 0,
      () => Math.fround(leaf(rng.uniform())),
    ),
    cover,
    gain: of(
      () => 1,
      () => 0,
    ),
  };
}

interface Size {
  readonly inputs: number;
  readonly depth: number;
  readonly trees: number;
}

export function randomBoosting(seed: string, { trees, ...size }: Size): BoostedTrees {
  const grow = (_: unknown, t: number) => randomTree(`${seed} ${t}`, size, (u) => (u - 0.5) / 4);
  return { kind: "boosting", inputs: size.inputs, base: Math.fround(-1.1), trees: Array.from({ length: trees }, grow) };
}

export function randomForest(seed: string, { trees, ...size }: Size): ForestState {
  const grow = (_: unknown, t: number) => randomTree(`${seed} ${t}`, size);
  return { kind: "forest", inputs: size.inputs, trees: Array.from({ length: trees }, grow) };
}

/** Tenths, some on thresholds, one in eight missing. */
export function randomRows(seed: string, rows: number, cols: number): Matrix {
  const rng = seededRng(seed);
  const value = () => (rng.uniform() < 1 / 8 ? Number.NaN : Math.round(rng.normal() * 4) / 10);
  return matrix(rows, cols, Float64Array.from({ length: rows * cols }, value));
}
