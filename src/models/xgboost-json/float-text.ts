/** Digits after which any float32 reads back as itself. */
const DIGITS_MAX = 9;

/** The shortest text that reads back as the same float32, always with an exponent, as XGBoost writes them: "1E0", "-1.3886712E-1". */
export function floatText(value: number): string {
  const wanted = Math.fround(value);
  for (let digits = 1; digits < DIGITS_MAX; digits++) {
    const text = wanted.toExponential(digits - 1);
    if (Math.fround(Number(text)) === wanted) return tidy(text);
  }
  return tidy(wanted.toExponential(DIGITS_MAX - 1));
}

function tidy(text: string): string {
  return text.replace("e+", "E").replace("e", "E");
}
