// hot loop
import { PAGE } from "../schema/pages.js";
import type { Label } from "./label.js";

/** The user confirmed a cancellation: the first `Cancellation Confirmation` row. */
export const cancellation: Label = {
  name: "cancellation",
  version: 1,
  eventTimes(columns) {
    const times = new Float64Array(columns.users.length).fill(Number.NaN);
    for (let user = 0; user < times.length; user++) {
      for (let row = columns.userStart[user]!; row < columns.userStart[user + 1]!; row++) {
        if (columns.page[row] !== PAGE["Cancellation Confirmation"]) continue;
        const at = columns.tsMs[row]!;
        if (!(times[user]! <= at)) times[user] = at;
      }
    }
    return times;
  },
};
