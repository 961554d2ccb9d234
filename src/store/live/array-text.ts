/**
 * An array as the text of a PostgreSQL array, for `$1::int8[]` and the like: both drivers send a text as it is, while each has
 * its own idea of what an array's elements are. NaN and null become NULL.
 */
export function arrayText(values: readonly (string | number | null)[]): string {
  return `{${values.map(element).join(",")}}`;
}

const SPECIAL = /["\\]/g;

function element(value: string | number | null): string {
  if (typeof value === "string") return `"${value.search(SPECIAL) < 0 ? value : value.replace(SPECIAL, "\\$&")}"`;
  return value === null || Number.isNaN(value) ? "NULL" : String(value);
}
