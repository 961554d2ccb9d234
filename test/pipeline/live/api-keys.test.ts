import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asInstant } from "../../../src/base/time.js";
import { createKey, KEY_BYTES, listKeys, revokeKey, roleOfKey } from "../../../src/pipeline/live/api-keys.js";
import type { LiveDb } from "../../../src/store/live/live-db.js";
import { openLiveDb } from "../../../src/store/live/open-live-db.js";
import { emptyStore } from "../../store/live/backends.js";
import { NOW_MS, temporaryFolder, testWorld } from "../ingest-fixture.js";

const now = asInstant(NOW_MS);
const later = asInstant(NOW_MS + 1000);
let db: LiveDb;
let made = 0;

beforeAll(async () => {
  const home = join(temporaryFolder(), "home");
  await emptyStore(home);
  db = await openLiveDb({ home }, testWorld());
});
afterAll(() => db.close());

const keyOf = (role: "reader" | "admin", expiresAtMs: number | null = null) =>
  createKey(db, { role, expiresAtMs }, { now, random: Uint8Array.from({ length: KEY_BYTES }, () => made++ % 256) });

describe("a key", () => {
  it("opens what its role says, and is kept nowhere", async () => {
    const { id, key } = await keyOf("reader");
    expect(await roleOfKey(db, key, later)).toBe("reader");
    const [row] = await db.query<{ all: string }>("SELECT api_keys::text AS all FROM api_keys WHERE id = $1", [id]);
    expect(row?.all).toContain(id);
    expect(row?.all).not.toContain(key.split("_")[2]);
    expect(JSON.stringify(await listKeys(db))).not.toContain(key.split("_")[2]);
  });

  it("opens nothing with another secret, another id, or as another text", async () => {
    const { key } = await keyOf("admin");
    const turned = key.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
    for (const wrong of [turned, key.toUpperCase(), `${key} `, key.slice(0, -1), "", "rfr__", `${key}'--`]) {
      expect(await roleOfKey(db, wrong, later)).toBeNull();
    }
  });

  it("opens nothing from the moment it expires", async () => {
    const { key } = await keyOf("admin", NOW_MS + 1000);
    expect(await roleOfKey(db, key, asInstant(NOW_MS + 999))).toBe("admin");
    expect(await roleOfKey(db, key, later)).toBeNull();
  });

  it("opens nothing once it is revoked, whichever times; one that is not there cannot be", async () => {
    const { id, key } = await keyOf("admin");
    await revokeKey(db, id, later);
    await revokeKey(db, id, asInstant(NOW_MS + 5000));
    expect(await roleOfKey(db, key, later)).toBeNull();
    expect((await listKeys(db)).find((one) => one.id === id)?.revokedAtMs).toBe(later);
    await expect(revokeKey(db, "ffff", later)).rejects.toMatchObject({ code: "KEY_UNKNOWN" });
  });
});
