import { expect, test } from "vitest";
import { low52 } from "../../src/base/hash.js";
import { codedEvent } from "../../src/features/coded-event.js";

const event = { ts: 1, userId: "7", sessionId: 1, itemInSession: 0, page: "NextSong" };

test("a name has the hash that the lake gives it, first and again, however many and long names are", () => {
  const names = Array.from({ length: 21_000 }, (_, i) => `name ${i}`);
  const asked = ["", "Jóga 🎹", "x".repeat(64), "x".repeat(65), ...names, "name 0", "name 20999", "Jóga 🎹"];
  for (const name of asked) {
    const { artist, song } = codedEvent({ ...event, artist: name, song: name });
    expect(artist).toBe(low52(name));
    expect(song).toBe(artist);
  }
  expect(codedEvent({ ...event, artist: null })).toMatchObject({ artist: -1, song: -1 });
});
