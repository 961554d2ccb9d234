import { RefrainError } from "../../base/errors.js";
import { simulateToFiles } from "../../pipeline/simulate.js";
import { SIMULATE_DEFAULTS, type SimulateOptions } from "../../simulate/options.js";
import { SCENARIO_NAMES, type ScenarioName } from "../../simulate/scenario.js";
import { type Context, wholeNumber } from "../context.js";
import type { Register } from "../register.js";

interface Flags {
  readonly users?: string;
  readonly days?: string;
  readonly out: string;
  readonly truth?: string;
  readonly scenario?: string;
  readonly changeDay?: string;
  readonly then?: string;
  readonly growth?: string;
  readonly satisfaction?: string;
  readonly seasons?: string;
}

export const simulateCommand: Register = (root, act) =>
  root
    .command("simulate")
    .description("write a log like the public ones, with a known hazard of churn (simulated, and it says so)")
    .option("--users <n>", `listeners (default: ${SIMULATE_DEFAULTS.users})`)
    .option("--days <n>", `length of the log (default: ${SIMULATE_DEFAULTS.days})`)
    .requiredOption("--out <file>", "the log, JSON lines")
    .option("--truth <file>", "hidden owners, users and hazards, JSON lines")
    .option("--scenario <name>", `${SCENARIO_NAMES.join(", ")} (default: steady)`)
    .option("--change-day <n>", "the day on which drift and concept change (default: the middle)")
    .option("--then <name@day,…>", "further changes, such as concept@240")
    .option(
      "--growth <share>",
      `new listeners a year, as a share of those at the start (default: ${SIMULATE_DEFAULTS.growth})`,
    )
    .option("--satisfaction <strength>", "a hidden satisfaction that moves thumbs and churn, 0 to 3 (default: 0)")
    .option("--seasons <amplitude>", "a wave of activity over week and year, 0 to below 1 (default: 0)")
    .action(
      act(async (context, flags: Flags) => {
        const { world, answer } = context;
        const summary = await simulateToFiles(
          optionsOf(flags, context),
          { out: flags.out, truth: flags.truth ?? null },
          world,
        );
        const { users, events, churned, oracleAuc, attainableAuc } = summary;
        const told = (auc: number | null) => (auc === null ? "too few churned users to tell" : auc.toFixed(3));
        answer(
          summary,
          [
            `Simulated ${events.toLocaleString("en")} events of ${users} listeners, ${churned} of whom cancel: ${flags.out}`,
            `AUC with the hidden state known: ${told(oracleAuc)}; attainable from the events: ${told(attainableAuc)}`,
          ].join("\n"),
        );
        return undefined;
      }),
    );

function optionsOf(flags: Flags, { world }: Context): SimulateOptions {
  return {
    ...SIMULATE_DEFAULTS,
    seed: world.seed,
    users: wholeNumber("--users", flags.users, SIMULATE_DEFAULTS.users),
    days: wholeNumber("--days", flags.days, SIMULATE_DEFAULTS.days),
    scenario: (flags.scenario ?? SIMULATE_DEFAULTS.scenario) as ScenarioName,
    satisfaction: decimal("--satisfaction", flags.satisfaction),
    seasons: decimal("--seasons", flags.seasons),
    growth: decimal("--growth", flags.growth ?? String(SIMULATE_DEFAULTS.growth)),
    ...(flags.then === undefined ? {} : { thenChanges: changesOf(flags.then) }),
    ...(flags.changeDay === undefined ? {} : { changeDay: wholeNumber("--change-day", flags.changeDay, 0) }),
  };
}

/** `concept@240,drift@300`. */
function changesOf(text: string): NonNullable<SimulateOptions["thenChanges"]> {
  return text.split(",").map((part) => {
    const [scenario, day, ...more] = part.split("@");
    const isGood = SCENARIO_NAMES.includes(scenario as ScenarioName) && /^\d+$/.test(day ?? "") && more.length === 0;
    if (isGood) return { scenario: scenario as ScenarioName, day: Number(day) };
    throw new RefrainError("VALUE_BAD", { name: "--then", value: part, advice: "Give NAME@DAY, such as concept@240." });
  });
}

function decimal(name: string, text: string | undefined): number {
  const value = Number(text ?? 0);
  if (text?.trim() !== "" && Number.isFinite(value)) return value;
  throw new RefrainError("VALUE_BAD", { name, value: text ?? "", advice: "Give a number, for example 0.5." });
}
