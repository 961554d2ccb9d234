import { describe, expect, test } from "vitest";
import { VersionedCache } from "../../../src/pipeline/live/versioned-cache.js";

const entry = (value: string, bytes = 10) => ({ version: 1, value, bytes });

describe("rows remembered in bounded memory", () => {
  test("the one not asked for longest goes first", () => {
    const cache = new VersionedCache<string, string>(30);
    for (const key of ["a", "b", "c"]) cache.put(key, entry(key));
    expect(cache.get("a")?.value).toBe("a");
    cache.put("d", entry("d"));
    expect(["a", "b", "c", "d"].map((key) => cache.get(key)?.value)).toEqual(["a", undefined, "c", "d"]);
    expect(cache.bytes).toBe(30);
  });

  test("one that is put again counts once; one larger than all the room is not kept", () => {
    const cache = new VersionedCache<string, string>(30);
    cache.put("a", entry("a", 10));
    cache.put("a", entry("longer", 20));
    expect([cache.bytes, cache.get("a")?.value]).toEqual([20, "longer"]);
    cache.put("b", entry("b", 31));
    expect([cache.bytes, cache.get("a"), cache.get("b")]).toEqual([0, null, null]);
  });

  test("what is taken is no longer there", () => {
    const cache = new VersionedCache<string, string>(30);
    cache.put("a", entry("a"));
    expect(cache.take("a")?.value).toBe("a");
    expect([cache.take("a"), cache.bytes]).toEqual([null, 0]);
  });
});
