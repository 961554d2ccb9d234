import { z } from "zod";
import { RefrainError } from "../../base/errors.js";
import { complaintOfState } from "../../models/check-state.js";
import { type ModelFile, versioned } from "../../registry/model-file.js";

const ADVICE = "Export it again: refrain models export VERSION --format json --out FILE.";

const numbers = z.array(z.number());

/** What every use of a model relies on; the rest is only shown. */
const modelSchema = z.object({
  version: z.string(),
  format: z.literal("refrain-model/1"),
  protocol: z.enum(["point-in-time", "whole-history", "table"]),
  leaky: z.boolean(),
  riskSet: z.object({}).nullable(),
  label: z.object({ name: z.string().regex(/^[^/\\\0]{1,100}$/), version: z.number() }),
  catalogue: z.object({ name: z.string(), accumulators: z.record(z.string(), z.number()) }),
  features: z.array(z.string()).min(1),
  estimator: z.string(),
  params: z.record(z.string(), z.unknown()),
  calibrator: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("none") }),
    z.object({ kind: z.literal("platt"), a: z.number(), b: z.number() }),
    z.object({ kind: z.literal("isotonic"), x: numbers, y: numbers }),
  ]),
  threshold: z.object({ value: z.number(), why: z.string() }),
  baseRate: z.number(),
  riskLevels: z.object({ medium: z.number(), high: z.number() }),
  training: z.object({ throughMs: z.number().nullable(), simulated: z.boolean() }),
  metrics: z.record(z.string(), z.number().nullable()),
  audits: z.object({ verdict: z.enum(["passed", "inconclusive", "failed"]) }).nullable(),
});

/**
 * Reads a model in Refrain's own form. Its version names the SHA-256 of everything else, so a changed byte is noticed. Fails
 * with MODEL_FILE_BAD.
 */
export function readNativeModel(text: string, path: string): ModelFile {
  const refuse = (reason: string): never => {
    throw new RefrainError("MODEL_FILE_BAD", { path, reason, advice: ADVICE });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return refuse("it is not JSON, or not whole");
  }
  const { success, error } = modelSchema.safeParse(parsed);
  if (!success)
    return refuse(`its ${error.issues[0]?.path.join(".").slice(0, 80) || "form"} is not as Refrain writes it`);
  const model = parsed as ModelFile;
  const { version, ...body } = model;
  if (versioned(body).version !== version) return refuse("it is not what its version says: it was changed or damaged");
  const { calibrator, features, state } = model;
  const complaint = complaintOfState(state, features.length);
  if (complaint !== null) return refuse(complaint);
  const isRising = calibrator.kind !== "isotonic" || isBrokenLine(calibrator);
  return isRising ? model : refuse("its calibrator is no rising line");
}

function isBrokenLine({ x, y }: { x: readonly number[]; y: readonly number[] }): boolean {
  return x.length > 0 && x.length === y.length && x.every((at, i) => i === 0 || at > (x[i - 1] ?? at));
}
