/** Formats that models are read from and written to. */
export const IMPORT_FORMATS = ["json", "xgboost"] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export const EXPORT_FORMATS = ["json", "onnx", "xgboost"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Names of columns that were only known by their order, as XGBoost calls them: f0, f1, … */
export function numberedNames(inputs: number): string[] {
  return Array.from({ length: inputs }, (_, column) => `f${column}`);
}

/** The names of a model's columns; null where they are the numbers that an import without names gave them. */
export function realNames(features: readonly string[]): readonly string[] | null {
  return features.every((name, column) => name === `f${column}`) ? null : features;
}
