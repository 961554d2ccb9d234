import type { Migration } from "./migration.js";

/**
 * From here on `record` and `last_event` are lists, which who knows this migration reads beside the objects of before. States of up to
 * half a page, as most are, stay in their row: they are written over with every batch, and elsewhere they are two rows and two entries
 * of an index.
 */
export const SHORT_RECORDS: Migration = {
  name: "short records",
  sql: "ALTER TABLE user_states SET (toast_tuple_target = 4000)",
};
