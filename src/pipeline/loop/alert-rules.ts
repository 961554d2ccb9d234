import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RefrainError } from "../../base/errors.js";
import { type AlertRule, alertRulesSchema, DEFAULT_RULES } from "../../schema/alert-rules.js";

const FILE = "alerts.json";

/** The rules of a home: `alerts.json`, or those that hold without it. Throws `FILE_UNREADABLE`, `VALUE_BAD`. */
export function alertRules(home: string): readonly AlertRule[] {
  const path = join(home, FILE);
  if (!existsSync(path)) return DEFAULT_RULES;
  const parsed = alertRulesSchema.safeParse(jsonOf(path));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "the list" : issue.path.join(".");
  throw new RefrainError("VALUE_BAD", {
    name: path,
    value: where,
    advice: `${issue?.message ?? "It is not a list of rules"}.`,
  });
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RefrainError("FILE_UNREADABLE", { path, reason }, error);
  }
}
