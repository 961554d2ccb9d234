import assert from "node:assert/strict";
import { seededRng } from "#src/base/rng.js";
import { type ServicePlace, ServiceProcess } from "../service-process.js";
import { assertParity, BatchFeatures, spanOf } from "./batch-features.js";
import { assertKept, heldKeys, keyOf } from "./held.js";
import { batchesOf, Load, type SentEvent } from "./load.js";

export interface Killing {
  readonly place: ServicePlace;
  readonly log: readonly SentEvent[];
  readonly kills: number;
  /** Batches that are acknowledged between two kills, at most. */
  readonly acknowledgedMax: number;
  readonly seed: string;
  /** For files. */
  readonly folder: string;
  /** Crashes the database and starts it again, where that is another process; every other kill is of it. */
  readonly crashDatabase?: () => Promise<void>;
  readonly say?: (text: string) => void;
}

export interface KillFigures {
  readonly kills: number;
  readonly databaseCrashes: number;
  readonly acknowledged: number;
  readonly wholeUnacknowledged: number;
  readonly users: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/**
 * From the last batch that is waited for to the kill, which so meets any moment of the next ones; sooner where a fast service would
 * leave nothing of the log for the kills to come.
 */
const LAST_MS_MAX = 300;

/**
 * Kills a real service with SIGKILL at random moments while four writers send batches of random sizes, some late, and starts it
 * again. After each kill holds the law of acknowledgement, and at the end the law of parity over HTTP.
 */
export async function killAgainAndAgain(given: Killing): Promise<KillFigures> {
  const { place, log, kills, acknowledgedMax, seed, folder, crashDatabase, say = () => {} } = given;
  const rng = seededRng(seed);
  const batches = batchesOf(log, { sizeMax: 60, seed });
  const load = new Load(batches, { writers: 4, isStubborn: false, seed });
  const service = new ServiceProcess(place);
  let databaseCrashes = 0;
  let kept = { acknowledged: 0, wholeUnacknowledged: 0 };
  try {
    await service.start();
    for (let kill = 1; kill <= kills; kill++) {
      load.start(() => service);
      await load.acknowledgedMore(rng.below(acknowledgedMax));
      await load.taken(Math.floor((batches.length * kill) / (kills + 1)), rng.uniform() * LAST_MS_MAX);
      assert.ok(!load.isDone, `the log was used up before kill ${kill}: a longer one is needed`);
      if (crashDatabase !== undefined && kill % 2 === 0) {
        await crashDatabase();
        databaseCrashes++;
      } else await service.end("SIGKILL");
      await load.stop();
      await service.end("SIGKILL");
      kept = assertKept(await heldKeys(place), batches, load.fates);
      say(
        `kill ${kill}: ${kept.acknowledged} events acknowledged, ${kept.wholeUnacknowledged} in batches without an answer`,
      );
      await service.start();
    }
    assert.ok(kept.acknowledged > 0, "nothing was acknowledged between the kills");
    // What was never sent goes in too: the states that survived are gone on from.
    load.start(() => service);
    await load.finish();
    await service.end("SIGKILL");
    const held = await heldKeys(place);
    kept = assertKept(held, batches, load.fates);
    await service.start();
    const events = log.filter((event) => held.has(keyOf(event)));
    const { users, moments } = spanOf(log);
    const batch = new BatchFeatures(folder, events);
    let checked = 0;
    for (const at of moments) checked += await assertParity(service, await batch.at(at), users, at);
    return { kills, databaseCrashes, ...kept, users: checked, statuses: load.counts.statuses };
  } finally {
    await service.end("SIGKILL");
  }
}
