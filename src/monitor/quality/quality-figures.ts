import type { Scale } from "./band.js";

/** What is measured of a day. */
export interface FigureRule {
  readonly about: string;
  readonly scale: Scale;
  /** The least half of the band: of logs a factor of e to that, of shares an angle. */
  readonly floor: number;
  /** How much longer its tails are than those of a normal figure: what few users do is. */
  readonly tails?: number;
  /** Which side is wrong. */
  readonly wrong: "low" | "high" | "both";
  /** Whether what is outside says that the data cannot be trusted, or only that behaviour is another. */
  readonly fails: boolean;
}

const VOLUME = { scale: "log", floor: 0.1, fails: true } as const;
const FLAW = { scale: "share", floor: 0.05, wrong: "high", fails: true } as const;

/** By name. Shares are between 0 and 1. */
export const FIGURE_RULES = {
  events: { ...VOLUME, about: "events", wrong: "both" },
  users: { ...VOLUME, about: "different users", wrong: "both" },
  active_hours: { about: "hours with events", scale: "log", floor: 0.1, wrong: "low", fails: true },
  blank_share: { ...FLAW, about: "rows that name no user" },
  missing_level: { ...FLAW, about: "rows of users without a level" },
  missing_location: { ...FLAW, about: "rows of users without a location" },
  missing_user_agent: { ...FLAW, about: "rows of users without a user agent" },
  missing_gender: { ...FLAW, about: "rows of users without a gender" },
  missing_registration: { ...FLAW, about: "rows of users without a registration" },
  missing_song: { ...FLAW, about: "songs played without a name" },
  unknown_pages: { ...FLAW, about: "rows of pages that mean nothing to us" },
  quarantine_share: { ...FLAW, about: "live events that were not taken" },
  recovered_share: {
    about: "rows without a user that were given one back",
    scale: "share",
    floor: 0.2,
    tails: 2.5,
    wrong: "low",
    fails: false,
  },
  recovery_confidence: {
    about: "mean confidence of recovered rows",
    scale: "share",
    floor: 0.1,
    wrong: "low",
    fails: false,
  },
} as const satisfies Record<string, FigureRule>;

/** The share of one page: a change of behaviour. */
export const PAGE_RULE: FigureRule = {
  about: "share of the page among all rows",
  scale: "share",
  floor: 0.02,
  tails: 1.5,
  wrong: "both",
  fails: false,
};

export const PAGE_PREFIX = "page:";

export function ruleOf(name: string): FigureRule | null {
  if (name.startsWith(PAGE_PREFIX)) return PAGE_RULE;
  return Object.hasOwn(FIGURE_RULES, name) ? FIGURE_RULES[name as keyof typeof FIGURE_RULES] : null;
}
