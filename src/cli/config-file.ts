import { existsSync, readFileSync } from "node:fs";
import { RefrainError } from "../base/errors.js";
import { type Config, configSchema } from "../schema/config.js";

/** Reads `--config FILE`. Fails with PATH_ABSENT, FILE_UNREADABLE or VALUE_BAD naming the key. */
export function readConfig(path: string | undefined): Config {
  if (path === undefined) return {};
  if (!existsSync(path)) throw new RefrainError("PATH_ABSENT", { path });
  const parsed = configSchema.safeParse(jsonOf(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = issue?.path.join(".") || "its content";
  const advice = `It may hold ${Object.keys(configSchema.shape).join(", ")}.`;
  throw new RefrainError("VALUE_BAD", { name: `${path}: ${key}`, value: issue?.message ?? "this", advice });
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RefrainError("FILE_UNREADABLE", { path, reason }, error);
  }
}
