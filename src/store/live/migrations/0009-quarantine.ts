import type { Migration } from "./migration.js";

/** Live events that were not taken, as JSON of the fields of an event; null where nothing fit to be kept. */
export const QUARANTINE: Migration = {
  name: "quarantine",
  sql: `
    CREATE TABLE quarantine (
      id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      received_at_ms int8 NOT NULL,
      code text NOT NULL,
      user_id text COLLATE "C",
      event text
    );
    CREATE INDEX quarantine_of_user ON quarantine (user_id);

    -- one row: how many made room for later ones
    CREATE TABLE quarantine_dropped (
      rows int8 NOT NULL
    );
    INSERT INTO quarantine_dropped VALUES (0);
  `,
};
