import { assert } from "../../base/assert.js";
import type { UserId } from "../../schema/user-id.js";
import type { LiveSql } from "../../store/live/live-db.js";
import type { OwnedRow, UserRecord, UserStore } from "../incremental/event-store.js";
import { rowsOfUsers } from "./rows-of-users.js";
import { readUser } from "./user-table.js";

/** Users as they are stored, to read: it locks nobody. */
export class LiveUsers implements UserStore {
  readonly #sql: LiveSql;

  constructor(sql: LiveSql) {
    this.#sql = sql;
  }

  async rowsOfUser(user: UserId): Promise<readonly OwnedRow[]> {
    return (await rowsOfUsers(this.#sql, [user], new Map())).get(user) ?? [];
  }

  user(user: UserId): Promise<UserRecord | null> {
    return readUser(this.#sql, user);
  }

  async saveUser(): Promise<void> {
    assert(false, "LiveUsers only reads");
  }
}
