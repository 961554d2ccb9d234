import type { Migration } from "./migration.js";

/**
 * What was answered of a user, when, and by which model. `sequence` counts the answers of one process from a random number on, so
 * that a row written again is the same one. `reasons` is a JSON list of [feature, value, effect].
 */
export const PREDICTIONS: Migration = {
  name: "predictions",
  sql: `
    CREATE TABLE predictions (
      made_at_ms int8 NOT NULL,
      sequence int8 NOT NULL,
      as_of_ms int8 NOT NULL,
      probability float8 NOT NULL,
      is_churn boolean NOT NULL,
      at_risk boolean NOT NULL,
      user_id text COLLATE "C" NOT NULL,
      model_version text COLLATE "C" NOT NULL,
      risk_level text COLLATE "C" NOT NULL,
      reasons text COLLATE "C" NOT NULL,
      PRIMARY KEY (user_id, made_at_ms, sequence)
    );
  `,
};
