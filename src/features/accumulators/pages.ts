// hot loop
import { LEVEL, PAGES } from "../../schema/pages.js";
import type { Accumulator } from "../fold.js";

export interface PagesState {
  /** Events by page code, over the user's known life. */
  all: Float64Array;
  /** The same while on the paid plan; free is the difference. */
  paid: Float64Array;
}

/** How often each page was opened, by plan. */
export const pages: Accumulator<PagesState> = {
  name: "pages",
  version: 1,
  empty: () => ({ all: new Float64Array(PAGES.length), paid: new Float64Array(PAGES.length) }),
  add(s, e) {
    s.all[e.page]!++;
    if (e.level === LEVEL.paid) s.paid[e.page]!++;
  },
};
