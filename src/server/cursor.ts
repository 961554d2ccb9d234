import { z } from "zod";

/** Lists of more are asked for in parts. */
const LIMIT_MAX = 1000;

export const limitSchema = z.coerce.number().int().min(1).max(LIMIT_MAX).default(100);

/** Where a list goes on, as text that says nothing to who gets it; it is read back by the same schema. */
export function cursorSchema<T extends z.ZodType>(content: T) {
  return z
    .string()
    .max(2000)
    .transform((text, context): z.output<T> => {
      const parsed = content.safeParse(contentOf(text));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: "custom", message: "is not a next_cursor of this list" });
      return z.NEVER;
    });
}

export function cursorOf(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}

function contentOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    return null;
  }
}
