import type { Migration } from "./migration.js";

/** The last score of every user, to be listed by; null where there was no model. Text of reasons as JSON. */
export const SCORES: Migration = {
  name: "scores",
  sql: `
    CREATE TABLE scores (
      user_id text COLLATE "C" PRIMARY KEY,
      level text,
      state text,
      last_seen_ms int8 NOT NULL,
      as_of_ms int8 NOT NULL,
      model_version text,
      at_risk bool,
      churn_probability float8,
      churn_prediction bool,
      risk_level text,
      reasons text
    ) WITH (fillfactor = 80);
    CREATE INDEX scores_by_risk ON scores (coalesce(churn_probability, -1) DESC, user_id);

    -- days whose table of scores has been handed out
    CREATE TABLE score_days (
      day text PRIMARY KEY,
      made_at_ms int8 NOT NULL
    );
  `,
};
