import type { DriftCheckDocument } from "../../schema/drift-document.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { type AfterCheck, driftPage, type ListedCheck, latestCheck } from "./drift-table.js";

/** What the loop has found and stored, to be shown. */
export class LoopFindings {
  readonly #db: LiveDb;

  constructor(db: LiveDb) {
    this.#db = db;
  }

  /** Checks of drift, latest first. */
  driftChecks(page: { readonly after: AfterCheck | null; readonly limit: number }): Promise<ListedCheck[]> {
    return driftPage(this.#db, page);
  }

  /** The latest check of drift, whole; null before the first. */
  latestDrift(): Promise<DriftCheckDocument | null> {
    return latestCheck(this.#db);
  }
}
