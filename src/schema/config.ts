import { z } from "zod";

/** More threads than this is a slip of the finger: each takes tens of megabytes. */
export const THREADS_MAX = 256;

/** What `--config FILE` may say, as JSON. Flags and the environment win over it. */
export const configSchema = z.strictObject({
  /** Home folder; a relative one is relative to where the command runs. */
  home: z.string().min(1).optional(),
  seed: z.number().int().min(0).optional(),
  threads: z.number().int().min(1).max(THREADS_MAX).optional(),
});

export type Config = z.infer<typeof configSchema>;
