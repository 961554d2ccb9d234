import type { Rng } from "../../base/rng.js";

/** Shares of the columns that a tree, a level and a node may look at, each of what the one before left. */
export interface ColumnShares {
  readonly tree: number;
  readonly level: number;
  readonly node: number;
}

/** The columns that the nodes of one tree may be split by, as marks by column; nodes must be asked for in a fixed order. */
export interface ColumnDraw {
  ofNode(depth: number): Uint8Array;
}

/** Draws without replacement, at least one column each time, as XGBoost's colsample settings do. */
export function columnDraw(columns: number, shares: ColumnShares, rng: Rng): ColumnDraw {
  const all = Array.from({ length: columns }, (_, k) => k);
  const ofTree = drawn(all, shares.tree, rng);
  const levels: number[][] = [];
  return {
    ofNode(depth) {
      let level = levels[depth];
      if (level === undefined) {
        level = drawn(ofTree, shares.level, rng);
        levels[depth] = level;
      }
      const marks = new Uint8Array(columns);
      for (const column of drawn(level, shares.node, rng)) marks[column] = 1;
      return marks;
    },
  };
}

function drawn(from: readonly number[], share: number, rng: Rng): number[] {
  if (share >= 1) return [...from];
  const count = Math.max(1, Math.floor(share * from.length));
  const pool = [...from];
  for (let i = 0; i < count && i < pool.length; i++) {
    const j = i + rng.below(pool.length - i);
    [pool[i], pool[j]] = [pool[j] ?? 0, pool[i] ?? 0];
  }
  return pool.slice(0, count);
}
