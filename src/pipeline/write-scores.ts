import type { World } from "../base/world.js";
import type { PredictionDocument, ScoresDocument } from "../schema/documents.js";
import { writeAtomically } from "../store/atomic-file.js";
import { writeTable } from "../store/write-table.js";

const TEXTS = {
  user_id: (user: PredictionDocument) => user.user_id,
  risk_level: (user: PredictionDocument) => user.risk_level,
  churn_prediction: (user: PredictionDocument) => String(user.churn_prediction),
  reason_1: (user: PredictionDocument) => user.reasons[0]?.text ?? "",
  reason_2: (user: PredictionDocument) => user.reasons[1]?.text ?? "",
  reason_3: (user: PredictionDocument) => user.reasons[2]?.text ?? "",
} as const;
const READERS = Object.values(TEXTS);

const NUMBERS = {
  churn_probability: (user: PredictionDocument) => user.churn_probability,
  expected_days_left: (user: PredictionDocument) => user.expected_days_left,
} as const;
const NUMBER_READERS = Object.values(NUMBERS);

/** Writes scores as .json (the whole document), .csv or .parquet (a row a user). Fails with VALUE_BAD for another ending. */
export async function writeScores(path: string, document: ScoresDocument, world: World): Promise<void> {
  if (/\.json$/i.test(path)) {
    writeAtomically(path, `${JSON.stringify(document)}\n`);
    return;
  }
  const { users, modelVersion, asOf } = document;
  const table = {
    textColumns: [...Object.keys(TEXTS), "model_version", "as_of"],
    numberColumns: Object.keys(NUMBERS),
    rows: users.length,
    text: (row: number, column: number) => {
      const user = users[row];
      const reader = READERS[column];
      if (user !== undefined && reader !== undefined) return reader(user);
      return column === READERS.length ? modelVersion : asOf;
    },
    number: (row: number, column: number) => {
      const user = users[row];
      return (user === undefined ? undefined : NUMBER_READERS[column]?.(user)) ?? Number.NaN;
    },
  };
  await writeTable(path, table, world);
}
