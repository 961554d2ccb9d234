import { MS_PER_DAY } from "../../base/time.js";
import type { Feature } from "../fold.js";
import type { States } from "../states.js";

export const PROFILE: readonly Feature<States>[] = [
  {
    name: "gender_male",
    family: "profile",
    unit: "yes/no",
    knownAt: "rows",
    description: "1 for M, 0 for F as the log says",
    read: ({ profile }) => (profile.gender === 0 ? Number.NaN : profile.gender - 1),
  },
  {
    name: "seen_from_registration",
    family: "profile",
    unit: "yes/no",
    knownAt: "rows",
    cumulative: true,
    description: "the first known event is within a day of the registration, so the whole life is known",
    read: ({ profile }) =>
      Number.isNaN(profile.registrationMs) ? Number.NaN : +(profile.firstTsMs - profile.registrationMs < MS_PER_DAY),
  },
];
