import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** What wrk saw. */
export interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly not2xx: number;
  readonly socketErrors: number;
}

const CONNECTIONS = 32;
const run = promisify(execFile);

export const HAS_WRK = spawnSync("wrk", ["--version"]).error === undefined;

/** Posts bodies in turn, over and over; ends with one line of JSON. */
const SCRIPT = `
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
if os.getenv("KEY") then wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY") end
local bodies = {}
for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end
local at = 0
function request()
  at = at % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[at])
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('{"perSecond":%f,"p50Ms":%f,"p99Ms":%f,"not2xx":%d,"socketErrors":%d}\\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.status, e.connect + e.read + e.write + e.timeout))
end
`;

/**
 * wrk with 32 connections and one thread, after a warm-up as long: a JIT needs some ten thousand requests.
 *
 * @param bodies one a line, sent in turn
 */
export async function wrk(
  url: string,
  bodies: readonly string[],
  given: { folder: string; seconds: number; key?: string; connections?: number },
): Promise<Load> {
  const { folder, seconds, key, connections = CONNECTIONS } = given;
  const [script, list] = [join(folder, "post.lua"), join(folder, "bodies")];
  writeFileSync(script, SCRIPT);
  writeFileSync(list, `${bodies.join("\n")}\n`);
  const env = { ...process.env, BODIES: list, ...(key === undefined ? {} : { KEY: key }) };
  const of = (duration: number) =>
    run("wrk", ["-t1", `-c${connections}`, `-d${duration}s`, "--timeout", "10s", "-s", script, url], { env });
  await of(seconds);
  const { stdout } = await of(seconds);
  const line = stdout.trim().split("\n").at(-1) ?? "";
  return JSON.parse(line) as Load;
}
