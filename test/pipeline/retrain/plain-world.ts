import { seededRng } from "../../../src/base/rng.js";
import { MS_PER_DAY, MS_PER_HOUR } from "../../../src/base/time.js";
import { jsonLines, type TestEvent } from "../ingest-fixture.js";

const START_MS = Date.UTC(2018, 9, 1);
const HAZARD_PER_DAY = 0.012;
/** Who leaves is often unhappy in the days before, and some are who stay. */
const UNHAPPY_DAYS = 12;
const LEAVES_UNHAPPY = 0.6;
const MOODS_PER_DAY = 0.003;

/**
 * A log of few events and one plain cause, so that a model of it is made in a second: users come all the time, listen a little every
 * day, and leave, most of them after days of thumbs down.
 */
export function plainLog(users: number, days: number): string {
  const rng = seededRng("plain world");
  const events: TestEvent[] = [];
  for (let user = 0; user < users; user++) {
    const from = user % 2 === 0 ? 0 : rng.below(days - 10);
    const leaves = from + 8 + Math.floor(rng.exponential(1 / HAZARD_PER_DAY));
    const unhappyFrom = rng.uniform() < LEAVES_UNHAPPY ? leaves - UNHAPPY_DAYS : Number.POSITIVE_INFINITY;
    let moody = 0;
    for (let day = from; day < Math.min(days, leaves + 1); day++) {
      if (rng.uniform() < MOODS_PER_DAY) moody = UNHAPPY_DAYS;
      const isUnhappy = moody-- > 0 || day >= unhappyFrom;
      const pages = isUnhappy ? ["NextSong", "Thumbs Down"] : ["NextSong", "Home"];
      if (day === leaves) pages.push("Cancel", "Cancellation Confirmation");
      const atMs = START_MS + day * MS_PER_DAY + rng.below(23) * MS_PER_HOUR;
      pages.forEach((page, i) => {
        events.push({
          ts: atMs + i * 60_000,
          userId: String(1000 + user),
          sessionId: user * 1000 + day,
          itemInSession: i,
          page,
          auth: "Logged In",
          level: user % 3 === 0 ? "paid" : "free",
        });
      });
    }
  }
  return jsonLines(events.sort((a, b) => Number(a.ts) - Number(b.ts)));
}
