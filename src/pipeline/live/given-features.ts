/**
 * Features by name as a model's row; absent or null is missing. What is given in the order of `features` needs no look-up by name,
 * which for a hundred of them takes as long as scoring does.
 */
export function rowOf(features: readonly string[], given: Readonly<Record<string, number | null>>): Float64Array {
  const [names, values] = [Object.keys(given), Object.values(given)];
  const row = new Float64Array(features.length);
  for (let i = 0; i < row.length; i++) {
    const name = features[i] ?? "";
    row[i] = (names[i] === name ? values[i] : given[name]) ?? Number.NaN;
  }
  return row;
}
