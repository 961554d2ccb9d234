import { RefrainError } from "../base/errors.js";
import { seededRng } from "../base/rng.js";
import type { World } from "../base/world.js";
import { defaultTestCutoffs } from "../evaluate/splits.js";
import { Album, type TestCutoffs } from "./album.js";
import { LineBuffer } from "./buffered.js";
import { TimeHeap } from "./heap.js";
import { checkOptions, type SimulateOptions } from "./options.js";
import { POPULATIONS } from "./populations.js";
import type { Reachable } from "./reach-figures.js";
import { buildRoster, type Member } from "./roster.js";
import { NAMED, rowWriter } from "./rows.js";
import type { ScenarioName } from "./scenario.js";
import { buildSetting, type Setting } from "./setting.js";
import { STATES } from "./states.js";
import { truthOfRow, truthOfUser } from "./truth.js";
import type { SimulateSink } from "./write-log.js";

export interface SimulateSummary extends Reachable {
  readonly scenario: ScenarioName;
  readonly simulated: true;
  readonly users: number;
  readonly events: number;
  readonly churned: number;
  /** Rows that name nobody. */
  readonly blankUserIds: number;
}

/**
 * Simulates a log like the public ones and writes it, in order of time, with the truth behind it.
 *
 * Law of the world: Interana/eventsim (MIT). The same options give the same bytes.
 */
export async function simulate(options: SimulateOptions, sink: SimulateSink, world: World): Promise<SimulateSummary> {
  checkOptions(options);
  const rng = seededRng(options.seed).fork(`simulate/${options.scenario}`);
  const setting = buildSetting(options, rng);
  const members = buildRoster(options, setting, rng.fork("roster"));
  world.log.debug(`${members.length} listeners, ${options.days} days`);
  const run = { testCutoffs: options.testCutoffs ?? defaultTestCutoffs, world };
  const found = await unfold(members, setting, sink, run);
  return { scenario: options.scenario, simulated: true, users: options.users, ...found };
}

async function unfold(members: readonly Member[], setting: Setting, sink: SimulateSink, run: Run) {
  const times = Float64Array.from(members, (member) => member.listener.at);
  const heap = new TimeHeap(times);
  const sessions = new Int32Array(POPULATIONS.length);
  const cancelledAt = new Float64Array(members.length).fill(Number.POSITIVE_INFINITY);
  const writer = rowWriter(members, setting.catalogue);
  const log = new LineBuffer(sink.log);
  const truth = sink.truth === null ? null : new LineBuffer(sink.truth);
  const album = new Album(members, setting, run.testCutoffs);
  let blankUserIds = 0;
  let churned = 0;
  for (let at = heap.first(); times[at]! < setting.end; at = heap.first()) {
    const member = members[at]!; // hot loop
    const { listener } = member;
    album.row(at, listener.at);
    if (listener.item === 0 || listener.sessionId === 0) {
      sessions[listener.population]!++;
      listener.sessionId = sessions[listener.population]!;
    }
    const full = log.add(writer.line(at));
    if (!NAMED[listener.state]!) {
      blankUserIds++;
      if (truth?.add(`${JSON.stringify(truthOfRow(member, log.lines))}\n`)) await truth.flush();
    }
    if (STATES[listener.state]!.auth === "Cancelled") {
      churned++;
      cancelledAt[at] = listener.at;
    }
    listener.advance();
    times[at] = listener.at;
    heap.firstChanged();
    if (full) await flush(log, run.world);
  }
  for (const [i, { id, listener }] of members.entries()) {
    const line = id === null ? "" : `${JSON.stringify(truthOfUser(id, listener, cancelledAt[i] as number))}\n`;
    if (truth?.add(line)) await truth.flush();
  }
  await log.finish();
  await truth?.finish();
  return { events: log.lines, churned, blankUserIds, ...album.figures(cancelledAt) };
}

interface Run {
  readonly testCutoffs: TestCutoffs;
  readonly world: World;
}

async function flush(log: LineBuffer, world: World): Promise<void> {
  if (world.signal.aborted) throw new RefrainError("INTERRUPTED");
  await log.flush();
}
