import { z } from "zod";
import { isoOf } from "../base/time.js";
import type { CompactSummary } from "../pipeline/compact.js";

export const compactAnswerSchema = z.object({
  /** Events before this moment are in the lake; null where nothing is known at all. */
  before: z.string().nullable(),
  rows: z.number().int(),
  present: z.number().int(),
  files: z.array(z.string()),
});

export type CompactAnswer = z.infer<typeof compactAnswerSchema>;

export function compactAnswer({ before, files, ...counts }: CompactSummary): CompactAnswer {
  return { ...counts, before: before === null ? null : isoOf(before), files: [...files] };
}
