import { describe, expect, it } from "vitest";
import { low52 } from "../../../src/base/hash.js";
import { checkEvents } from "../../../src/pipeline/live/check-events.js";
import { LEVEL, pageCode } from "../../../src/schema/pages.js";
import { event, NOW_MS } from "../ingest-fixture.js";

const T = 1_538_352_117_000;

describe("checking events that come one list at a time", () => {
  it("gives those that are good in their codes, and says of each other one where it stood and why not", () => {
    const good = event({ ts: T, userId: 7, page: "NextSong", level: "paid", song: "Jóga", location: "Newark, NY-NJ" });
    const { events, rejected } = checkEvents(
      [null, good, { ...good, ts: "soon" }, { ...good, page: undefined }, [good], { ...good, ts: T / 1000 }],
      NOW_MS,
    );
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      userId: "7",
      pageName: "NextSong",
      tsMs: T,
      page: pageCode("NextSong"),
      level: LEVEL.paid,
      song: low52("Jóga"),
      stateName: "NY-NJ",
    });
    expect(rejected.map(({ index, code }) => [index, code])).toEqual([
      [0, "NOT_AN_OBJECT"],
      [2, "BAD_TS"],
      [3, "MISSING_PAGE"],
      [4, "NOT_AN_OBJECT"],
      [5, "TS_IN_SECONDS"],
    ]);
    expect(rejected[1]?.message).toContain("ts");
  });

  it("takes times as ISO text too, and nothing from the day after tomorrow", () => {
    const day = 86_400_000;
    const at = (ts: unknown) => checkEvents([event({ ts })], NOW_MS).rejected[0]?.code ?? "taken";
    expect(at("2018-10-01T00:01:57.000Z")).toBe("taken");
    expect(at(NOW_MS + day)).toBe("taken");
    expect(at(NOW_MS + day + 1)).toBe("TS_IN_FUTURE");
  });

  it("is not fooled by names that objects have of themselves", () => {
    const hostile = JSON.parse(`{"__proto__":{"page":"Home"},"ts":${T},"sessionId":1,"itemInSession":0,"userId":"x"}`);
    expect(checkEvents([hostile], NOW_MS).rejected[0]?.code).toBe("MISSING_PAGE");
    expect(({} as Record<string, unknown>).page).toBeUndefined();
  });
});
