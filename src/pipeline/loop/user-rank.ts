import { seededRng } from "../../base/rng.js";
import type { UserId } from "../../schema/user-id.js";

/** A number in [0, 1) that is a user's for good under a seed: who comes first by it is a sample, the same one every day. */
export function userRank(user: UserId, seed: number): number {
  return seededRng(`${seed}/observed/${user}`).uniform();
}
