import { ERRORS, RefrainError } from "../base/errors.js";
import { parseInstant } from "../base/time.js";
import { follow } from "../pipeline/sources/follow.js";
import { LakeSink } from "../pipeline/sources/lake-sink.js";
import type { LineCounts, LineSink } from "../pipeline/sources/line-sink.js";
import { readTable } from "../pipeline/sources/read-table.js";
import { ServiceSink } from "../pipeline/sources/service-sink.js";
import { renderIngest } from "../report/terminal.js";
import { lakeVolumes } from "../store/lake.js";
import { runningService } from "../store/live-lock.js";
import { columnMap } from "./column-map.js";
import type { Context } from "./context.js";

export interface IngestFlags {
  readonly map?: string;
  readonly follow?: boolean;
  readonly to?: string;
  readonly table?: string;
  readonly since?: string;
}

/** How long a service may be away while something with an end is sent to it. */
const PATIENCE_MS = 60_000;
const DATABASE = /^postgres(ql)?:\/\//;

/** Whether it is not files that go into the lake as they are. */
export function isFromSource(paths: readonly string[], flags: IngestFlags): boolean {
  const { follow: isFollowed, to, table, since } = flags;
  return (
    isFollowed === true ||
    [to, table, since].some((flag) => flag !== undefined) ||
    paths.some((path) => DATABASE.test(path))
  );
}

/** `ingest` of a growing file, of a table, or to a running service. Returns the exit code. */
export async function ingestSource(
  context: Context,
  paths: readonly string[],
  flags: IngestFlags,
): Promise<number | undefined> {
  const [path = "", ...more] = paths;
  const isTable = DATABASE.test(path);
  refuseWrongUse({ isTable, count: 1 + more.length }, flags);
  const sink = sinkOf(context, flags, isTable);
  const { home, world } = context;
  const counts = isTable
    ? await readTable(home, { url: path, table: flags.table ?? "", ...tableOptions(flags) }, sink, world)
    : await follow({ home, path, isOnce: flags.follow !== true }, sink, world);
  answerCounts(context, counts, sink);
  return world.signal.aborted ? ERRORS.INTERRUPTED.exit : undefined;
}

/** Throws `USAGE`. */
function refuseWrongUse({ isTable, count }: { isTable: boolean; count: number }, flags: IngestFlags): void {
  const wrong = [
    [count > 1, "a table, --follow and --to take one path at a time"],
    [isTable && flags.table === undefined, "a database needs --table NAME"],
    [isTable && flags.follow === true, "--follow is for files; run the command again to go on with a table"],
    [!isTable && (flags.table ?? flags.since) !== undefined, "--table and --since are for postgres://…"],
    [!isTable && flags.to !== undefined && flags.map !== undefined, "--map does not go with --to and a file"],
  ] as const;
  const reason = wrong.find(([is]) => is)?.[1];
  if (reason !== undefined) throw new RefrainError("USAGE", { reason });
}

/** Where lines go: to the service that `--to` names, to the one that serves this home, or into the lake. */
function sinkOf({ home, world }: Context, flags: IngestFlags, isTable: boolean): LineSink {
  const { to, map } = flags;
  const patienceMs = flags.follow === true ? Number.POSITIVE_INFINITY : PATIENCE_MS;
  if (to !== undefined) {
    if (!URL.canParse(to) || !/^https?:/.test(to)) {
      throw new RefrainError("VALUE_BAD", { name: "--to", value: to, advice: "Give http://HOST:PORT." });
    }
    const endpoint = { address: to, key: process.env.REFRAIN_KEY ?? null };
    return new ServiceSink({ name: to, endpoint: () => endpoint, patienceMs }, world);
  }
  // The rows of a table come under the names of the fields already.
  const isAsMapped = isTable || map === undefined;
  if (!isAsMapped || runningService(home) === null) return new LakeSink(home, isTable ? {} : columnMap(map), world);
  const endpoint = () => {
    const running = runningService(home);
    return running && { address: running.address, key: running.token };
  };
  return new ServiceSink({ name: "the service of this home", endpoint, patienceMs }, world);
}

function tableOptions({ map, since }: IngestFlags) {
  const sinceMs = since === undefined ? null : parseInstant(since);
  if (since !== undefined && sinceMs === null) {
    const advice = "Give a moment, for example 2018-12-01T00:00:00Z.";
    throw new RefrainError("VALUE_BAD", { name: "--since", value: since, advice });
  }
  return { map: columnMap(map), sinceMs };
}

function answerCounts({ home, answer, ...look }: Context, counts: LineCounts, sink: LineSink): void {
  if (sink instanceof LakeSink) {
    const document = { ...counts, ...lakeVolumes(home) };
    answer(document, renderIngest(document, look));
    return;
  }
  const { lines, accepted, duplicates, quarantined } = counts;
  const sum = `${lines} = ${accepted} accepted + ${duplicates} duplicates + ${quarantined} refused`;
  answer({ ...counts, to: sink.name }, `Rows in: ${sum}, to ${sink.name}`);
}
