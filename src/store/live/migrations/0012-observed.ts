import type { Migration } from "./migration.js";

/**
 * What the users at risk looked like on each closed day, how they were scored, and what became of them. `label` is JSON: what
 * outcomes are of. An outcome of −2 is not ripe, −1 lies in the gap or before the cutoff. `features` are float64, little-endian, in the
 * order of the day's names; null once they are forgotten.
 */
export const OBSERVED: Migration = {
  name: "observed",
  sql: `
    CREATE TABLE observed_days (
      cutoff_ms int8 PRIMARY KEY,
      at_risk int4 NOT NULL,
      features text NOT NULL,
      label text NOT NULL,
      made_at_ms int8 NOT NULL,
      matured_at_ms int8
    );

    CREATE TABLE observed (
      cutoff_ms int8 NOT NULL,
      outcome int2 NOT NULL DEFAULT -2,
      level int2 NOT NULL,
      treated boolean NOT NULL,
      user_id text COLLATE "C" NOT NULL,
      features bytea,
      PRIMARY KEY (cutoff_ms, user_id)
    );
    CREATE INDEX observed_of_user ON observed (user_id);

    CREATE TABLE observed_scores (
      cutoff_ms int8 NOT NULL,
      probability float8 NOT NULL,
      is_churn boolean NOT NULL,
      user_id text COLLATE "C" NOT NULL,
      model_version text COLLATE "C" NOT NULL,
      PRIMARY KEY (model_version, cutoff_ms, user_id)
    );
    CREATE INDEX observed_scores_of_user ON observed_scores (user_id);
  `,
};
