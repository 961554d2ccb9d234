import { listening } from "./accumulators/listening.js";
import { pages } from "./accumulators/pages.js";
import { profile } from "./accumulators/profile.js";
import { recent } from "./accumulators/recent.js";
import { rhythm } from "./accumulators/rhythm.js";
import { sessions } from "./accumulators/sessions.js";
import { variety } from "./accumulators/variety.js";

/** The accumulators of the point-in-time catalogue. */
export const ACCUMULATORS = { profile, pages, recent, sessions, listening, variety, rhythm } as const;

/** Their states, by the accumulator's name. */
export type States = { [K in keyof typeof ACCUMULATORS]: ReturnType<(typeof ACCUMULATORS)[K]["empty"]> };
