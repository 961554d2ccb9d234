import { z } from "zod";
import { ERRORS } from "#src/base/errors.js";
import { POINT_IN_TIME_SHAPE } from "#src/evaluate/splits.js";
import { isActionable } from "#src/features/actionable.js";
import { POINT_IN_TIME } from "#src/features/catalogue.js";
import { KNOWN_AT, type KnownAt } from "#src/features/fold.js";
import { referenceCatalogue } from "#src/features/reference/catalogue.js";
import { LABELS } from "#src/labels/labels.js";
import { BAD, LINE_REASONS, MISSING, reasonMessage } from "#src/pipeline/ingest/reasons.js";
import { CONFIG_KEYS, CONFIG_NAMES, environmentName } from "#src/schema/config.js";
import type { ConfigKeyFacts } from "#src/schema/config-key.js";
import { EVENT_FIELDS, REQUIRED_FIELDS } from "#src/schema/event-limits.js";
import { HTTP_PROBLEMS } from "#src/server/http-problems.js";
import { SCENARIOS } from "#src/simulate/scenario.js";
import { commandHelp } from "./command-help.js";
import { routeRows } from "./route-table.js";

type Row = readonly (string | number)[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const code = (text: string) => `\`${text}\``;

interface Described {
  readonly name: string;
  readonly family: string;
  readonly unit: string;
  readonly knownAt: KnownAt;
  readonly description: string;
}

const features = (list: readonly Described[]) =>
  table(
    ["feature", "family", "unit", "known at", "meaning"],
    list.map((one) => [code(one.name), one.family, one.unit, one.knownAt, one.description]),
  );

function actionable(): string {
  const found = POINT_IN_TIME.features.filter(isActionable);
  const families = [...new Set(found.map(({ family }) => family))];
  const namesOf = (wanted: string) => found.filter(({ family }) => family === wanted).map(({ name }) => code(name));
  return table(
    ["family", "features that acting can change"],
    families.map((family) => [family, namesOf(family).join(", ")]),
  );
}

function quarantineReasons(): string {
  const required: readonly string[] = REQUIRED_FIELDS;
  const missing = EVENT_FIELDS.filter((field) => required.includes(field)).map((field) => MISSING[field]);
  const codes = [...Object.keys(LINE_REASONS), ...missing, ...EVENT_FIELDS.map((field) => BAD[field])];
  return table(
    ["code", "meaning"],
    codes.map((one) => [code(one), reasonMessage(one)]),
  );
}

function configuration(): string {
  const kind = (values: z.ZodType): string => {
    const { type, enum: list, minimum, maximum } = z.toJSONSchema(values) as Record<string, unknown>;
    if (Array.isArray(list)) return list.map(String).join(", ");
    return type === "integer" ? `${minimum} to ${maximum}` : "text";
  };
  return table(
    ["key", "variable", "values", "default", "meaning"],
    CONFIG_NAMES.map((name) => {
      const { values, about, unit, otherwise }: ConfigKeyFacts = CONFIG_KEYS[name];
      const meaning = unit === undefined ? about : `${about}, in ${unit}`;
      return [code(name), code(environmentName(name)), kind(values), otherwise ?? "", meaning];
    }),
  );
}

/** The tables that pages in docs/ take from the source, by the name that marks their place. */
export const TABLES: Readonly<Record<string, () => string>> = {
  errors: () =>
    table(
      ["code", "message", "what to do", "exit", "status"],
      Object.entries(ERRORS).map(([name, { message, hint, exit, status }]) => [
        code(name),
        message,
        hint,
        exit,
        status,
      ]),
    ),
  routes: () =>
    table(
      ["route", "role", "what it is for"],
      routeRows().map(([route, ...rest]) => [code(route), ...rest]),
    ),
  problems: () =>
    table(
      ["status", "code", "message", "what to do"],
      Object.entries(HTTP_PROBLEMS).map(([name, { status, message, hint }]) => [status, code(name), message, hint]),
    ),
  "point-in-time": () => features(POINT_IN_TIME.features),
  actionable,
  "known-at": () => table(["known at", "what decides when the value was known"], Object.entries(KNOWN_AT)),
  "whole-history": () => features(referenceCatalogue([]).features),
  labels: () =>
    table(
      ["label", "version", "what it is", "gap", "window", "at risk"],
      Object.values(LABELS).map((make) => {
        const { name, version, description, window, riskSet } = make({});
        const { activeWithinDays, paidOnly = false } = riskSet(POINT_IN_TIME_SHAPE.cutoffs.minHistoryDays);
        const who = `${paidOnly ? "paying, " : ""}not cancelled, an event in ${activeWithinDays} days`;
        return [code(name), version, description, `${window.gapDays} day`, `${window.horizonDays} days`, who];
      }),
    ),
  reasons: quarantineReasons,
  scenarios: () =>
    table(
      ["scenario", "what it is"],
      Object.entries(SCENARIOS).map(([name, { description }]) => [code(name), description]),
    ),
  configuration,
  commands: () => commandHelp().join("\n").trim(),
};
