/** A model brought in, and a table scored with it. */
export interface ImportDocument {
  readonly version: string;
  /** The columns of the table that the model's took, in the model's order; without a table the model's own names. */
  readonly features: readonly string[];
  /** Of the table's rows, in file order; empty without a table. */
  readonly ids: readonly string[];
  readonly probabilities: readonly number[];
}

export interface ExportDocument {
  readonly version: string;
  readonly format: string;
  readonly file: string;
  readonly bytes: number;
}
