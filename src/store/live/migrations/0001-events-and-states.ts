import type { Migration } from "./migration.js";

/**
 * Events as they were received, in the codes of the folds, and what was folded from them. The first key of `events` is that of
 * idempotency; as it begins with the user it finds the events of one, and those of a session that name nobody. A row of
 * `sessions` or `user_states` whose record is null is there to be locked. `registration_ms` is null where the row does not say.
 *
 * What is written over again and again leaves room in its page, so that no index changes with it. States are mostly hashes:
 * compressing them costs time and gains nothing.
 */
export const EVENTS_AND_STATES: Migration = {
  name: "events and states",
  sql: `
    CREATE TABLE events (
      session_id int8 NOT NULL,
      ts_ms int8 NOT NULL,
      artist int8 NOT NULL,
      song int8 NOT NULL,
      registration_ms int8,
      received_at_ms int8 NOT NULL,
      item int4 NOT NULL,
      row_number int4 NOT NULL,
      length_10us int4 NOT NULL,
      page int2 NOT NULL,
      auth int2 NOT NULL,
      level int2 NOT NULL,
      status int2 NOT NULL,
      gender int2 NOT NULL,
      user_id text COLLATE "C" NOT NULL,
      page_name text COLLATE "C" NOT NULL,
      state_name text COLLATE "C" NOT NULL,
      PRIMARY KEY (user_id, session_id, item, ts_ms, page_name)
    );
    CREATE INDEX events_of_session ON events (session_id);

    CREATE TABLE sessions (
      session_id int8 PRIMARY KEY,
      next_row int4 NOT NULL DEFAULT 0,
      record text
    ) WITH (fillfactor = 60);

    -- sessions that hold, or once held, an event recovered for the user
    CREATE TABLE recovered_in (
      user_id text COLLATE "C" NOT NULL,
      session_id int8 NOT NULL,
      PRIMARY KEY (user_id, session_id)
    );

    CREATE TABLE user_states (
      user_id text COLLATE "C" PRIMARY KEY,
      treated_at_ms int8,
      last_event text,
      states bytea
    ) WITH (fillfactor = 60);
    ALTER TABLE user_states ALTER COLUMN states SET STORAGE EXTERNAL;

    CREATE TABLE tombstones (
      user_sha256 bytea PRIMARY KEY,
      erased_at_ms int8 NOT NULL
    );
  `,
};
