/** What the servers of MLflow 2 and 3 take, whichever is less. */
const VALUE_CHARS = { param: 500, tag: 5000 } as const;
const KEY_CHARS = 250;
export const BATCH = { params: 100, metrics: 1000, tags: 100 } as const;

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** Key and value as long as may be, with nothing in the key but what may be. */
export function keyValues(kind: "param" | "tag", values: Readonly<Record<string, unknown>>): KeyValue[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined || value === null) return [];
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return [{ key: keyOf(key), value: cut(text, VALUE_CHARS[kind]) }];
  });
}

export const keyOf = (key: string): string => key.replace(/[^\w\-. /]/g, "_").slice(0, KEY_CHARS);

function cut(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 1)}…`;
}

/** The list in parts of at most so many. */
export function inParts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, part) => list.slice(part * size, (part + 1) * size));
}
