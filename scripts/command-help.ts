import { execFileSync } from "node:child_process";

const MAIN = "dist/cli/main.js";

/** What a command prints for --help, and its subcommands after it: the program's own words, so they cannot go stale. */
export function commandHelp(path: readonly string[] = []): string[] {
  const env = { ...process.env, COLUMNS: "80", NO_COLOR: "1" };
  const help = execFileSync(process.execPath, [MAIN, ...path, "--help"], { encoding: "utf8", env }).trim();
  const commands = help.split("\nCommands:\n")[1] ?? "";
  const below = [...commands.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name ?? "").filter((name) => name !== "help");
  const title = path.length === 0 ? "Global options" : `\`${path.join(" ")}\``;
  return [`## ${title}`, "", "```", help, "```", "", ...below.flatMap((name) => commandHelp([...path, name]))];
}
