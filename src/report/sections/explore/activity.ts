import type { ExploreDocument } from "../../../schema/explore-document.js";
import { count, counted, percent, score } from "../../format.js";
import { type Html, html } from "../../html.js";
import { barsPlot } from "../../plots/bars.js";
import { dailyPlot, daysPerBar } from "../../plots/daily.js";
import { figure, section } from "../section.js";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** How much happens, day by day, and at which hours and weekdays. */
export function activity({ volumes, clock }: ExploreDocument): Html {
  const days = volumes.perDay.length;
  const lead = `${counted(volumes.events, "event")} of ${counted(volumes.users, "user")} on ${counted(days, "day")}, ${count(volumes.musicHours)} hours of music. All times are UTC.`;
  return section(
    { id: "activity", title: "How much happens, and when?", lead },
    html`<div class="stack">${daily(volumes)}<div class="grid">${cancelled(volumes)}${hours(clock)}${weekdays(clock)}</div></div>`,
  );
}

function daily(volumes: ExploreDocument["volumes"]): Html {
  const most = volumes.perDay.reduce((a, b) => (b.events > a.events ? b : a), { day: "–", events: 0 });
  return figure(
    "Events by day",
    `Most on ${most.day}: ${count(most.events)}.${daysPerBar(volumes) > 1 ? ` A bar is the mean of ${daysPerBar(volumes)} days.` : ""} First and last day may not be whole.`,
    html`<div class="wide">${dailyPlot(volumes, "events", { id: "daily", width: 1040, height: 260 })}</div><div class="narrow">${dailyPlot(volumes, "events", { id: "daily-narrow", width: 380, height: 260 })}</div>`,
  );
}

function cancelled(volumes: ExploreDocument["volumes"]): Html {
  const n = volumes.perDay.reduce((sum, day) => sum + day.cancelled, 0);
  if (n === 0)
    return figure(
      "Users by day",
      "Different users with an event.",
      dailyPlot(volumes, "users", { id: "users-daily", width: 380, height: 300 }),
    );
  return figure(
    "Cancellations by day",
    `${counted(n, "user")} cancelled; by the day of it.`,
    dailyPlot(volumes, "cancelled", { id: "cancelled-daily", width: 380, height: 300 }),
  );
}

function hours({ hours }: ExploreDocument["clock"]): Html {
  const starts = hours.map(({ sessionStarts }) => sessionStarts);
  const total = starts.reduce((sum, n) => sum + n, 0);
  const peak = starts.indexOf(Math.max(...starts));
  return figure(
    "Session starts by hour",
    `Most from ${peak}:00 to ${peak + 1}:00 UTC: ${percent((starts[peak] ?? 0) / total)} of ${count(total)}. Dashed: if all hours were alike.`,
    barsPlot({
      id: "hours",
      label: `Session starts by hour of the day, UTC: ${starts.map(count).join(", ")}.`,
      x: "Hour, UTC",
      y: "Session starts",
      names: starts.map((_, hour) => String(hour)),
      values: starts,
      level: total / 24,
    }),
  );
}

function weekdays({ weekdays }: ExploreDocument["clock"]): Html {
  const means = weekdays.map(({ days, sessionStarts }) => (days === 0 ? 0 : sessionStarts / days));
  const days = weekdays.reduce((sum, weekday) => sum + weekday.days, 0);
  const starts = weekdays.reduce((sum, { sessionStarts }) => sum + sessionStarts, 0);
  return figure(
    "Session starts by weekday",
    `The mean of such a day, since the span of the log may hold one weekday oftener. Dashed: the mean of all days, ${score(starts / days, 1)}.`,
    barsPlot({
      id: "weekdays",
      label: `Session starts a day by weekday: ${means.map((mean, i) => `${WEEKDAYS[i]} ${score(mean, 1)}`).join(", ")}.`,
      x: "Weekday, UTC",
      y: "Session starts a day",
      names: WEEKDAYS,
      values: means,
      level: starts / days,
    }),
  );
}
