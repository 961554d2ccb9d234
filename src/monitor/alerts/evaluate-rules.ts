import type { AlertRule, Severity, SignalName } from "../../schema/alert-rules.js";

/** A signal as it stands. A subject is what it is of, where there are several: a figure, a step. */
export interface SignalValue {
  readonly signal: SignalName;
  readonly subject: string;
  readonly value: number;
  /** A sentence: what it means. */
  readonly message: string;
}

/** A rule that holds for a signal now. */
export interface Finding {
  readonly rule: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly message: string;
  readonly value: number;
}

/** Which rules hold. A signal that is not there, or is not a number, opens nothing. */
export function evaluateRules(rules: readonly AlertRule[], signals: readonly SignalValue[]): Finding[] {
  return rules.flatMap(({ name, signal, above, below, severity }) =>
    signals
      .filter((one) => one.signal === signal)
      .filter(({ value }) => (above !== undefined && value > above) || (below !== undefined && value < below))
      .map(({ subject, message, value }) => ({ rule: name, subject, severity, message, value })),
  );
}
