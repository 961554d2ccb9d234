import { z } from "zod";

/** What a key of the configuration is: its values, its meaning, its unit, and the value without which nothing is said. */
export interface ConfigKeyFacts {
  readonly values: z.ZodType;
  readonly about: string;
  readonly unit?: string;
  /** Absent: what `about` says in brackets. */
  readonly otherwise?: string | number;
}

export const whole = (min: number, max: number) => z.number().int().min(min).max(max);
export const MS_MAX = 3_600_000;
