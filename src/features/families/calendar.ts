import { MS_PER_DAY, utcDay } from "../../base/time.js";
import type { Feature } from "../fold.js";
import { HolidayCalendar, holidayState } from "../holidays.js";
import type { States } from "../states.js";

interface CalendarDay {
  readonly day: number;
  readonly year: number;
  /** 0 on 1 January, below 1. */
  readonly yearShare: number;
  readonly monthShare: number;
  readonly weekend: boolean;
}

function calendarDay(day: number): CalendarDay {
  const date = new Date(day * MS_PER_DAY);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  const firstOf = (y: number, m: number) => Date.UTC(y, m) / MS_PER_DAY;
  const yearDays = firstOf(year + 1, 0) - firstOf(year, 0);
  const monthDays = firstOf(year, month + 1) - firstOf(year, month);
  return {
    day,
    year,
    yearShare: (day - firstOf(year, 0)) / yearDays,
    monthShare: (day - firstOf(year, month)) / monthDays,
    weekend: date.getUTCDay() % 6 === 0,
  };
}

/** Whole UTC days after the cutoff's that the default label looks at: a gap of one, a horizon of ten. */
const AHEAD_DAYS = 11;

type ReadDay = (today: CalendarDay) => number;
type ReadHolidays = (holidays: HolidayCalendar, today: CalendarDay) => number;

const SEASONS: readonly (Pick<Feature<States>, "name" | "unit" | "description"> & { readonly of: ReadDay })[] = [
  {
    name: "is_weekend",
    unit: "yes/no",
    description: "the cutoff is on a Saturday or Sunday (UTC)",
    of: (d) => +d.weekend,
  },
  {
    name: "month_position",
    unit: "share",
    description: "share of the month that is over, in whole days",
    of: (d) => d.monthShare,
  },
  {
    name: "winter_index",
    unit: "index",
    description: "place in the year: 1 on 1 January, −1 half a year on",
    of: (d) => Math.cos(2 * Math.PI * d.yearShare),
  },
  {
    name: "spring_index",
    unit: "index",
    description: "place in the year: 1 at the beginning of April, −1 half a year on",
    of: (d) => Math.sin(2 * Math.PI * d.yearShare),
  },
];

const HOLIDAYS: readonly (Pick<Feature<States>, "name" | "unit" | "description"> & { readonly of: ReadHolidays })[] = [
  {
    name: "days_to_holiday",
    unit: "days",
    description: "days to the next public holiday of the user's state after the cutoff's day",
    of: (holidays, { day, year }) => holidays.daysToNext(day, year),
  },
  {
    name: "days_since_holiday",
    unit: "days",
    description: "days since the last public holiday of the user's state, 0 on one",
    of: (holidays, { day, year }) => holidays.daysSinceLast(day, year),
  },
  {
    name: "holidays_14d",
    unit: "count",
    description: "public holidays of the user's state in the last 14 days",
    of: (holidays, { day, year }) => holidays.countBetween(day - 14, day, year),
  },
  {
    name: `holidays_next_${AHEAD_DAYS}d`,
    unit: "count",
    description: `public holidays of the user's state in the ${AHEAD_DAYS} days after the cutoff's (gap and horizon by default)`,
    of: (holidays, { day, year }) => holidays.countBetween(day + 1, day + AHEAD_DAYS, year),
  },
];

/**
 * Where the cutoff lies in the year, and among the public holidays of the user's state, also those to come: a calendar is
 * known years ahead, so none of it is a leak. A user whose state is unknown has those of the whole country.
 *
 * @param states names of the state codes (`EventColumns.states`)
 */
export function calendarFeatures(states: readonly string[]): readonly Feature<States>[] {
  const dateOf = remembered(calendarDay);
  const calendarOf = remembered((code: string) => new HolidayCalendar(code));
  const calendars = remembered((state: number) => calendarOf(holidayState(states[state] ?? "")));
  return [
    ...SEASONS.map(
      ({ of, ...named }): Feature<States> => ({
        ...named,
        family: "calendar",
        knownAt: "cutoff",
        read: (_states, cutoff) => of(dateOf(utcDay(cutoff))),
      }),
    ),
    ...HOLIDAYS.map(
      ({ of, ...named }): Feature<States> => ({
        ...named,
        family: "calendar",
        knownAt: "state, cutoff",
        read: ({ profile }, cutoff) => of(calendars(profile.state), dateOf(utcDay(cutoff))),
      }),
    ),
  ];
}

/** A pure function whose answers are kept. */
function remembered<K, V>(make: (key: K) => V): (key: K) => V {
  const kept = new Map<K, V>();
  return (key) => {
    let value = kept.get(key);
    if (value === undefined) {
      value = make(key);
      kept.set(key, value);
    }
    return value;
  };
}
