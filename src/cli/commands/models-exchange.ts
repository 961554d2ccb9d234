import type { Command } from "commander";
import { RefrainError } from "../../base/errors.js";
import { exportModel } from "../../pipeline/exchange/export-model.js";
import { EXPORT_FORMATS, IMPORT_FORMATS } from "../../pipeline/exchange/formats.js";
import { importModel } from "../../pipeline/exchange/import-model.js";
import type { ImportDocument } from "../../schema/exchange-documents.js";
import type { Act } from "../register.js";

interface ImportFlags {
  readonly format?: string;
  readonly table?: string;
  readonly id?: string;
}

interface ExportFlags {
  readonly format?: string;
  readonly out?: string;
}

/** `models import` and `models export`: models from and for elsewhere. */
export function addExchangeCommands(models: Command, act: Act): void {
  models
    .command("import")
    .description("bring a model in; score a table with it at once")
    .argument("<file>")
    .option("--format <name>", `${IMPORT_FORMATS.join(" or ")} (XGBoost's own JSON, versions 2 and 3)`)
    .option("--table <file>", "score this table (CSV, Parquet, JSON), rows in file order")
    .option("--id <column>", "the id column of --table")
    .action(
      act(async ({ home, world, answer }, file: string, { format, table, id }: ImportFlags) => {
        if ((table === undefined) !== (id === undefined))
          throw new RefrainError("USAGE", { reason: "--table needs --id COL, and --id needs --table FILE" });
        const rows = table === undefined || id === undefined ? null : { path: table, id };
        const chosen = formatOf(IMPORT_FORMATS, format);
        const document = await importModel(home, { file, format: chosen, table: rows }, world);
        answer(document, importText(document));
        return undefined;
      }),
    );
  models
    .command("export")
    .description("write a version to a file that says the same, calibrator included")
    .argument("<version>")
    .option("--format <name>", EXPORT_FORMATS.join(", "))
    .option("--out <file>", "the file")
    .action(
      act(async ({ home, answer }, version: string, { format, out }: ExportFlags) => {
        if (out === undefined) throw new RefrainError("USAGE", { reason: "models export needs --out FILE" });
        const document = exportModel(home, { version, format: formatOf(EXPORT_FORMATS, format), out });
        answer(document, `${document.version} as ${document.format}: ${document.file} (${document.bytes} bytes)`);
        return undefined;
      }),
    );
}

function formatOf<F extends string>(formats: readonly F[], text: string | undefined): F {
  const found = formats.find((format) => format === text);
  if (found !== undefined) return found;
  if (text === undefined) throw new RefrainError("USAGE", { reason: `--format is missing: ${formats.join(", ")}` });
  throw new RefrainError("VALUE_BAD", { name: "--format", value: text, advice: `Choose from ${formats.join(", ")}.` });
}

/** The version, then a line a row: id and P(churn). */
function importText({ version, features, ids, probabilities }: ImportDocument): string {
  const rows = ids.map((id, row) => `${id}  ${(probabilities[row] ?? Number.NaN).toFixed(4)}`);
  return [`${version}: ${features.length} features. It does not serve.`, ...rows].join("\n");
}
