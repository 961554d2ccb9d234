import type { Feature } from "../fold.js";
import type { States } from "../states.js";

export const PROFILE: readonly Feature<States>[] = [
  {
    name: "gender_male",
    family: "profile",
    unit: "yes/no",
    description: "1 for M, 0 for F as the log says",
    read: ({ profile }) => (profile.gender === 0 ? Number.NaN : profile.gender - 1),
  },
];
