import { FEEDBACK } from "./families/feedback.js";
import { LISTENING } from "./families/listening.js";
import { PROFILE } from "./families/profile.js";
import { RECENCY } from "./families/recency.js";
import { SESSIONS } from "./families/sessions.js";
import { SUBSCRIPTION } from "./families/subscription.js";
import { TENURE } from "./families/tenure.js";
import { TRENDS } from "./families/trends.js";
import { TROUBLE } from "./families/trouble.js";
import { VARIETY } from "./families/variety.js";
import { VOLUME } from "./families/volume.js";
import type { Catalogue } from "./fold.js";
import { ACCUMULATORS, type States } from "./states.js";

/** The features of honest models: each reads only what was known at its cutoff. */
export const POINT_IN_TIME: Catalogue<States> = {
  name: "point-in-time",
  accumulators: ACCUMULATORS,
  features: [
    ...PROFILE,
    ...TENURE,
    ...VOLUME,
    ...SESSIONS,
    ...LISTENING,
    ...VARIETY,
    ...FEEDBACK,
    ...SUBSCRIPTION,
    ...TROUBLE,
    ...RECENCY,
    ...TRENDS,
  ],
};
