import type { SqlValue } from "./live-db.js";

/** What the thread with the database is told: a statement with parameters, a script, or to end. */
export type PgliteTask =
  | { readonly kind: "query"; readonly text: string; readonly values: readonly SqlValue[] }
  | { readonly kind: "exec"; readonly text: string }
  | { readonly kind: "close" };

/** Tasks are answered in their order. */
export type PgliteAnswer =
  | { readonly kind: "rows"; readonly rows: readonly unknown[] }
  | { readonly kind: "failed"; readonly reason: string; readonly code: string | null };
