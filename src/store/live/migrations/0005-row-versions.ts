import type { Migration } from "./migration.js";

/**
 * Which write a row is of, a number that never comes again: processes remember rows, and read those again whose version is
 * another. Whoever writes `record`, `last_event` or `states` gives the row a fresh one. 0 is a row that holds nothing yet.
 */
export const ROW_VERSIONS: Migration = {
  name: "row versions",
  sql: `
    ALTER TABLE sessions ADD COLUMN version int8 NOT NULL DEFAULT 0;
    ALTER TABLE user_states ADD COLUMN version int8 NOT NULL DEFAULT 0;
    -- written before there were versions: any number but 0
    UPDATE sessions SET version = 1 WHERE record IS NOT NULL;
    UPDATE user_states SET version = 1 WHERE last_event IS NOT NULL;
  `,
};
