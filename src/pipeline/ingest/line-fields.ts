import { TEXT_COLUMN_NAMES } from "../../store/event-batch.js";
import { FIELDS } from "./event-fields.js";

/** What was read of a line so far: only the fields that the line has are as it says, the others are left from lines before. */
export interface LineFields {
  /** By text column: the code of the text, `NO_WORD` for null. */
  readonly codes: Int32Array;
  /** By slot; NaN for null. */
  readonly numbers: Float64Array;
}

export function emptyFields(codes = new Int32Array(TEXT_COLUMN_NAMES.length)): LineFields {
  return { codes, numbers: new Float64Array(FIELDS) };
}
