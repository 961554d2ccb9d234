import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { isoOf, MS_PER_DAY } from "../../base/time.js";
import { lockHolder } from "../../store/file-lock.js";
import { homePaths } from "../../store/home-paths.js";
import { type Check, fail, ok, warn } from "./check.js";

const NODE_MIN = [20, 19] as const;
const GIB = 2 ** 30;
const [FREE_BYTES_WARN, FREE_BYTES_FAIL] = [5 * GIB, GIB / 4];
/** 2024: this version is younger. */
const CLOCK_MS_MIN = 1_704_067_200_000;

/** @param version as Node says it of itself: `20.19.1` */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fits = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  const hint = `Install Node ${NODE_MIN.join(".")} or a later one.`;
  return fits ? ok("node", `Node ${version}`) : fail("node", `Node ${version} is too old`, hint);
}

export function checkHome(home: string): Check {
  if (!existsSync(home)) return warn("home", `${home} is not there yet`, "The first refrain run or ingest makes it.");
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    return ok("home", `${home} can be written to`);
  } catch {
    return fail("home", `${home} cannot be written to`, "Give yourself the right to, or another folder with --home.");
  }
}

export function checkLock(home: string): Check {
  const holder = lockHolder(homePaths(home).lock);
  if (holder === null || holder.pid === process.pid) return ok("lock", "nobody else holds the home");
  const hint = "What writes to the lake or the models waits for it to end.";
  return warn("lock", `process ${holder.pid} (${holder.command}) holds the home`, hint);
}

export function checkDisk(home: string): Check {
  let folder = home;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const detail = `${(free / GIB).toFixed(1)} GiB are free`;
  if (free < FREE_BYTES_FAIL) return fail("disk", detail, "Make room: what cannot be written is refused.");
  return free < FREE_BYTES_WARN ? warn("disk", detail, "Make room soon.") : ok("disk", detail);
}

/** A clock that is behind what was written is wrong, or the files were. */
export function checkClock(home: string, nowMs: number): Check {
  const hint = "Set the clock: what is closed, due or expired is decided by it.";
  const { manifest } = homePaths(home);
  const written = existsSync(manifest) ? statSync(manifest).mtimeMs : 0;
  const detail = `it is ${isoOf(nowMs)}`;
  if (nowMs < CLOCK_MS_MIN) return fail("clock", detail, hint);
  if (written > nowMs + MS_PER_DAY) return warn("clock", `${detail}, and the lake was written ${isoOf(written)}`, hint);
  return ok("clock", detail);
}
