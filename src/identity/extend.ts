import type { Explanation } from "./explain.js";
import { isGuest, phaseAfter } from "./grammar.js";
import { PENDING_MAX, type SessionRow, STREAMS_MAX, type Stream } from "./session-state.js";

/** The streams of a hypothesis once a row is explained; streams are never changed, since hypotheses share them. */
export function extend(how: Explanation, row: SessionRow): Stream[] {
  const { streams } = how.from;
  const own = streams[how.own];
  const chain = streams[how.chain];
  const rest = streams.filter((stream) => stream !== own && stream !== chain);
  if (rest.length >= STREAMS_MAX) rest.splice(idlest(rest), 1);
  rest.push({
    user: row.user !== "" ? row.user : (own?.user ?? ""),
    start: own?.start ?? chain?.start ?? row.item,
    next: row.item + 1,
    lastTs: row.tsMs,
    level: row.level,
    page: row.page,
    phase: phaseAfter(row),
    rows: pendingOf(own, chain, row),
  });
  return rest;
}

function pendingOf(own: Stream | undefined, chain: Stream | undefined, row: SessionRow): readonly number[] {
  const before = chain === undefined ? (own?.rows ?? []) : [...(own?.rows ?? []), ...chain.rows];
  const rows = row.user === "" && !isGuest(row) ? [...before, row.row] : before;
  return rows.length > PENDING_MAX ? rows.slice(-PENDING_MAX) : rows;
}

function idlest(streams: readonly Stream[]): number {
  let at = 0;
  for (let i = 1; i < streams.length; i++) {
    if ((streams[i] as Stream).lastTs < (streams[at] as Stream).lastTs) at = i;
  }
  return at;
}
