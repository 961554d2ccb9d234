import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { recoverSessions } from "../../src/identity/recover-sessions.js";
import { type Event, eventSchema } from "../../src/schema/event.js";
import { AUTHS, LEVELS, pageCode } from "../../src/schema/pages.js";
import { needsShared, sharedPath } from "../shared.js";
import { columnsOfRows, type LoggedRow } from "./columns-of-rows.js";
import { measureHidden } from "./measure-hidden.js";

const FOLDER = "data/eventsim-logs-2018-11";

function readDailyLogs(): LoggedRow[] {
  const files = readdirSync(sharedPath(FOLDER)).filter((name) => name.endsWith(".json"));
  const lines = files.flatMap((name) =>
    readFileSync(join(sharedPath(FOLDER), name), "utf8")
      .trim()
      .split("\n"),
  );
  return lines.map((line, row) => rowOf(eventSchema.parse(JSON.parse(line)), row));
}

function rowOf(event: Event, row: number): LoggedRow {
  const auth = (AUTHS as readonly (string | null | undefined)[]).indexOf(event.auth) & 255;
  const level = (LEVELS as readonly (string | null | undefined)[]).indexOf(event.level) & 255;
  const { userId, ts, itemInSession, sessionId } = event;
  return { user: userId, tsMs: ts, item: itemInSession, page: pageCode(event.page), auth, level, sessionId, row };
}

describe.skipIf(needsShared(FOLDER))(`real daily logs (shared/${FOLDER})`, () => {
  test("every row that can have an owner gets the one its session names", () => {
    const { columns } = columnsOfRows(readDailyLogs());
    const { attributions, summary } = recoverSessions(columns);
    expect(summary).toMatchObject({ blank: 88, attributable: 78, withoutKnownRow: 10, guests: 0, sharedSessions: 0 });
    expect(summary.coverage).toBeGreaterThanOrEqual(0.988);
    attributions.row.forEach((row, i) => {
      const named = new Set<number>();
      for (let j = 0; j < columns.item.length; j++) {
        const user = columns.userIndex[j] ?? -1;
        if (columns.sessionId[j] === columns.sessionId[row] && user >= 0) named.add(user);
      }
      expect([...named]).toEqual([attributions.userIndex[i]]);
    });
  });

  test.each([
    [1, 0.995],
    [2, 0.975],
    [4, 0.93],
  ])("hidden rows, %i users an id: coverage at least %f over five draws, nobody wrong", (sharers, floor) => {
    const log = readDailyLogs();
    let [attributable, recovered] = [0, 0];
    for (let seed = 0; seed < 5; seed++) {
      const { summary, score } = measureHidden(log, sharers, seededRng(seed));
      attributable += summary.attributable;
      recovered += summary.recovered;
      expect(score.wrong).toBe(0);
      if (sharers > 1) expect(score.accuracy).toBeGreaterThan(score.rivals.nearest.accuracy ?? 1);
    }
    expect(recovered / attributable).toBeGreaterThanOrEqual(floor);
  });
});
