import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { World } from "../../base/world.js";
import { waitForHomeLock, withHomeLock } from "../../store/home-lock.js";
import type { FieldMap } from "../ingest/part.js";
import { commitLogs } from "../ingest.js";
import type { LineCounts, LinePortion, LineSink } from "./line-sink.js";

/** A portion makes files in the lake, and has itself compared with it. */
const REST_MS = 10_000;

/** Brings lines into the lake of a home, whose lock it holds only while it does. */
export class LakeSink implements LineSink {
  readonly name = "lake";
  readonly restMs = REST_MS;
  readonly #home: string;
  readonly #map: FieldMap;
  readonly #world: World;
  #hold: typeof withHomeLock = withHomeLock;

  constructor(home: string, map: FieldMap, world: World) {
    this.#home = home;
    this.#map = map;
    // A portion that was begun is finished, also when somebody stops the command.
    this.#world = { ...world, signal: { aborted: false } };
  }

  /** Throws `HOME_LOCKED`: the first time at once, later after waiting for half a minute. */
  async take({ bytes, source, linesBefore }: LinePortion): Promise<LineCounts> {
    const folder = mkdtempSync(join(tmpdir(), "refrain-lines-"));
    const path = join(folder, "lines.jsonl");
    try {
      writeFileSync(path, bytes);
      const log = { path, kind: "lines", bytes: bytes.length, origin: { path: source, linesBefore } } as const;
      const read = () => commitLogs(this.#home, [log], { map: this.#map, whileWriting: null }, this.#world);
      const { counts, tally } = await this.#hold(this.#home, "ingest", read);
      this.#hold = waitForHomeLock;
      return { ...counts, reasons: Object.fromEntries(tally.reasons) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
