import type { Migration } from "./migration.js";

/**
 * What a row of the lake has beyond the codes of an event. It is kept until the lake holds the row: null says that it does, for
 * events that came from there too. So what is still to be brought there is what the index knows of, and nothing else.
 */
export const EVENT_TEXTS: Migration = {
  name: "event texts",
  sql: `
    ALTER TABLE events ADD COLUMN texts text COLLATE "C";
    CREATE INDEX events_not_in_lake ON events (ts_ms) WHERE texts IS NOT NULL;
  `,
};
