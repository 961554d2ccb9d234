import type { ExploreDocument, Spread } from "../../schema/explore-document.js";
import { count, counted, day, NONE, percent, score } from "../format.js";
import { PLAN_WORDS } from "../sections/explore/listening.js";
import { columns, fact, heading, paragraph } from "./blocks.js";
import { ended, readable, simulatedLines } from "./frame.js";
import type { Screen } from "./screen.js";

const PAGES_SHOWN = 12;

/** What is in the data, to be read in a terminal. */
export function renderExplore(document: ExploreDocument, given: Screen): string {
  const screen = readable(given);
  return ended([
    ...simulatedLines(document, screen),
    ...volumeLines(document, screen),
    ...pageLines(document, screen),
    ...spreadLines(document, screen),
    ...planLines(document, screen),
    ...churnLines(document, screen),
    ...oddityLines(document, screen),
  ]);
}

function volumeLines({ volumes, clock }: ExploreDocument, screen: Screen): string[] {
  const blank = percent(volumes.eventsWithoutUser / volumes.events);
  const starts = clock.hours.map(({ sessionStarts }) => sessionStarts);
  const peak = starts.indexOf(Math.max(...starts));
  return [
    ...heading("VOLUMES (times are UTC)", screen),
    ...fact("Events", `${count(volumes.events)}, ${blank} of them without a user id`, screen),
    ...fact("Users", `${count(volumes.users)} in ${counted(volumes.sessions, "session")}`, screen),
    ...fact("Songs", `${count(volumes.songs)}, ${count(volumes.musicHours)} hours`, screen),
    ...fact(
      "Days",
      `${day(volumes.firstTs)} to ${day(volumes.lastTs)}, ${count(volumes.perDay.length)} with events`,
      screen,
    ),
    ...fact("Busiest hour", `from ${peak}:00, with ${count(starts[peak])} session starts`, screen),
  ];
}

function pageLines({ pages }: ExploreDocument, screen: Screen): string[] {
  const rate = (page: string, value: number | null) => (page === "NextSong" ? NONE : score(value, 1));
  const rows = pages.slice(0, PAGES_SHOWN).map(({ page, events, share, usersShare, per1000Songs: { free, paid } }) => ({
    cells: [page, count(events), percent(share), percent(usersShare), rate(page, free), rate(page, paid)],
  }));
  const more = pages.length - PAGES_SHOWN;
  return [
    ...heading("PAGES (visits for 1,000 songs, by plan)", screen),
    ...columns(["Page", "Events", "Share", "Users", "Free", "Paid"], rows, screen),
    ...(more > 0 ? paragraph(`and ${counted(more, "page")} more, in --json and on the page`, screen, "soft") : []),
  ];
}

function spreadLines({ sessions, users }: ExploreDocument, screen: Screen): string[] {
  const row = (name: string, { n, quantiles }: Spread) => ({
    cells: [name, count(n), ...(quantiles ?? [null, null, null, null, null]).map((value) => score(value, 1))],
  });
  return [
    ...heading("SESSIONS AND USERS", screen),
    ...columns(
      ["", "n", "5%", "25%", "Median", "75%", "95%"],
      [
        row("Songs in a session", sessions.songs),
        row("Minutes of a session", sessions.minutes),
        row("Hours to the next", sessions.gapHours),
        row("Sessions of a user", users.sessions),
        row("Days a user came", users.activeDays),
      ],
      screen,
    ),
  ];
}

function planLines({ users }: ExploreDocument, screen: Screen): string[] {
  const rows = users.plans.map(({ plan, users: n, cancelled, songs, sessions }) => ({
    cells: [PLAN_WORDS[plan], count(n), count(cancelled), percent(cancelled / n), score(songs / sessions, 1)],
  }));
  return [
    ...heading("PLANS", screen),
    ...columns(["Plan", "Users", "Cancelled", "Share", "Songs a session"], rows, screen),
  ];
}

function churnLines({ churn, survival, retention }: ExploreDocument, screen: Screen): string[] {
  const nobody = paragraph(
    "Nobody cancels in this log: there is no churn to describe, or to learn from.",
    screen,
    "doubt",
  );
  if (churn === null) return [...heading("CHURN", screen), ...nobody];
  const still = survival.map(({ plan, users, points }) => {
    const last = points.at(-1);
    return `${plan} ${percent(last?.survival ?? 1)} of ${counted(users, "user")}`;
  });
  const cohort = retention.firstSeen[0];
  const back = cohort?.steps.at(-1);
  return [
    ...heading("CHURN", screen),
    ...fact(
      "Cancelled",
      `${counted(churn.cancelled, "user")}, ${percent(churn.share)} over the whole log (not a rate for a horizon)`,
      screen,
    ),
    ...fact(
      "When",
      `half within ${score(churn.daysSinceFirstEvent.quantiles?.[2], 1)} days of their first event`,
      screen,
    ),
    ...fact(
      "Page before",
      churn.pageBefore
        .slice(0, 4)
        .map(({ page, users }) => `${page} ${count(users)}`)
        .join(", "),
      screen,
    ),
    ...fact("Still there", `at the end, by the plan at the first event (Kaplan–Meier): ${still.join(", ")}`, screen),
    ...(back === undefined || cohort === undefined
      ? []
      : fact(
          "Came back",
          `first seen from ${cohort.from}: ${percent(back.active / back.users)} came in step ${cohort.steps.length - 1} of ${retention.stepDays} days`,
          screen,
        )),
  ];
}

function oddityLines({ oddities }: ExploreDocument, screen: Screen): string[] {
  const found = oddities.filter((oddity) => oddity.found > 0);
  return [
    ...heading(`ODDITIES (${found.length} of ${oddities.length} looked for were found)`, screen),
    ...found.flatMap(({ found: n, of, what, meaning }) =>
      fact(`${count(n)} (${percent(n / of)})`, `${what}: ${meaning}`, screen),
    ),
  ];
}
