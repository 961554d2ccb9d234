import { RefrainError } from "../../base/errors.js";
import type { Instant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { pointInTime } from "../../features/catalogue.js";
import { stateFingerprint } from "../../features/fold-protocol/probe.js";
import { StateNames } from "../../features/state-names.js";
import type { States } from "../../features/states.js";
import { compareTexts } from "../../schema/fold-order.js";
import type { UserId } from "../../schema/user-id.js";
import { lakeIsSimulated } from "../../store/holds-simulated.js";
import { withHomeLock } from "../../store/home-lock.js";
import { filesSince, type Lake, openLake } from "../../store/lake.js";
import { readEventColumns } from "../../store/read-event-columns.js";
import { readChanges } from "../../store/read-owned-rows.js";
import type { OwnedRow } from "../incremental/event-store.js";
import { UserFold } from "../incremental/fold-user.js";
import { recoverIfNeeded } from "../recover.js";
import { recordsOf } from "./fold-columns.js";
import { attributionsNow, attributionsThen, type Kept, readKept, writeKept } from "./kept-file.js";
import { byUser, LakeUsers } from "./lake-users.js";

/** Above this share of users to be folded from their first event on, reading the whole lake is quicker. */
const REFOLD_SHARE_MAX = 0.3;

/** The states of all users of the lake as it is now, and what had to be done for it. */
export interface CurrentStates {
  readonly lake: Lake;
  readonly kept: Kept;
  /** Users folded: all of them, or those whose known events changed. */
  readonly folded: number;
}

/**
 * Brings the states that the home keeps up to date, folding only what changed since: events after a user's last one go onto
 * the kept states; a user with an earlier one, or with an attribution taken away, is folded from the first event on; and
 * everyone is where nothing was kept, or by other accumulators. Fails with NO_DATA.
 */
export async function currentStates(home: string, world: World): Promise<CurrentStates> {
  return broughtAndKept(home, null, world);
}

/** Where to pause on the way: when everybody's states hold exactly what was known at a cutoff. */
export interface Stops {
  /** Ascending. */
  readonly cutoffs: readonly Instant[];
  /** @param users in binary text order */
  at(cutoff: Instant, users: readonly UserId[], fold: UserFold<States>): Promise<void>;
}

/**
 * The same, with a pause at each cutoff. Returns false where there was none, because all had to be folded anew or what was kept
 * goes beyond the first cutoff; the states are up to date all the same.
 */
export async function currentStatesBy(home: string, stops: Stops, world: World): Promise<boolean> {
  return (await broughtAndKept(home, stops, world)).stopped;
}

async function broughtAndKept(home: string, stops: Stops | null, world: World): Promise<Brought> {
  const lake = await recoverIfNeeded(home, world);
  const before = readKept(home, world);
  const current = await brought(lake, { before, stops }, world);
  if (current.kept !== before) await keep(home, current.kept, world);
  return current;
}

interface Brought extends CurrentStates {
  readonly stopped: boolean;
}

async function brought(
  lake: Lake,
  { before, stops }: { readonly before: Kept | null; readonly stops: Stops | null },
  world: World,
): Promise<Brought> {
  const fingerprint = stateFingerprint(pointInTime([""]));
  if (before === null) return everyone(lake, fingerprint, world);
  if (before.fingerprint !== fingerprint) {
    world.log.info(`What is remembered of users has changed with this version: folding all ${before.users.size} again`);
    return everyone(lake, fingerprint, world);
  }
  const newFiles = filesSince(lake, before.lake);
  const attributions = attributionsNow(lake.home);
  if (newFiles === null) return everyone(lake, fingerprint, world);
  if (stops === null && newFiles.length === 0 && attributions === before.attributions) {
    return { lake, kept: before, folded: 0, stopped: false };
  }
  const then = { newFiles, attributionsThen: attributionsThen(lake.home, before) };
  const { added, disowned } = await readChanges(lake, then, world);
  const changes = { before, stops, added: byUser(added), disowned: new Set(disowned) };
  const users = await changedUsers(lake, changes, world);
  if (users === null) return everyone(lake, fingerprint, world);
  const onlyNew = { ...lake, manifest: { ...lake.manifest, files: newFiles } };
  const simulated = before.simulated || (newFiles.length > 0 && (await lakeIsSimulated(onlyNew, world)));
  const kept = { fingerprint, lake: lake.version, attributions, simulated, users: users.records };
  return { lake, kept, folded: users.folded, stopped: users.stopped };
}

/** The records after the changes; null where so many users have to be folded anew that all may as well. */
async function changedUsers(
  lake: Lake,
  changes: { before: Kept; stops: Stops | null; added: ReturnType<typeof byUser>; disowned: ReadonlySet<UserId> },
  world: World,
): Promise<{ records: Kept["users"]; folded: number; stopped: boolean } | null> {
  const { before, stops, added, disowned } = changes;
  const names = new StateNames();
  const users = new LakeUsers(lake, before.users, world);
  const fold = new UserFold(users, pointInTime(names.names), names);
  const changed = new Set([...added.keys(), ...disowned]);
  const isLate = (user: UserId): boolean => {
    const record = before.users.get(user);
    return disowned.has(user) || (record !== undefined && !fold.goesOn(record, added.get(user) ?? []));
  };
  const late = new Set([...changed].filter(isLate));
  if (late.size > REFOLD_SHARE_MAX * before.users.size) return null;
  world.log.info(
    `Folding ${changed.size} users who changed of ${before.users.size}, ${late.size} of them from the start`,
  );
  // What is added of a user never seen is all there is of him.
  await users.fetch(
    [...late],
    [...added].filter(([user]) => !before.users.has(user)),
  );
  if (stops !== null && canStop(before, stops)) {
    await inStages(changed, { late, added, users, fold, stops });
    return { records: users.records, folded: changed.size, stopped: true };
  }
  for (const user of changed) await fold.update(user, { added: added.get(user) ?? [], refold: late.has(user) });
  return { records: users.records, folded: changed.size, stopped: false };
}

function canStop({ users }: Kept, { cutoffs }: Stops): boolean {
  const first = cutoffs[0] ?? Number.POSITIVE_INFINITY;
  for (const { last } of users.values()) if (last.knownAtMs > first) return false;
  return true;
}

/** The changes as time brought them. Who is folded from the first event on begins without a record. */
async function inStages(
  changed: ReadonlySet<UserId>,
  {
    late,
    added,
    users,
    fold,
    stops,
  }: {
    late: ReadonlySet<UserId>;
    added: ReturnType<typeof byUser>;
    users: LakeUsers;
    fold: UserFold<States>;
    stops: Stops;
  },
): Promise<void> {
  const coming = new Map<UserId, readonly OwnedRow[]>();
  for (const user of changed) {
    coming.set(user, late.has(user) ? await users.rowsOfUser(user) : (added.get(user) ?? []));
    if (late.has(user)) await users.saveUser(user, null);
  }
  const bring = async (untilMs: number): Promise<void> => {
    for (const [user, rows] of coming) {
      const known = rows.filter(({ knownAtMs }) => knownAtMs <= untilMs);
      if (known.length === 0) continue;
      await fold.update(user, { added: known, refold: false });
      coming.set(
        user,
        rows.filter(({ knownAtMs }) => knownAtMs > untilMs),
      );
    }
  };
  for (const cutoff of stops.cutoffs) {
    await bring(cutoff);
    await stops.at(cutoff, [...users.records.keys()].sort(compareTexts), fold);
  }
  await bring(Number.POSITIVE_INFINITY);
}

async function everyone(lake: Lake, fingerprint: string, world: World): Promise<Brought> {
  world.log.info("Reading the lake");
  const columns = await readEventColumns(lake, world);
  const users = recordsOf(columns);
  const { simulated } = columns;
  const kept = { fingerprint, lake: lake.version, attributions: attributionsNow(lake.home), simulated, users };
  return { lake, kept, folded: users.size, stopped: false };
}

/** Keeping is a convenience: where another command holds the home, the next one will do it. */
async function keep(home: string, kept: Kept, world: World): Promise<void> {
  try {
    await withHomeLock(home, "fold", async () => {
      if (openLake(home).version === kept.lake) writeKept(home, kept);
    });
  } catch (error) {
    if (!(error instanceof RefrainError) || error.code !== "HOME_LOCKED") throw error;
    world.log.debug("The home is in use: the states are not kept this time");
  }
}
