import { PAGE, type PageName } from "../../schema/pages.js";
import type { Family, Feature } from "../fold.js";
import type { States } from "../states.js";

type Plan = "free" | "paid";

const counted = (family: Family, name: string, page: PageName, plan: Plan): Feature<States> => ({
  name: `${name}_while_${plan}`,
  family,
  unit: "count",
  knownAt: "rows",
  cumulative: true,
  description: `${page} rows since the first event while on the ${plan} plan`,
  read: ({ pages }) => {
    const paid = pages.paid[PAGE[page]] ?? 0;
    return plan === "paid" ? paid : (pages.all[PAGE[page]] ?? 0) - paid;
  },
});

/**
 * Bare counts by plan: what kinds of users are told by (`models/kinds.ts`). The rates of the public logs differ by plan (adverts
 * seventyfold), so a user who changed plans is only understood plan by plan.
 */
export const BY_PLAN: readonly Feature<States>[] = [
  counted("listening", "songs", "NextSong", "free"),
  counted("listening", "songs", "NextSong", "paid"),
  counted("subscription", "adverts", "Roll Advert", "free"),
  counted("subscription", "adverts", "Roll Advert", "paid"),
  counted("subscription", "upgrade_visits", "Upgrade", "free"),
  counted("subscription", "downgrade_visits", "Downgrade", "paid"),
  counted("feedback", "thumbs_up", "Thumbs Up", "free"),
  counted("feedback", "thumbs_up", "Thumbs Up", "paid"),
  counted("feedback", "thumbs_down", "Thumbs Down", "free"),
  counted("feedback", "thumbs_down", "Thumbs Down", "paid"),
];
