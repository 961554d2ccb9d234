import type { World } from "../../base/world.js";
import type { Lake } from "../../store/lake.js";
import type { LiveDb } from "../../store/live/live-db.js";
import type { EventFile } from "../../store/manifest.js";
import { readReceivedRows } from "../../store/read-received-rows.js";
import { markTaken, takenDigests } from "./lake-files.js";
import type { LiveEvents } from "./live-events.js";
import { takeWholeLake } from "./take-whole-lake.js";

/** In one transaction: the states of users with many events are then written once for many of them. */
const PORTION_ROWS = 20_000;

/**
 * Brings the events of a lake into the live store that are not there yet: what was ingested goes on live, and no event is held
 * twice there. Breaking it off loses nothing, and the next time goes on. Returns how many rows were new.
 */
export async function takeLake(lake: Lake, db: LiveDb, live: LiveEvents, world: World): Promise<number> {
  const files = await newFiles(lake, db);
  if (files.length === 0) return 0;
  const whole = await takeWholeLake(lake, db, world);
  if (whole !== null) return whole;
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  let seen = 0;
  let accepted = 0;
  const take = async (portion: Parameters<LiveEvents["add"]>[0]) => {
    accepted += (await live.add(portion)).accepted;
    seen += portion.length;
    world.log.info(`Taking the lake into the live store: ${Math.floor((100 * seen) / rows)}%`);
  };
  await readReceivedRows(lake, { files, order: "time", portionRows: PORTION_ROWS }, take, world);
  await markTaken(db, files, world.now());
  return accepted;
}

async function newFiles(lake: Lake, db: LiveDb): Promise<EventFile[]> {
  const digests = await takenDigests(db);
  return lake.manifest.files.filter(({ path, digest }) => digests.get(path) !== digest);
}
