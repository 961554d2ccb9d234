import type { LabelName } from "../schema/label-words.js";
import { cancellation } from "./cancellation.js";
import { downgrade } from "./downgrade.js";
import { INACTIVITY_DAYS, inactivity } from "./inactivity.js";
import type { Label, LabelSettings } from "./label.js";

/** What can be predicted. */
export const LABELS = {
  cancellation: () => cancellation,
  downgrade: () => downgrade,
  inactivity: ({ inactivityDays = INACTIVITY_DAYS }) => inactivity(inactivityDays),
} as const satisfies Record<LabelName, (settings: LabelSettings) => Label>;
