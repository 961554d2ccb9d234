import type { ForwardRun } from "../../evaluate/forward.js";
import { type CalibratedRows, calibrationByGroup, reliabilityBins } from "../../evaluate/reliability.js";
import type { CalibrationDocument, Grouping } from "../../schema/decisions-document.js";
import type { EventColumns } from "../../schema/event-columns.js";

/** A group of fewer rows says nothing by itself. */
const ROWS_MIN = 100;
const GROUPS_MAX: Readonly<Record<Grouping, number>> = { plan: 2, tenure: 4, gender: 2, state: 10 };

const GENDERS = ["F", "M"];
const TENURES = [
  { below: 30, name: "under 30 days" },
  { below: 60, name: "30 to 59 days" },
  { below: 120, name: "60 to 119 days" },
  { below: Number.POSITIVE_INFINITY, name: "120 days and more" },
] as const;

/** Calibration of the test rows in bins, and by plan, tenure, gender and state of the users. */
export function calibrationViews(columns: EventColumns, { rows, p }: ForwardRun): CalibrationDocument {
  const seen: CalibratedRows = { y: rows.y, p, user: rows.user };
  const states = firstKnown(columns, columns.state);
  const genders = firstKnown(columns, columns.gender);
  const feature = featureReader(rows);
  const groupOf: Readonly<Record<Grouping, (row: number) => string | null>> = {
    plan: (row) => ({ 0: "free", 1: "paid" })[feature("is_paid", row)] ?? null,
    tenure: (row) => TENURES.find(({ below }) => feature("days_since_registration", row) < below)?.name ?? null,
    gender: (row) => GENDERS[(genders[rows.user[row] ?? -1] ?? 0) - 1] ?? null,
    state: (row) => columns.states[states[rows.user[row] ?? -1] ?? 0] || null,
  };
  const groups = Object.entries(groupOf).map(([grouping, of]) => {
    const groupsMax = GROUPS_MAX[grouping as Grouping];
    return [grouping, calibrationByGroup(seen, of, { groupsMax, rowsMin: ROWS_MIN })] as const;
  });
  return { bins: reliabilityBins(seen), groups: Object.fromEntries(groups) };
}

function featureReader({ features, x }: ForwardRun["rows"]): (name: string, row: number) => number {
  const columns = new Map(features.map((name, column) => [name, column]));
  return (name, row) => x.data[row * x.cols + (columns.get(name) ?? Number.NaN)] ?? Number.NaN;
}

/** Each user's first value that is not 0 (unknown), as the profile has it. */
function firstKnown({ users, userStart }: EventColumns, values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(users, (_, user) => {
    for (let row = userStart[user] ?? 0; row < (userStart[user + 1] ?? 0); row++) {
      const value = values[row] ?? 0;
      if (value !== 0) return value;
    }
    return 0;
  });
}
