import { join } from "node:path";
import { keyOf } from "./held.js";
import { readLog, type SentEvent } from "./load.js";
import { refrain } from "./service-process.js";

/** A SIMULATED log with logged-out rows; each event once. */
export function simulatedEvents(
  folder: string,
  { users, days, seed }: { users: number; days: number; seed: number },
): { readonly path: string; readonly events: SentEvent[] } {
  const path = join(folder, `simulated-${users}-${days}-${seed}.jsonl`);
  const size = ["--users", String(users), "--days", String(days), "--seed", String(seed)];
  refrain({ home: folder, url: null }, "simulate", ...size, "--out", path);
  return { path, events: [...new Map(readLog(path).map((event) => [keyOf(event), event])).values()] };
}
