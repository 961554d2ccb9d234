import type { DecisionCosts, ThresholdPolicy } from "../../evaluate/decision-costs.js";
import type { Resample } from "../../evaluate/resampled.js";
import type { Search } from "../../evaluate/search/settings.js";
import type { ProtocolShape } from "../../evaluate/splits.js";
import type { Label } from "../../labels/label.js";
import type { Procedure } from "./procedure.js";
import type { Journals } from "./search/journal.js";

/** How candidates are made, whatever the protocol. */
export interface CandidateOptions {
  readonly models: readonly string[];
  readonly search: Search;
  /** Time for all searches together; null for as long as they take. */
  readonly budgetSeconds?: number | null;
  readonly resample?: Resample;
  /** Seeds with which the chosen setting is fitted and measured again; null for what the protocol does unasked. */
  readonly seeds: number | null;
  /** Where searches leave what they have got; absent: nowhere. */
  readonly journals?: Journals;
}

export interface DecisionOptions {
  readonly policy: ThresholdPolicy;
  readonly costs: DecisionCosts | null;
  /** Contacts that can be made at a cutoff. */
  readonly contacts: number | null;
}

export interface TrainOptions extends CandidateOptions {
  readonly label: Label;
  /** What contacts cost and bring, and how thresholds are chosen; absent: by F1. */
  readonly decisions?: DecisionOptions;
  /** Its horizon is the label's window. */
  readonly shape: ProtocolShape;
  /** Absent: the real one. */
  readonly procedure?: Procedure;
}
