import { RefrainError } from "../../base/errors.js";
import { type Lake, openLake } from "../../store/lake.js";

/** The lake of a home; null where nothing was ever ingested. */
export function openLakeIfAny(home: string): Lake | null {
  try {
    return openLake(home);
  } catch (error) {
    if (error instanceof RefrainError && error.code === "NO_DATA") return null;
    throw error;
  }
}
