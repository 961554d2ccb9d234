import { RefrainError } from "../base/errors.js";
import { EVENT_FIELDS, type EventField } from "../schema/event.js";

/** `userId=uid,ts=time` → the source's column by field. Fails with VALUE_BAD. */
export function columnMap(text: string | undefined): Partial<Record<EventField, string>> {
  const map: Partial<Record<EventField, string>> = {};
  for (const pair of (text ?? "").split(",").filter((part) => part.trim() !== "")) {
    const [field = "", column = ""] = pair.split("=").map((part) => part.trim());
    if (!(EVENT_FIELDS as readonly string[]).includes(field) || column === "") {
      const advice = `Write field=column, the field one of ${EVENT_FIELDS.join(", ")}.`;
      throw new RefrainError("VALUE_BAD", { name: "--map", value: pair, advice });
    }
    map[field as EventField] = column;
  }
  return map;
}
