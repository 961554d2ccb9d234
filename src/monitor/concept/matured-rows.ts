/** Scored rows whose outcome is known. */
export interface MaturedRows {
  readonly users: readonly string[];
  readonly cutoffMs: Float64Array;
  readonly p: Float64Array;
  /** 1 where p reached the model's threshold. */
  readonly flagged: Uint8Array;
  readonly y: Uint8Array;
}

/** Numbers the users 0, 1, 2 … as they come. */
export function userNumbers(users: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  for (const user of users) if (!numbers.has(user)) numbers.set(user, numbers.size);
  return Int32Array.from(users, (user) => numbers.get(user) ?? -1);
}

/** Numbers the cutoffs 0, 1, 2 … as they come. */
export function groupsOf(cutoffMs: Float64Array): Int32Array {
  const numbers = new Map<number, number>();
  for (const at of cutoffMs) if (!numbers.has(at)) numbers.set(at, numbers.size);
  return Int32Array.from(cutoffMs, (at) => numbers.get(at) ?? -1);
}

export function takeMatured(rows: MaturedRows, keep: (row: number) => boolean): MaturedRows {
  const kept = Array.from(rows.y.keys()).filter(keep);
  return {
    users: kept.map((row) => rows.users[row] ?? ""),
    cutoffMs: Float64Array.from(kept, (row) => rows.cutoffMs[row] ?? Number.NaN),
    p: Float64Array.from(kept, (row) => rows.p[row] ?? Number.NaN),
    flagged: Uint8Array.from(kept, (row) => rows.flagged[row] ?? 0),
    y: Uint8Array.from(kept, (row) => rows.y[row] ?? 0),
  };
}
