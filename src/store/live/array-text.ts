/**
 * An array as the text of a PostgreSQL array, for `$1::int8[]` and the like: both drivers send a text as it is, while each has
 * its own idea of what an array's elements are. NaN and null become NULL.
 */
export function arrayText(values: readonly (string | number | null)[]): string {
  return `{${values.map(element).join(",")}}`;
}

/**
 * JSON texts as one text, for `jsonTexts("$1")`: their quotes need not be escaped and read again. JSON has no control character
 * unescaped, and is never empty: that is null.
 */
export function joinedJson(values: readonly (string | null)[]): string {
  return values.map((value) => value ?? "").join(SEPARATOR);
}

/** The `text[]` of what `joinedJson` made, in SQL. */
export const jsonTexts = (parameter: string): string => `string_to_array(${parameter}::text, E'\\x1e', '')`;

const SEPARATOR = "\x1e";
const SPECIAL = /["\\]/g;

function element(value: string | number | null): string {
  if (typeof value === "string") return `"${isSpecial(value) ? value.replace(SPECIAL, "\\$&") : value}"`;
  return value === null || Number.isNaN(value) ? "NULL" : String(value);
}

function isSpecial(text: string): boolean {
  return text.includes('"') || text.includes("\\");
}
