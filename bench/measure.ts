import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** One program from start to end, as a process of its own. */
export interface Measured {
  readonly seconds: number;
  readonly peakMiB: number;
  /** The JSON of its last line. */
  readonly answer: Record<string, unknown>;
}

/** Python programs to be measured beside. */
export const PEERS = resolve("../shared/peers");

const OUTPUT_BYTES_MAX = 1 << 26;

/** Runs node on a script; the peak is the process's own VmHWM, all threads included. */
export function measureNode(args: readonly string[], folder: string): Measured {
  const peakFile = join(folder, "peak");
  const preload = new URL("./peak.js", import.meta.url).href;
  const env = { ...process.env, REFRAIN_BENCH_PEAK: peakFile };
  const { seconds, answer } = measure(process.execPath, ["--import", preload, ...args], env);
  return { seconds, answer, peakMiB: Number(readFileSync(peakFile, "utf8")) / 1024 };
}

/** Runs a program of `peers`, which says its own peak in its last line. */
export function measurePeer(python: string, args: readonly string[]): Measured {
  const { seconds, answer } = measure(python, args, process.env);
  return { seconds, answer, peakMiB: Number(answer.peak_rss_mb) };
}

function measure(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    env,
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  const seconds = (performance.now() - started) / 1000;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.trim().split("\n").at(-1) ?? ""}`);
  const last = stdout.trim().split("\n").at(-1) ?? "";
  return { seconds, answer: last.startsWith("{") ? (JSON.parse(last) as Record<string, unknown>) : {} };
}

/** The seconds of one stage, as programs say them in their answer. */
export function secondsOf(runs: readonly Measured[], stage: string): number[] {
  return runs.map((run) => (run.answer.seconds as Record<string, number>)[stage] ?? Number.NaN);
}

export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Min, median and max, as a table shows them. */
export function spread(values: readonly number[], digits: number): string[] {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return [sorted[0], middle, sorted.at(-1)].map((value) => (value ?? Number.NaN).toFixed(digits));
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}
