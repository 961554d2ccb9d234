import { RefrainError } from "../../base/errors.js";

/** The `FOLD_REFUSED` of a fold worker that cannot do what it is asked, or cannot read what it is given. */
export function refused(reason: string): RefrainError {
  return new RefrainError("FOLD_REFUSED", { reason });
}
