import {
  type Attribution,
  type Hypothesis,
  SETTLE_AT,
  type SessionRow,
  type SessionState,
  type Stream,
} from "./session-state.js";

/**
 * Takes out of the hypotheses every unsettled row that one user owns with posterior ≥ SETTLE_AT, and returns the
 * decisions. Hypotheses that disagree stay: a decision is final, but later rows may still show another owner for others.
 */
export function settle({ hypotheses, doubt }: SessionState, evidence: SessionRow): Attribution[] {
  const shares = ownership(hypotheses);
  const settled: Attribution[] = [];
  for (const [row, owners] of shares) {
    for (const [user, share] of owners) {
      const confidence = Math.min(1, share) * (1 - doubt);
      if (confidence < SETTLE_AT) continue;
      const rule = row === evidence.row ? "continues" : user === evidence.user ? "login" : "elimination";
      settled.push({ row, user, confidence, knownAtMs: evidence.tsMs, rule });
    }
  }
  if (settled.length > 0) forget(hypotheses, new Set(settled.map((one) => one.row)));
  return settled;
}

/** Row → owner → the weight of the hypotheses that say so. */
function ownership(hypotheses: readonly Hypothesis[]): Map<number, Map<string, number>> {
  const shares = new Map<number, Map<string, number>>();
  for (const { weight, streams } of hypotheses) {
    for (const { user, rows } of streams) {
      if (user === "") continue;
      for (const row of rows) {
        const owners = shares.get(row) ?? new Map<string, number>();
        owners.set(user, (owners.get(user) ?? 0) + weight);
        shares.set(row, owners);
      }
    }
  }
  return shares;
}

function forget(hypotheses: readonly Hypothesis[], rows: ReadonlySet<number>): void {
  for (const { streams } of hypotheses) {
    for (let i = 0; i < streams.length; i++) {
      const stream = streams[i] as Stream;
      if (stream.rows.some((row) => rows.has(row))) {
        streams[i] = { ...stream, rows: stream.rows.filter((row) => !rows.has(row)) };
      }
    }
  }
}
