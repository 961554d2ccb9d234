import type { ErrorCode, ErrorDetails } from "../../base/errors.js";
import type { EventField } from "../../schema/event-limits.js";
import type { EventBatch } from "../../store/event-batch.js";
import type { Reject } from "./rejects.js";

/** Our field → the log's name for it. */
export type FieldMap = { readonly [field in EventField]?: string };

export type LogKind = "lines" | "csv" | "array" | "parquet";

/** What one thread reads at a time: a range of a log of lines, or a whole log of another kind. */
export interface Part {
  readonly path: string;
  readonly kind: LogKind;
  readonly fromByte: number;
  readonly toByte: number;
}

/** What all parts of an ingest have in common. */
export interface ReadingRules {
  readonly map: FieldMap;
  readonly nowMs: number;
}

/** Some of a part, on its way. */
export interface PartProgress {
  readonly batch: EventBatch;
  readonly rejects: readonly Reject[];
}

/** A part at its end. `error` where it could not be read to the end. */
export interface PartResult {
  readonly lines: number;
  readonly unknownFields: readonly (readonly [string, number])[];
  readonly error: { readonly code: ErrorCode; readonly details: ErrorDetails } | null;
}
