import type { Command } from "commander";
import { RefrainError } from "../base/errors.js";
import type { DecisionCosts, ThresholdPolicy } from "../evaluate/decision-costs.js";
import type { DecisionOptions } from "../pipeline/train/options.js";
import { CONFIG_KEYS, type Config } from "../schema/config.js";

export interface DecisionFlags {
  readonly threshold?: string;
  readonly contactCost?: string;
  readonly customerValue?: string;
  readonly saveRate?: string;
  readonly contacts?: string;
}

const COSTS = ["contactCost", "customerValue", "saveRate"] as const;

/** Adds what contacts cost and bring, and how the threshold is chosen by it. */
export function addDecisionOptions(command: Command): Command {
  return command
    .option(
      "--threshold <kind>",
      "f1, cost (whoever is worth a contact) or capacity (as many as can be contacted; default: f1)",
    )
    .option("--contact-cost <amount>", "what one contact costs")
    .option("--customer-value <amount>", "what is lost with a listener who leaves")
    .option("--save-rate <share>", "share of those about to leave whom a contact keeps")
    .option("--contacts <n>", "contacts that can be made at a cutoff");
}

/** What flags and configuration say. Fails with VALUE_BAD, or USAGE where a policy lacks what it goes by. */
export function decisionOptions(flags: DecisionFlags, config: Config): DecisionOptions {
  const costs = costsOf(flags, config);
  const contacts = numberOf("contacts", flags.contacts, "contactsPerCutoff") ?? config.contactsPerCutoff ?? null;
  return { costs, contacts, policy: policyOf(flags.threshold ?? "f1", { costs, contacts }) };
}

function costsOf(flags: DecisionFlags, config: Config): DecisionCosts | null {
  const given = COSTS.map((name) => [name, numberOf(name, flags[name], name) ?? config[name]] as const);
  if (given.every(([, value]) => value === undefined)) return null;
  const missing = given.find(([, value]) => value === undefined);
  if (missing !== undefined) {
    throw new RefrainError("USAGE", {
      reason: `profit needs ${flagOf(missing[0])} too, or ${missing[0]} in the configuration`,
    });
  }
  return Object.fromEntries(given) as unknown as DecisionCosts;
}

function policyOf(kind: string, { costs, contacts }: Omit<DecisionOptions, "policy">): ThresholdPolicy {
  if (kind === "f1") return { kind };
  if (kind === "cost") {
    if (costs !== null) return { kind, costs };
    throw new RefrainError("USAGE", {
      reason: "--threshold cost needs --contact-cost, --customer-value and --save-rate",
    });
  }
  if (kind === "capacity") {
    if (contacts !== null) return { kind, contacts };
    throw new RefrainError("USAGE", { reason: "--threshold capacity needs --contacts" });
  }
  throw new RefrainError("VALUE_BAD", { name: "--threshold", value: kind, advice: "Choose f1, cost or capacity." });
}

function numberOf(
  flag: string,
  text: string | undefined,
  key: (typeof COSTS)[number] | "contactsPerCutoff",
): number | undefined {
  if (text === undefined) return undefined;
  const parsed = CONFIG_KEYS[key].values.safeParse(text.trim() === "" ? Number.NaN : Number(text));
  if (parsed.success) return parsed.data;
  throw new RefrainError("VALUE_BAD", { name: flagOf(flag), value: text, advice: `${CONFIG_KEYS[key].about}.` });
}

function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
