import { RefrainError } from "../../base/errors.js";
import { driftOfFiles } from "../../pipeline/drift/drift-of-files.js";
import { renderDrift } from "../../report/terminal/drift.js";
import { settingsOf } from "../../schema/config.js";
import type { DriftDocument } from "../../schema/drift-document.js";
import type { Context } from "../context.js";
import { liveDrift } from "../live-drift.js";
import type { Register } from "../register.js";

interface Flags {
  readonly reference?: string;
  readonly current?: string;
  readonly rule: string;
  readonly drop?: string;
  readonly failOn?: string;
}

const RULES: readonly DriftDocument["rule"][] = ["budget", "reference"];

export const driftCommand: Register = (root, act) =>
  root
    .command("drift")
    .description("whether users behave otherwise than those the model learned from, or than those of another table")
    .option(
      "--reference <file>",
      "a table (.csv, .parquet, .json, .jsonl) to compare with; default: what the model learned from",
    )
    .option("--current <file>", "the table to look at; default: the last days of live data")
    .option("--rule <rule>", "budget: alarms as often as configured; reference: any feature with p < 0.05", "budget")
    .option("--drop <columns>", "columns of the tables to leave out, separated by commas")
    .option("--fail-on <what>", "drift: exit with 5 on an alarm")
    .action(
      act(async (context, flags: Flags) => {
        const rule = RULES.find((one) => one === flags.rule);
        if (rule === undefined) throw badValue("--rule", flags.rule, `Give ${RULES.join(" or ")}.`);
        if (flags.failOn !== undefined && flags.failOn !== "drift") {
          throw badValue("--fail-on", flags.failOn, "Give drift.");
        }
        const document = await driftOf(flags, rule, context);
        context.answer(document, renderDrift(document, context));
        if (flags.failOn === undefined || !document.drifted) return undefined;
        const error = new RefrainError("DRIFT_FOUND", { features: namesOf(document) });
        context.world.log.warn(`${error.message} ${error.hint}`);
        return error.exit;
      }),
    );

function driftOf(
  { reference, current, drop }: Flags,
  rule: DriftDocument["rule"],
  context: Context,
): Promise<DriftDocument> {
  if (reference === undefined && current === undefined && drop === undefined) return liveDrift(rule, context);
  if (reference === undefined || current === undefined) {
    const reason = "drift of two tables needs both --reference FILE and --current FILE";
    throw new RefrainError("USAGE", { reason });
  }
  const { world, config } = context;
  const dropped = drop === undefined ? [] : drop.split(",").map((name) => name.trim());
  return driftOfFiles({ reference, current, rule, drop: dropped, alarmBudget: settingsOf(config).alarmBudget }, world);
}

/** What is behind the alarm. */
function namesOf({ rule, features, referenceRule }: DriftDocument): string {
  const named =
    rule === "reference"
      ? (referenceRule?.features ?? [])
      : features.filter(({ alarmed }) => alarmed).map(({ name }) => name);
  return named.join(", ");
}

function badValue(name: string, value: string, advice: string): RefrainError {
  return new RefrainError("VALUE_BAD", { name, value, advice });
}
