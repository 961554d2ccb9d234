import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { asInstant } from "../../src/base/time.js";
import { columnMap } from "../../src/cli/column-map.js";
import { POINT_IN_TIME } from "../../src/features/catalogue.js";
import { foldUsers } from "../../src/features/fold-users.js";
import { featureNames } from "../../src/features/snapshot-plan.js";
import { ingest } from "../../src/pipeline/ingest.js";
import { loadEvents } from "../../src/pipeline/recover.js";
import { snapshotUsers } from "../../src/pipeline/snapshot.js";
import { spanOf } from "../../src/pipeline/user-spans.js";
import { PAGE, type PageName } from "../../src/schema/pages.js";
import { temporaryFolder, testWorld } from "../pipeline/ingest-fixture.js";
import { needsShared, readShared, sharedPath } from "../shared.js";

const TABLE = "data/sparkify-medium-users/user_features.json";
const LOG = "data/sparkify-raw-users/events.jsonl";
const EXPECTED = "data/sparkify-raw-users/expected_features.csv";

test.skipIf(needsShared(TABLE))("the 46 reference features have the reference's names, in its order", () => {
  const [row = {}] = readShared<Record<string, unknown>[]>(TABLE);
  const names = Object.keys(row).filter((name) => name !== "user_id" && name !== "churn");
  expect(names).toHaveLength(46);
  expect(featureNames({ catalogue: "whole-history", cutoffs: [], riskSet: null })).toEqual(names);
});

interface Found {
  /** The 46 reference features. */
  readonly feature: (name: string) => number;
  /** Events of a page, from the `pages` accumulator. */
  readonly page: (name: PageName) => number;
  readonly everPaid: number;
  readonly firstTsMs: number;
  readonly lastTsMs: number;
}

const hours = ({ feature }: Found): number => (feature("num_sessions") * feature("avg_session_duration_mins")) / 60;
/** All rows but the songs, and but the confirmation that ends a churned user's log. */
const beside = ({ feature, page }: Found): number =>
  feature("total_events") - feature("songs_played") - page("Cancellation Confirmation");

const feature = (name: string) => (found: Found) => found.feature(name);
const page = (name: PageName) => (found: Found) => found.page(name);
const COUNTS: Readonly<Record<string, (found: Found) => number>> = {
  count_items: feature("total_events"),
  session_count: feature("num_sessions"),
  // Of anyone who ever was, as user 95 shows, who went back to free.
  paid: ({ everPaid }) => everPaid,
  next_song_count: feature("songs_played"),
  thumbs_up_count: feature("thumbs_up"),
  thumbs_down_count: feature("thumbs_down"),
  add_playlist_count: feature("playlist_adds"),
  add_friend_count: feature("add_friend"),
  advert_count: feature("advert_roll"),
  submit_downgrade_count: feature("downgrades"),
  submit_upgrade: feature("upgrades"),
  error_count: feature("error_count"),
  help_count: feature("help_visits"),
  settings_count: feature("settings_visits"),
  churn: page("Cancellation Confirmation"),
  home_count: page("Home"),
  about_count: page("About"),
  save_settings_count: page("Save Settings"),
  downgrade_count: page("Downgrade"),
  upgrade_count: page("Upgrade"),
  non_song_interaction_count: beside,
};

const perHour = (count: (found: Found) => number) => (found: Found) => count(found) / hours(found);
const RATES: Readonly<Record<string, (found: Found) => number>> = {
  sum_length: feature("total_listening_time"),
  tenure_days: ({ firstTsMs, lastTsMs }) => (lastTsMs - firstTsMs) / 86_400_000,
  thumbs_up_pct: feature("positive_feedback_ratio"),
  avg_items_session: feature("events_per_session"),
  avg_songs_session: ({ feature: of }) => of("songs_played") / of("num_sessions"),
  sum_session_length_hours: hours,
  avg_session_length_hours: ({ feature: of }) => of("avg_session_duration_mins") / 60,
  interaction_rate: perHour(feature("total_events")),
  next_song_rate: perHour(feature("songs_played")),
  thumbs_up_rate: perHour(feature("thumbs_up")),
  thumbs_down_rate: perHour(feature("thumbs_down")),
  add_playlist_rate: perHour(feature("playlist_adds")),
  add_friend_rate: perHour(feature("add_friend")),
  advert_rate: perHour(feature("advert_roll")),
  submit_downgrade_rate: perHour(feature("downgrades")),
  error_rate: perHour(feature("error_count")),
  help_rate: perHour(feature("help_visits")),
  settings_rate: perHour(feature("settings_visits")),
  home_rate: perHour(page("Home")),
  about_rate: perHour(page("About")),
  save_settings_rate: perHour(page("Save Settings")),
  downgrade_rate: perHour(page("Downgrade")),
  upgrade_rate: perHour(page("Upgrade")),
  non_song_interaction_rate: perHour(beside),
};

/** Columns of the file that nothing here can be held to. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  PUT_200_count: "the folds do not see the HTTP method",
  GET_200_count: "the folds do not see the HTTP method",
  PUT_307_count: "the folds do not see the HTTP method",
};

describe.skipIf(needsShared(EXPECTED))("five real users, counted by someone else from the complete log", () => {
  const home = temporaryFolder();
  const [head = "", ...lines] = needsShared(EXPECTED)
    ? []
    : readFileSync(sharedPath(EXPECTED), "utf8").trim().split("\n");
  const names = head.split(",");
  const expected = lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i] ?? "", cell])));
  const users = new Map<string, Found>();

  beforeAll(async () => {
    const world = testWorld();
    await ingest(home, [sharedPath(LOG)], { map: columnMap(undefined) }, world);
    const columns = await loadEvents(home, world);
    const cutoffs = [asInstant(spanOf(columns).lastTsMs)];
    const table = await snapshotUsers(columns, { catalogue: "whole-history", cutoffs, riskSet: null }, world);
    const everyone = { catalogue: POINT_IN_TIME, cutoffs, from: 0, to: columns.users.length };
    foldUsers(columns, everyone, (user, _cutoff, { pages, profile }) => {
      const row = table.userIndex.indexOf(user) * table.x.cols;
      users.set(columns.users[user] ?? "", {
        feature: (name) => table.x.data[row + table.features.indexOf(name)] ?? Number.NaN,
        page: (name) => pages.all[PAGE[name]] ?? Number.NaN,
        everPaid: profile.everPaid,
        firstTsMs: profile.firstTsMs,
        lastTsMs: profile.lastTsMs,
      });
    });
  });

  test("every column of the file is checked here, or left out for a reason", () => {
    const named = ["userId", "gender", ...Object.keys(COUNTS), ...Object.keys(RATES), ...Object.keys(LEFT_OUT)];
    expect(named.toSorted()).toEqual(names.toSorted());
    expect([...users.keys()].sort()).toEqual(expected.map(({ userId }) => userId).sort());
  });

  test("genders", () => {
    const found = expected.map(({ userId = "" }) => (users.get(userId)?.feature("gender_M") === 1 ? "M" : "F"));
    expect(found).toEqual(expected.map(({ gender }) => gender));
  });

  test.each(Object.keys(COUNTS))("%s, exactly", (name) => {
    for (const row of expected) {
      const found = users.get(row.userId ?? "");
      expect(found && COUNTS[name]?.(found), `user ${row.userId}`).toBe(Number(row[name]));
    }
  });

  test.each(Object.keys(RATES))("%s, to a billionth", (name) => {
    for (const row of expected) {
      const found = users.get(row.userId ?? "");
      const value = (found && RATES[name]?.(found)) ?? Number.NaN;
      const wanted = Number(row[name]);
      expect(Math.abs(value - wanted), `user ${row.userId}: ${value}`).toBeLessThanOrEqual(1e-9 * Math.abs(wanted));
    }
  });
});
