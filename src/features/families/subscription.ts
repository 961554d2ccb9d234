import { LEVEL, PAGE } from "../../schema/pages.js";
import { inWindow } from "../accumulators/recent.js";
import type { Feature } from "../fold.js";
import { daysBetween, smoothedRate } from "../smoothing.js";
import type { States } from "../states.js";

const paidOf = ({ pages }: States, page: number): number => pages.paid[page] ?? 0;
const freeOf = ({ pages }: States, page: number): number => (pages.all[page] ?? 0) - (pages.paid[page] ?? 0);

/** Adverts per song on the free plan and visits of Downgrade per song on the paid one, as in the public logs. */
const ADVERTS = { rate: 0.088, weight: 50 };
const DOWNGRADES = { rate: 0.011, weight: 200 };

/** Adverts per song of all 15,437 users of the full public log, whatever their plan: a window does not tell plans apart. */
const ADVERTS_ANY_PLAN = { rate: 0.0185, weight: 50 };

const downgradesPerPaidSong = (states: States): number =>
  smoothedRate(paidOf(states, PAGE.Downgrade), paidOf(states, PAGE.NextSong), DOWNGRADES);

const advertsPerFreeSong = (states: States): number =>
  smoothedRate(freeOf(states, PAGE["Roll Advert"]), freeOf(states, PAGE.NextSong), ADVERTS);

export const SUBSCRIPTION: readonly Feature<States>[] = [
  {
    name: "is_paid",
    family: "subscription",
    unit: "yes/no",
    knownAt: "rows",
    description: "on the paid plan at the cutoff",
    read: ({ profile }) => (profile.level === LEVEL.unknown ? Number.NaN : profile.level),
  },
  {
    name: "ever_paid",
    family: "subscription",
    unit: "yes/no",
    knownAt: "rows",
    cumulative: true,
    description: "ever on the paid plan",
    read: ({ profile }) => profile.everPaid,
  },
  {
    name: "level_changes",
    family: "subscription",
    unit: "count",
    knownAt: "rows",
    cumulative: true,
    description: "changes of plan",
    read: ({ profile }) => profile.levelChanges,
  },
  {
    name: "days_on_level",
    family: "subscription",
    unit: "days",
    knownAt: "rows, cutoff",
    cumulative: true,
    description: "days since the last change of plan, or since the first event",
    read: ({ profile }, cutoff) =>
      daysBetween(Number.isNaN(profile.levelChangedMs) ? profile.firstTsMs : profile.levelChangedMs, cutoff),
  },
  {
    name: "adverts_per_free_song",
    family: "subscription",
    unit: "per song",
    knownAt: "rows",
    cumulative: true,
    description: "adverts ÷ songs while free, drawn towards 0.088",
    read: advertsPerFreeSong,
  },
  {
    name: "log_adverts_per_free_song",
    family: "subscription",
    unit: "log",
    knownAt: "rows",
    cumulative: true,
    description: "logarithm of adverts per free song",
    undo: Math.exp,
    read: (states) => Math.log(advertsPerFreeSong(states)),
  },
  {
    name: "adverts_per_paid_song",
    family: "subscription",
    unit: "per song",
    knownAt: "rows",
    cumulative: true,
    description: "adverts ÷ songs while paid, drawn towards 0.002",
    read: (states) =>
      smoothedRate(paidOf(states, PAGE["Roll Advert"]), paidOf(states, PAGE.NextSong), { rate: 0.002, weight: 300 }),
  },
  {
    name: "adverts_28d",
    family: "subscription",
    unit: "count",
    knownAt: "rows, cutoff",
    description: "adverts in the last 28 days",
    read: ({ recent }, cutoff) => inWindow(recent, cutoff, 28, "adverts"),
  },
  {
    name: "adverts_per_song_28d",
    family: "subscription",
    unit: "per song",
    knownAt: "rows, cutoff",
    description: "adverts ÷ songs in the last 28 days, drawn towards 0.0185",
    read: ({ recent }, cutoff) =>
      smoothedRate(inWindow(recent, cutoff, 28, "adverts"), inWindow(recent, cutoff, 28, "songs"), ADVERTS_ANY_PLAN),
  },
  {
    name: "downgrade_visits_per_paid_song",
    family: "subscription",
    unit: "per song",
    knownAt: "rows",
    cumulative: true,
    description: "visits of Downgrade ÷ songs while paid, drawn towards 0.011",
    read: downgradesPerPaidSong,
  },
  {
    name: "log_downgrade_visits_per_paid_song",
    family: "subscription",
    unit: "log",
    knownAt: "rows",
    cumulative: true,
    description: "logarithm of visits of Downgrade per paid song",
    undo: Math.exp,
    read: (states) => Math.log(downgradesPerPaidSong(states)),
  },
  {
    name: "downgrade_visits_28d",
    family: "subscription",
    unit: "count",
    knownAt: "rows, cutoff",
    description: "visits of Downgrade in the last 28 days",
    read: ({ recent }, cutoff) => inWindow(recent, cutoff, 28, "downgradeVisits"),
  },
  {
    name: "upgrade_visits_per_free_song",
    family: "subscription",
    unit: "per song",
    knownAt: "rows",
    cumulative: true,
    description: "visits of Upgrade ÷ songs while free, drawn towards 0.01",
    read: (states) =>
      smoothedRate(freeOf(states, PAGE.Upgrade), freeOf(states, PAGE.NextSong), { rate: 0.01, weight: 200 }),
  },
  {
    name: "paid_song_share",
    family: "subscription",
    unit: "share",
    knownAt: "rows",
    cumulative: true,
    description: "songs while paid ÷ songs, drawn towards one half",
    read: (states) => smoothedRate(paidOf(states, PAGE.NextSong), states.listening.songs, { rate: 0.5, weight: 20 }),
  },
];
