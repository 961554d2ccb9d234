import { asInstant, type Instant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { pointInTime } from "../../features/catalogue.js";
import { isAtRisk, type RiskSetRule } from "../../features/risk-set.js";
import { type HonestCatalogue, honestCatalogue } from "../../features/snapshot-plan.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import { StateNames } from "../../features/state-names.js";
import type { States } from "../../features/states.js";
import { compareTexts } from "../../schema/fold-order.js";
import type { UserId } from "../../schema/user-id.js";
import { UserFold } from "../incremental/fold-user.js";
import { loadEvents } from "../recover.js";
import { fromEvents, type SnapshotSource } from "../snapshot-source.js";
import { type CurrentStates, currentStates } from "./keep-states.js";
import { LakeUsers } from "./lake-users.js";

/**
 * Where to photograph the users of a home as of a moment (null: the end of the data): at the end from the states it keeps,
 * earlier from all events. Fails with NO_DATA.
 */
export async function openSnapshots(home: string, at: Instant | null, world: World): Promise<SnapshotSource> {
  if (at !== null) return fromEvents(await loadEvents(home, world), world);
  return fromStates(await currentStates(home, world), world);
}

/** Snapshots read from kept states: the same bytes as those folded from all events. For cutoffs at or near the end. */
async function fromStates({ lake, kept }: CurrentStates, world: World): Promise<SnapshotSource> {
  const names = new StateNames();
  const store = new LakeUsers(lake, kept.users, world);
  const fold = new UserFold(store, pointInTime(names.names), names);
  const users = [...kept.users.keys()].sort(compareTexts);
  const later = (cutoff: Instant) => users.filter((user) => !((kept.users.get(user)?.last.knownAtMs ?? 0) <= cutoff));
  const at = async (
    cutoff: Instant,
    riskSet: RiskSetRule | null,
    catalogue: HonestCatalogue = "point-in-time",
  ): Promise<SnapshotTable> => {
    await store.fetch(later(cutoff));
    return photographed(users, fold, { cutoff, riskSet, catalogue });
  };
  return { users, lastTsMs: await lastOf(users, fold), simulated: kept.simulated, at };
}

/** Photographs users as of a cutoff, by a fold that knows them. */
export async function photographed(
  users: readonly UserId[],
  fold: UserFold<States>,
  { cutoff, riskSet, catalogue }: { cutoff: Instant; riskSet: RiskSetRule | null; catalogue: HonestCatalogue },
): Promise<SnapshotTable> {
  // The names of the states are the fold's own.
  const { features } = honestCatalogue(catalogue, fold.stateNames);
  const rows: number[] = [];
  const data: number[] = [];
  for (const [index, user] of users.entries()) {
    const states = await fold.statesAt(user, cutoff);
    if (states === null || (riskSet !== null && !isAtRisk(states.profile, cutoff, riskSet))) continue;
    rows.push(index);
    for (const feature of features) data.push(feature.read(states, cutoff));
  }
  return {
    features: features.map(({ name }) => name),
    users,
    userIndex: Int32Array.from(rows),
    cutoffMs: new Float64Array(rows.length).fill(cutoff),
    x: { rows: rows.length, cols: features.length, data: Float64Array.from(data) },
  };
}

/** The latest moment of all known events. */
async function lastOf(users: readonly UserId[], fold: UserFold<States>): Promise<number> {
  let last = Number.NEGATIVE_INFINITY;
  for (const user of users) {
    const states = await fold.statesAt(user, asInstant(Number.MAX_SAFE_INTEGER));
    if (states !== null) last = Math.max(last, states.profile.lastTsMs);
  }
  return last;
}
