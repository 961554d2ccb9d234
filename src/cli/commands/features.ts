import { RefrainError } from "../../base/errors.js";
import { parseInstant } from "../../base/time.js";
import { type FeaturesOptions, listFeatures, writeFeatures } from "../../pipeline/features.js";
import type { Register } from "../register.js";

interface Flags {
  readonly at?: string;
  readonly every?: string;
  readonly wholeHistory?: boolean;
  readonly allUsers?: boolean;
  readonly out?: string;
  readonly list?: boolean;
}

export const featuresCommand: Register = (root, act) =>
  root
    .command("features")
    .description("write the snapshot table: features of users as known at a cutoff")
    .option("--at <iso>", "the cutoff (default: the end of the data)")
    .option("--every <days>", "a cutoff every so many days, for example 2d")
    .option("--whole-history", "the reference system's 46 features at the end of the log (leaky)")
    .option("--all-users", "everyone, not only the risk set")
    .option("--out <file>", "a .csv or .parquet file")
    .option("--list", "print the catalogue")
    .action(
      act(async ({ home, world, answer }, flags: Flags) => {
        if (flags.list === true) {
          const catalogue = listFeatures();
          answer(catalogue, catalogueText(catalogue));
          return undefined;
        }
        const document = await writeFeatures(home, optionsOf(flags), world);
        const mark = document.simulated ? "SIMULATED: " : "";
        const text = `${mark}${document.rows} rows of ${document.users} users at ${document.cutoffs.length} ${document.cutoffs.length === 1 ? "cutoff" : "cutoffs"}, ${document.features.length} features: ${document.file}`;
        answer(document, text);
        return undefined;
      }),
    );

/** The catalogue by family, in columns, and what "known at" means. */
function catalogueText({ features, knownAt }: ReturnType<typeof listFeatures>): string {
  const columnsOf = (f: (typeof features)[number]) => [f.name, f.unit, f.knownAt];
  const widths = features
    .map(columnsOf)
    .reduce((most, cells) => most.map((width, i) => Math.max(width, cells[i]?.length ?? 0)), [0, 0, 0]);
  const lineOf = (f: (typeof features)[number]) =>
    `  ${columnsOf(f)
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")}  ${f.description}`;
  const families = [...new Set(features.map(({ family }) => family))];
  return [
    ...families.flatMap((family) => [family, ...features.filter((f) => f.family === family).map(lineOf), ""]),
    `${features.length} features in ${families.length} families: name, unit, known at, meaning. Known at:`,
    ...Object.entries(knownAt).map(([name, text]) => `  ${name.padEnd(widths[2] ?? 0)}  ${text}`),
  ].join("\n");
}

function optionsOf({ at, every, wholeHistory, allUsers, out }: Flags): FeaturesOptions {
  if (out === undefined)
    throw new RefrainError("USAGE", { reason: "features needs --out FILE.csv or FILE.parquet (or --list)" });
  return { out, allUsers: allUsers === true, cutoffs: cutoffsOf({ at, every, wholeHistory }) };
}

function cutoffsOf({
  at,
  every,
  wholeHistory,
}: {
  at: string | undefined;
  every: string | undefined;
  wholeHistory: boolean | undefined;
}) {
  if ([at, every, wholeHistory].filter((flag) => flag !== undefined).length > 1) {
    throw new RefrainError("USAGE", { reason: "--at, --every and --whole-history exclude each other" });
  }
  if (wholeHistory === true) return "whole-history";
  if (every !== undefined) return { everyDays: daysOf(every) };
  return { at: at === undefined ? null : instantOf("--at", at) };
}

/** Fails with VALUE_BAD. */
export function instantOf(name: string, text: string) {
  const at = parseInstant(text);
  if (at !== null) return at;
  throw new RefrainError("VALUE_BAD", { name, value: text, advice: "Write a time like 2018-11-15T12:00:00Z." });
}

function daysOf(text: string): number {
  const days = Number(/^(\d+(?:\.\d+)?)d?$/.exec(text)?.[1]);
  if (days > 0 && days <= 3650) return days;
  throw new RefrainError("VALUE_BAD", { name: "--every", value: text, advice: "Write days, for example 2d." });
}
