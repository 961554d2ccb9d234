import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

export const MAIN = resolve(import.meta.dirname, "../../dist/cli/main.js");

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const SCRIPT = `
  const [main, commands] = process.argv.slice(1);
  const ended = [];
  const streams = ["stdout", "stderr"];
  const writes = streams.map((name) => process[name].write);
  process.setMaxListeners(0);
  process.stdout.setMaxListeners(0);
  for (const [i, args] of JSON.parse(commands).entries()) {
    const said = { stdout: "", stderr: "" };
    for (const name of streams) process[name].write = (text) => ((said[name] += text), true);
    process.argv = [process.execPath, main, ...args];
    process.exitCode = undefined;
    await import(main + "?" + i);
    ended.push({ code: process.exitCode ?? 0, ...said });
  }
  for (const [i, name] of streams.entries()) process[name].write = writes[i];
  process.exitCode = 0;
  process.stdout.write(JSON.stringify(ended));
`;

/**
 * Runs commands that end by themselves one after the other in one process, which starts once instead of for each: where what counts
 * is what they say and the exit code they set.
 */
export function inOneProcess(
  commands: readonly (readonly string[])[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Ended[] {
  const args = ["--input-type=module", "-e", SCRIPT, pathToFileURL(MAIN).href, JSON.stringify(commands)];
  return JSON.parse(execFileSync(process.execPath, args, { ...options, encoding: "utf8", maxBuffer: 1 << 26 }));
}
