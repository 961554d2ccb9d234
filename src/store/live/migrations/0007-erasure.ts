import type { Migration } from "./migration.js";

/**
 * What stays of who was erased: hashes of the user id and of the keys of rows that were only recovered for the user, under a salt
 * of the home. `erasures` says what a transaction removed, so that an erasure that was broken off goes on behind it.
 */
export const ERASURE: Migration = {
  name: "erasure",
  sql: `
    DROP TABLE tombstones;
    CREATE TABLE erasure_salts (
      salt text COLLATE "C" PRIMARY KEY
    );
    CREATE TABLE tombstones (
      sha256 text COLLATE "C" PRIMARY KEY,
      erased_at_ms int8 NOT NULL
    );
    CREATE TABLE erasures (
      id text COLLATE "C" PRIMARY KEY,
      removed text NOT NULL
    );
  `,
};
