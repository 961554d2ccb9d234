import type { Migration } from "./migration.js";

/**
 * Who is logged in, and who changed what. Of tokens only the SHA-256 is kept. A login by a key has no role of its own: it has the
 * key's as long as the key opens anything.
 */
export const LOGINS_AND_AUDIT: Migration = {
  name: "logins and audit log",
  sql: `
    CREATE TABLE logins (
      token_sha256 bytea PRIMARY KEY,
      key_id text COLLATE "C" REFERENCES api_keys (id),
      role text,
      made_at_ms int8 NOT NULL,
      expires_at_ms int8 NOT NULL,
      CHECK ((key_id IS NULL) <> (role IS NULL))
    );

    -- links that open a login once
    CREATE TABLE login_links (
      token_sha256 bytea PRIMARY KEY,
      role text NOT NULL,
      expires_at_ms int8 NOT NULL
    );

    CREATE TABLE audit_log (
      id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at_ms int8 NOT NULL,
      caller text COLLATE "C",
      action text NOT NULL,
      target text,
      status int4 NOT NULL,
      request_id text NOT NULL
    );
  `,
};
