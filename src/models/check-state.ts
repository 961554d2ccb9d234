import { z } from "zod";
import { type EnsembleState, MEMBER_NAMES } from "./ensemble.js";
import type { LogisticState } from "./logistic.js";
import type { ModelState } from "./model-state.js";
import { parameterCount } from "./sequence/gru.js";
import type { SequenceState } from "./sequence/sequence.js";
import { complaintOfTrees } from "./trees/check-trees.js";

const list = z.array(z.number());
const lists = z.array(list);
const column = z.number().int().min(0);

const treeSchema = z.object({
  feature: list,
  threshold: list,
  left: list,
  right: list,
  missingLeft: z.array(z.union([z.literal(0), z.literal(1)])),
  value: list,
  cover: list,
  gain: list,
});
const trees = { inputs: column, trees: z.array(treeSchema) };

const kindsSchema = z.object({
  signals: z.array(z.object({ name: z.string(), events: column, exposure: column })),
  mixture: z.object({ shares: list.min(1), rates: lists }),
  names: z.array(z.string()),
});

const logisticSchema = z.object({
  kind: z.literal("logistic"),
  inputs: column,
  columns: z.array(column),
  mean: list,
  scale: list,
  coef: list,
  intercept: z.number(),
  kinds: kindsSchema.optional(),
});

/** The states that files may hold. Whole numbers and bounds of what points into lists are looked at besides. */
const stateSchema = z.discriminatedUnion("kind", [
  logisticSchema,
  z.object({
    kind: z.literal("ensemble"),
    inputs: column,
    members: z.array(z.object({ name: z.enum(MEMBER_NAMES), state: z.unknown() })).min(1),
    line: logisticSchema.nullable(),
  }),
  z.object({
    kind: z.literal("sequence"),
    inputs: column,
    columns: z.array(column),
    shape: z.object({ channels: column.min(1), hidden: column.min(1), steps: column.min(1) }),
    mean: list,
    scale: list,
    shift: z.number(),
    members: z.array(z.object({ theta: list, epochs: z.number() })).min(1),
  }),
  z.object({ kind: z.literal("forest"), ...trees }),
  z.object({ kind: z.literal("boosting"), base: z.number(), ...trees }),
  z.object({ kind: z.literal("xgboost"), base: z.number(), ...trees }),
]);

/**
 * Says what is wrong with a state that somebody else wrote, so that using it neither fails nor goes on for ever; null where
 * nothing is.
 *
 * @param inputs columns of the rows that it will be given
 */
export function complaintOfState(state: unknown, inputs: number): string | null {
  const { success, data, error } = stateSchema.safeParse(state);
  if (!success) return `its state is not as Refrain writes it (${error.issues[0]?.path.join(".").slice(0, 80)})`;
  const known = data as ModelState;
  if (known.inputs !== inputs) return `it predicts from ${known.inputs} columns and names ${inputs}`;
  switch (known.kind) {
    case "logistic":
      return complaintOfLogistic(known);
    case "forest":
    case "boosting":
    case "xgboost":
      return known.kind === "forest" && known.trees.length === 0 ? "its forest has no tree" : complaintOfTrees(known);
    case "ensemble":
      return complaintOfEnsemble(known);
    case "sequence":
      return complaintOfSequence(known);
    default:
      return known satisfies never;
  }
}

function complaintOfEnsemble({ inputs, members, line }: EnsembleState): string | null {
  for (const { name, state } of members) {
    // First, so that no ensemble can lie in an ensemble.
    if ((state as { kind?: unknown } | null)?.kind !== name) return `its member ${name} is none`;
    const complaint = complaintOfState(state, inputs);
    if (complaint !== null) return `of its member ${name}, ${complaint}`;
  }
  return line === null ? null : complaintOfState(line, members.length);
}

function complaintOfSequence({ inputs, columns, shape, mean, scale, members }: SequenceState): string | null {
  if (columns.length !== shape.channels * shape.steps) return "its columns are not its steps";
  if (columns.some((at) => at >= inputs)) return `it looks at a column beyond ${inputs}`;
  if ([mean, scale].some(({ length }) => length !== shape.channels)) return "its lists differ in length";
  if (scale.some((value) => value === 0)) return "one of its scales is 0";
  const isWhole = members.every(({ theta }) => theta.length === parameterCount(shape));
  return isWhole ? null : "a network of it lacks parameters";
}

function complaintOfLogistic({ inputs, columns, mean, scale, coef, kinds }: LogisticState): string | null {
  const seen = inputs + (kinds?.names.length ?? 0);
  if ([mean, scale, coef].some(({ length }) => length !== columns.length)) return "its lists differ in length";
  if (columns.some((at) => at >= seen)) return `it looks at a column beyond ${seen}`;
  if (scale.some((value) => value === 0)) return "one of its scales is 0";
  if (kinds === undefined) return null;
  const { signals, mixture, names } = kinds;
  const isWhole =
    mixture.rates.length === mixture.shares.length &&
    names.length === mixture.shares.length - 1 &&
    mixture.rates.every(({ length }) => length === signals.length) &&
    signals.every(({ events, exposure }) => events < inputs && exposure < inputs);
  return isWhole ? null : "its kinds of users do not fit together";
}
