/** What `explore` answers with `--json`, and what its page and the report draw. Days, hours and weekdays are UTC. */

/** Levels of the quantiles in a `Spread`. */
export const SPREAD_LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** How a quantity is spread; null without a value. */
export interface Spread {
  readonly n: number;
  readonly mean: number | null;
  /** At 5, 25, 50, 75 and 95 percent, interpolated. */
  readonly quantiles: readonly number[] | null;
  /** Bins [from, to) that double in width; only those between the first and the last that hold something. */
  readonly histogram: readonly { readonly from: number; readonly to: number; readonly n: number }[];
}

export interface VolumesDocument {
  readonly events: number;
  readonly songs: number;
  readonly users: number;
  /** Different pairs of user and sessionId. */
  readonly sessions: number;
  readonly eventsWithoutUser: number;
  /** Of the songs whose length is known. */
  readonly musicHours: number;
  readonly firstTs: number;
  readonly lastTs: number;
  /** Days with at least one event, `day` as `2018-10-01`. */
  readonly perDay: readonly {
    readonly day: string;
    readonly events: number;
    readonly songs: number;
    readonly users: number;
    readonly eventsWithoutUser: number;
    readonly cancelled: number;
  }[];
}

export interface PageDocument {
  readonly page: string;
  /** Whether the page is one that the features know. */
  readonly known: boolean;
  readonly events: number;
  readonly share: number;
  /** Of all users, who came by it. */
  readonly usersShare: number;
  /** Visits of users on a plan for 1,000 songs heard on it; null without a song. */
  readonly per1000Songs: { readonly free: number | null; readonly paid: number | null };
}

export interface SessionsDocument {
  readonly events: Spread;
  readonly songs: Spread;
  /** First to last event. */
  readonly minutes: Spread;
  /** End of a session to the start of the user's next one. */
  readonly gapHours: Spread;
}

/** `switched`: both plans seen. `unknown`: no row says. */
export type PlanHistory = "neverPaid" | "alwaysPaid" | "switched" | "unknown";

export interface UsersDocument {
  readonly n: number;
  readonly plans: readonly {
    readonly plan: PlanHistory;
    readonly users: number;
    readonly cancelled: number;
    readonly events: number;
    readonly songs: number;
    readonly sessions: number;
  }[];
  readonly genders: Readonly<Record<"F" | "M" | "unknown", number>>;
  readonly upgrades: number;
  readonly downgrades: number;
  readonly sessions: Spread;
  readonly activeDays: Spread;
  /** First to last event. */
  readonly spanDays: Spread;
}

export interface ClockDocument {
  /** 24, from 00:00 UTC. */
  readonly hours: readonly { readonly events: number; readonly sessionStarts: number }[];
  /** 7, from Monday; `days` is how often that weekday occurs in the span of the log. */
  readonly weekdays: readonly { readonly days: number; readonly events: number; readonly sessionStarts: number }[];
}

export interface RetentionDocument {
  /** Length of a step: 7 days, 28 in logs of more than half a year. */
  readonly stepDays: number;
  /** By the step of the log in which a user was first seen. */
  readonly firstSeen: readonly {
    readonly from: string;
    readonly users: number;
    /** Step k after a user's first day: users whose step lies inside the log whole, and who of them came. */
    readonly steps: readonly { readonly users: number; readonly active: number }[];
  }[];
  /** By month of registration; `activeAtEnd` came in the last step of the log. */
  readonly registered: readonly {
    readonly month: string;
    readonly users: number;
    readonly cancelled: number;
    readonly activeAtEnd: number;
  }[];
}

/** A Kaplan–Meier curve of the days from a user's first event to the cancellation, censored at the end of the data. */
export interface SurvivalCurve {
  /** The plan at the first event. */
  readonly plan: "free" | "paid" | "unknown";
  readonly users: number;
  readonly cancelled: number;
  /** Day by which half have cancelled; null when the curve stays above one half. */
  readonly medianDays: number | null;
  /** After each day with a cancellation, thinned to 200; `low` and `high` bound 95%, by Greenwood. */
  readonly points: readonly {
    readonly day: number;
    readonly atRisk: number;
    readonly survival: number;
    readonly low: number;
    readonly high: number;
  }[];
}

export interface ChurnDocument {
  readonly cancelled: number;
  readonly share: number;
  /** Cancellations for 1,000 days of users from their first event to their cancellation or the end of the data; null without a day. */
  readonly per1000UserDays: number | null;
  readonly daysSinceFirstEvent: Spread;
  /** Of those whose registration is known. */
  readonly daysSinceRegistration: Spread;
  /** The last page before the Cancel page in the same session. */
  readonly pageBefore: readonly { readonly page: string; readonly users: number }[];
}

export interface OddityDocument {
  readonly code: string;
  readonly found: number;
  readonly of: number;
  /** What was looked for. */
  readonly what: string;
  /** What it may mean. */
  readonly meaning: string;
}

export interface ExploreDocument {
  readonly timeZone: "UTC";
  /** Whether any event comes from `simulate`. */
  readonly simulated: boolean;
  readonly volumes: VolumesDocument;
  readonly pages: readonly PageDocument[];
  readonly sessions: SessionsDocument;
  readonly users: UsersDocument;
  readonly clock: ClockDocument;
  readonly retention: RetentionDocument;
  readonly survival: readonly SurvivalCurve[];
  /** Null where nobody cancels. */
  readonly churn: ChurnDocument | null;
  readonly oddities: readonly OddityDocument[];
}
