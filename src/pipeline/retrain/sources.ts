import type { LiveDb } from "../../store/live/live-db.js";
import type { DueSources } from "./facts.js";

/** What the live store knows of quality, drift and data. */
export function dueSources(_db: LiveDb): DueSources {
  return {
    quality: async () => null,
    driftAlarm: async () => null,
    blockFlaws: async () => [],
  };
}
