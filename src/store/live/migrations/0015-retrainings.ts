import type { Migration } from "./migration.js";

/** What of several processes on one database only one may do at a time, and every decision about retraining with what came of it. */
export const RETRAININGS: Migration = {
  name: "retrainings",
  sql: `
    CREATE TABLE leases (
      name text COLLATE "C" PRIMARY KEY,
      holder text COLLATE "C" NOT NULL,
      until_ms int8 NOT NULL
    );

    -- state: running, promoted, challenger, nothing, failed, broken-off; causes and document are JSON
    CREATE TABLE retrainings (
      id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      begun_at_ms int8 NOT NULL,
      ended_at_ms int8,
      state text NOT NULL,
      asked_by text COLLATE "C" NOT NULL,
      causes text NOT NULL,
      champion text COLLATE "C" NOT NULL,
      candidate text COLLATE "C",
      document text
    );
  `,
};
