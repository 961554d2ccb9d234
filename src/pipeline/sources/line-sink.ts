/** What became of lines; `lines = accepted + duplicates + quarantined`. */
export interface LineCounts {
  readonly lines: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** Not taken, for one of the reasons. */
  readonly quarantined: number;
  /** Reason code → lines. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** Lines that follow one another in a log. */
export interface LinePortion {
  /** JSON, each line with its newline. */
  readonly bytes: Buffer;
  /** The name of the log, and how many of its lines came before. */
  readonly source: string;
  readonly linesBefore: number;
}

/** Where lines go: into the lake of a home, or to a running service. */
export interface LineSink {
  /** Told apart from other places by this name. */
  readonly name: string;
  /** The least time between two portions that are not full, ms: what small ones cost. */
  readonly restMs: number;
  /** Resolves when the lines are kept. Of lines that were taken before it makes duplicates. */
  take(portion: LinePortion): Promise<LineCounts>;
}

export const NO_LINES: LineCounts = { lines: 0, accepted: 0, duplicates: 0, quarantined: 0, reasons: {} };

export function sumOf(a: LineCounts, b: LineCounts): LineCounts {
  const reasons: Record<string, number> = { ...a.reasons };
  for (const [code, count] of Object.entries(b.reasons)) reasons[code] = (reasons[code] ?? 0) + count;
  return {
    lines: a.lines + b.lines,
    accepted: a.accepted + b.accepted,
    duplicates: a.duplicates + b.duplicates,
    quarantined: a.quarantined + b.quarantined,
    reasons,
  };
}
