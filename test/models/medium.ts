import { type Matrix, matrix } from "../../src/base/matrix.js";
import { readShared } from "../shared.js";

export const MEDIUM_FILE = "data/sparkify-medium-users/user_features.json";

export interface Medium {
  readonly features: readonly string[];
  readonly x: Matrix;
  readonly y: Uint8Array;
}

/** The 448 users and 46 features that the reference figures were computed on, booleans as 0 and 1. */
export function readMedium(): Medium {
  type Columns = { expected: { medium: { features: string[] } } };
  const { features } = readShared<Columns>("reference/columns.json").expected.medium;
  const users = readShared<Record<string, number | boolean>[]>(MEDIUM_FILE);
  const data = Float64Array.from(users.flatMap((user) => features.map((name) => Number(user[name]))));
  return {
    features,
    x: matrix(users.length, features.length, data),
    y: Uint8Array.from(users, (user) => Number(user.churn)),
  };
}
