import type { Migration } from "./migration.js";

/** Who may ask what, and which files of the lake have been taken in. Of a key only the SHA-256 is kept. */
export const KEYS_AND_LAKE_FILES: Migration = {
  name: "keys and lake files",
  sql: `
    CREATE TABLE api_keys (
      id text COLLATE "C" PRIMARY KEY,
      role text NOT NULL,
      secret_sha256 bytea NOT NULL,
      made_at_ms int8 NOT NULL,
      expires_at_ms int8,
      revoked_at_ms int8
    );

    -- by digest: a file that was written again with the same events is the same
    CREATE TABLE lake_files (
      path text PRIMARY KEY,
      digest text NOT NULL,
      taken_at_ms int8 NOT NULL
    );
  `,
};
