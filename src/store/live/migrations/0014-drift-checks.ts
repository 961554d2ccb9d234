import type { Migration } from "./migration.js";

/** Whether the users of a window differ from those that a model learned from: one check a model and last cutoff, whole as JSON. */
export const DRIFT_CHECKS: Migration = {
  name: "drift-checks",
  sql: `
    CREATE TABLE drift_checks (
      cutoff_ms int8 NOT NULL,
      model_version text NOT NULL,
      alarmed bool NOT NULL,
      p float8 NOT NULL,
      features text NOT NULL,
      episode_since_ms int8,
      made_at_ms int8 NOT NULL,
      document text NOT NULL,
      PRIMARY KEY (cutoff_ms, model_version)
    );
  `,
};
