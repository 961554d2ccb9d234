import { existsSync, readFileSync } from "node:fs";
import { RefrainError } from "../base/errors.js";
import { nearestName } from "../base/nearest-name.js";
import { CONFIG_KEYS, CONFIG_NAMES, type Config, type ConfigKey, environmentName } from "../schema/config.js";

/** Not of the configuration, for they are secrets: the key that a command shows to a running service, and who is told of scores and alerts. */
const OTHER_VARIABLES: readonly string[] = [
  "REFRAIN_KEY",
  "REFRAIN_SCORES_WEBHOOK",
  "REFRAIN_ALERTS_WEBHOOK",
  "REFRAIN_ALERTS_SECRET",
];
const SECRETS: Readonly<Record<string, string>> = { databaseUrl: "DATABASE_URL" };

/** What the file and the environment say; the environment wins. Fails as `readConfig` and `environmentConfig` do. */
export function configOf(path: string | undefined, env: NodeJS.ProcessEnv): Config {
  return { ...readConfig(path), ...environmentConfig(env) };
}

/** Reads `--config FILE`. Fails with PATH_ABSENT, FILE_UNREADABLE or VALUE_BAD naming the key. */
export function readConfig(path: string | undefined): Config {
  if (path === undefined) return {};
  if (!existsSync(path)) throw new RefrainError("PATH_ABSENT", { path });
  const content = jsonOf(path);
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    const advice = "It must hold one JSON object.";
    throw new RefrainError("VALUE_BAD", { name: path, value: Array.isArray(content) ? "a list" : "this", advice });
  }
  const entries = Object.entries(content).map(([name, value]) => {
    const known = CONFIG_NAMES.find((one) => one === name);
    if (known === undefined) throw unknownKey(path, name);
    return [known, checked(known, value, `${path}: ${name}`)];
  });
  return Object.fromEntries(entries);
}

/** Reads the variables `REFRAIN_…`; an empty one is none. Fails with VALUE_BAD, also for a name that is nearly one of ours. */
export function environmentConfig(env: NodeJS.ProcessEnv): Config {
  const ours = new Map(CONFIG_NAMES.map((name) => [environmentName(name), name]));
  const entries = Object.entries(env).flatMap(([variable, text]) => {
    if (!variable.startsWith("REFRAIN_") || text === undefined || text === "") return [];
    if (OTHER_VARIABLES.includes(variable)) return [];
    const name = ours.get(variable);
    if (name !== undefined) return [[name, checked(name, typed(name, text), variable)]];
    const meant = nearestName(variable, [...ours.keys()]);
    if (meant === null) return [];
    throw new RefrainError("VALUE_BAD", { name: variable, value: "set", advice: `Did you mean ${meant}?` });
  });
  return Object.fromEntries(entries);
}

/** Text as the kind of value that the key has. */
function typed(name: ConfigKey, text: string): unknown {
  return /^-?\d+(\.\d+)?$/.test(text) && CONFIG_KEYS[name].values.def.type === "number" ? Number(text) : text;
}

function checked(name: ConfigKey, value: unknown, where: string): unknown {
  const parsed = CONFIG_KEYS[name].values.safeParse(value);
  if (parsed.success) return parsed.data;
  const advice = `${name}: ${CONFIG_KEYS[name].about}. ${parsed.error.issues[0]?.message ?? ""}.`;
  throw new RefrainError("VALUE_BAD", { name: where, value: JSON.stringify(value), advice });
}

function unknownKey(path: string, name: string): RefrainError {
  const secret = SECRETS[name];
  if (secret !== undefined) {
    const advice = `It may hold a password: give it as ${secret} in the environment.`;
    return new RefrainError("VALUE_BAD", { name: `${path}: ${name}`, value: "in a file", advice });
  }
  const meant = nearestName(name, CONFIG_NAMES);
  const advice = meant === null ? `It may hold ${CONFIG_NAMES.join(", ")}.` : `Did you mean ${meant}?`;
  return new RefrainError("VALUE_BAD", { name: `${path}: ${name}`, value: "a key", advice });
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RefrainError("FILE_UNREADABLE", { path, reason }, error);
  }
}
