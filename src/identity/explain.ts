import { PAGE } from "../schema/pages.js";
import { gapDensity, NEWCOMER_DENSITY } from "./gap.js";
import { isGuest, levelFit, PHASE, phaseFit } from "./grammar.js";
import type { Hypothesis, SessionRow, Stream } from "./session-state.js";

/**
 * One way in which a row can have come about under a hypothesis. `own` is the stream that it continues (−1: a new one),
 * `chain` the anonymous stream that the row's user turns out to own (−1: none).
 */
export interface Explanation {
  readonly from: Hypothesis;
  readonly weight: number;
  readonly own: number;
  readonly chain: number;
}

/** A row that should be there and is not; three count as many. */
const MISSING = 1e-4;
const MISSING_COUNTED = 3;
/** A row that is there twice. */
const REPEATED = 1e-3;
/** An item below the ones already seen. */
const STALE = 1e-6;

function missing(items: number): number {
  return MISSING ** Math.min(items, MISSING_COUNTED);
}

/** How likely each way is, as a density per second, times the hypothesis's weight. Never empty. */
export function explanationsOf(from: Hypothesis, row: SessionRow): Explanation[] {
  const found: Explanation[] = [];
  const add = (weight: number, own: number, chain: number) => {
    if (weight > 0) found.push({ from, weight: weight * from.weight, own, chain });
  };
  if (row.user === "") explainBlank(from.streams, row, add);
  else explainKnown(from.streams, row, add);
  return found;
}

type Add = (weight: number, own: number, chain: number) => void;

function explainBlank(streams: readonly Stream[], row: SessionRow, add: Add): void {
  for (let i = 0; i < streams.length; i++) {
    const stream = streams[i] as Stream;
    if ((stream.phase === PHASE.guest) !== isGuest(row)) continue;
    add(stepFit(stream, row), i, -1);
  }
  add(NEWCOMER_DENSITY * missing(row.item), -1, -1);
}

function explainKnown(streams: readonly Stream[], row: SessionRow, add: Add): void {
  const own = streams.findIndex((stream) => stream.user === row.user);
  const known = streams[own];
  if (known === undefined) add(NEWCOMER_DENSITY * missing(row.item), -1, -1);
  else add(Math.max(stepFit(known, row), STALE * gapDensity(row.page, row.tsMs - known.lastTs)), own, -1);
  for (let i = 0; i < streams.length; i++) {
    const chain = streams[i] as Stream;
    if (chain.user === "") add(joinFit(known, chain, row), own, i);
  }
}

/** The row as the next of a stream, after a few missing rows, or as a repetition of its last. */
function stepFit(stream: Stream, row: SessionRow): number {
  const ahead = row.item - stream.next;
  if (ahead < -1 || (ahead > MISSING_COUNTED && row.user === "")) return 0;
  const base = levelFit(stream.phase, stream.level, row) * gapDensity(row.page, row.tsMs - stream.lastTs);
  if (ahead === 0) return base * phaseFit(stream.phase, row);
  if (ahead > 0) return base * missing(ahead);
  return row.page === stream.page ? base * REPEATED : 0;
}

/** The row as the first to name the owner of an anonymous chain, which fills the hole before it in `known`'s items. */
function joinFit(known: Stream | undefined, chain: Stream, row: SessionRow): number {
  const after = row.item - chain.next;
  const before = chain.start - (known?.next ?? 0);
  if (after < 0 || before < 0 || after > MISSING_COUNTED || (after > 0 && row.page !== PAGE.Home)) return 0;
  const base = levelFit(chain.phase, chain.level, row) * gapDensity(row.page, row.tsMs - chain.lastTs);
  const gone = known === undefined || known.phase === PHASE.out || before > 0 ? 1 : MISSING;
  return base * gone * missing(before) * (after === 0 ? phaseFit(chain.phase, row) : missing(after));
}
