import type { SessionColumns } from "../schema/session-columns.js";
import type { Recovery } from "./recover-sessions.js";
import { isHidden } from "./recover-sessions.js";
import { RIVALS, type RivalName } from "./rivals.js";
import { runsOf } from "./runs.js";
import { SETTLE_AT } from "./session-state.js";

/** Row of the columns → its true user; `null` for a guest, who is nobody yet. Rows left out are unknown. */
export type Truth = ReadonlyMap<number, string | null>;

export interface Hits {
  /** Share of the named rows in the truth that are named rightly; `null` when there is none. */
  readonly accuracy: number | null;
  /** Named rows ÷ attributable rows; `null` when there is none. */
  readonly coverage: number | null;
}

export interface ConfidenceBin {
  /** The bin holds confidences in [from, to), the last one 1 as well. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly precision: number | null;
}

export interface RecoveryScore extends Hits {
  readonly wrong: number;
  readonly precisionByConfidence: readonly ConfidenceBin[];
  readonly rivals: Readonly<Record<RivalName, Hits>>;
}

const BIN_EDGES = [SETTLE_AT, 0.9999, 0.99999, 0.999999, 1] as const;

/** Measures a recovery, and the rivals on the same rows, against the truth. */
export function scoreRecovery(columns: SessionColumns, recovery: Recovery, truth: Truth): RecoveryScore {
  const { row, userIndex, confidence } = recovery.attributions;
  const owner = new Int32Array(columns.userIndex.length).fill(-1);
  const sureness = new Float64Array(owner.length);
  row.forEach((at, i) => {
    owner[at] = userIndex[i] as number;
    sureness[at] = confidence[i] as number;
  });
  const rivals = Object.fromEntries(
    Object.entries(RIVALS).map(([name, rival]) => [name, hitsOf(columns, rival(columns), truth)]),
  ) as Record<RivalName, Hits>;
  const verdicts = verdictsOf(columns, owner, truth);
  return {
    ...hitsOf(columns, owner, truth),
    wrong: verdicts.filter((one) => !one.right).length,
    precisionByConfidence: binned(verdicts, sureness),
    rivals,
  };
}

/** A named row of which the truth speaks; naming a row that is nobody's is wrong. */
interface Verdict {
  readonly row: number;
  readonly right: boolean;
}

function verdictsOf(columns: SessionColumns, owner: Int32Array, truth: Truth): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const [row, user] of truth) {
    const named = owner[row] ?? -1;
    if (named >= 0) verdicts.push({ row, right: user !== null && columns.users[named] === user });
  }
  return verdicts;
}

function hitsOf(columns: SessionColumns, owner: Int32Array, truth: Truth): Hits {
  let attributable = 0;
  let named = 0;
  for (const { start, end, known } of runsOf(columns)) {
    if (known === 0) continue;
    for (let i = start; i < end; i++) {
      if (!isHidden(columns, i)) continue;
      attributable++;
      if ((owner[i] as number) >= 0) named++;
    }
  }
  const verdicts = verdictsOf(columns, owner, truth);
  const right = verdicts.filter((one) => one.right).length;
  return { accuracy: share(right, verdicts.length), coverage: share(named, attributable) };
}

function binned(verdicts: readonly Verdict[], sureness: Float64Array): ConfidenceBin[] {
  return BIN_EDGES.slice(0, -1).map((from, bin) => {
    const to = BIN_EDGES[bin + 1] as number;
    const inside = verdicts.filter(({ row }) => {
      const sure = sureness[row] as number;
      return sure >= from && (sure < to || to === 1);
    });
    const right = inside.filter((one) => one.right).length;
    return { from, to, rows: inside.length, precision: share(right, inside.length) };
  });
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
