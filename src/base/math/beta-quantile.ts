import { incompleteBeta } from "./incomplete-beta.js";

/** The x with I_x(a, b) = p: the quantile of the beta distribution, by bisection to the last bit. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  let [low, high] = [0, 1];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (incompleteBeta(a, b, middle) < p) low = middle;
    else high = middle;
  }
}
