import type { Migration } from "./migration.js";

/**
 * What was measured of a day or window, as JSON; `name` says of what, as of which model. Alerts are one row an episode: it opens, may
 * be acknowledged, and is resolved; of what is open there is one a rule and subject. What is still to be told of an alert is in
 * `alert_deliveries`, so that a process that dies loses none.
 */
export const FIGURES_AND_ALERTS: Migration = {
  name: "figures and alerts",
  sql: `
    CREATE TABLE figures (
      kind text COLLATE "C" NOT NULL,
      name text COLLATE "C" NOT NULL,
      at_ms int8 NOT NULL,
      made_at_ms int8 NOT NULL,
      document text NOT NULL,
      PRIMARY KEY (kind, name, at_ms)
    );

    -- fields of live events that are none of ours, by the day they came
    CREATE TABLE unknown_fields (
      day_ms int8 NOT NULL,
      name text COLLATE "C" NOT NULL,
      rows int8 NOT NULL,
      PRIMARY KEY (day_ms, name)
    );

    CREATE TABLE alerts (
      id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      rule text COLLATE "C" NOT NULL,
      subject text COLLATE "C" NOT NULL,
      severity text COLLATE "C" NOT NULL,
      message text NOT NULL,
      value float8,
      opened_at_ms int8 NOT NULL,
      last_seen_ms int8 NOT NULL,
      times_seen int4 NOT NULL DEFAULT 1,
      acked_at_ms int8,
      acked_by text COLLATE "C",
      resolved_at_ms int8
    );
    CREATE UNIQUE INDEX alerts_open ON alerts (rule, subject) WHERE resolved_at_ms IS NULL;

    CREATE TABLE alert_deliveries (
      id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      alert_id int8 NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
      event text COLLATE "C" NOT NULL,
      sink text COLLATE "C" NOT NULL,
      attempts int4 NOT NULL DEFAULT 0,
      next_at_ms int8 NOT NULL,
      done_at_ms int8,
      UNIQUE (alert_id, event, sink)
    );
  `,
};
