import { durbinMatrix } from "./durbin-matrix.js";

const SQRT_2PI = Math.sqrt(2 * Math.PI);
const PI2 = Math.PI ** 2;
const PI4 = Math.PI ** 4;
const PI6 = Math.PI ** 6;

/** Up to here the exact distribution is cheap. */
const EXACT_MAX = 140;
const MATRIX_MAX = 2_000;

/**
 * P(D ≥ d) of the two-sided one-sample Kolmogorov-Smirnov statistic D of `n` values (SciPy's `kstwo.sf`), by the choices of Simard &
 * L'Ecuyer (2011): exact (Durbin's matrix, after Marsaglia, Tsang & Wang 2003) for few values and for small d, twice the exact one-sided
 * tail where d is large, and the series of Pelz & Good (1976) between.
 */
export function kolmogorovUpperTail(d: number, n: number): number {
  if (d >= 1) return 0;
  if (n * d <= 0.5) return 1;
  const reach = n * d * d;
  if (reach >= 370) return 0;
  if (d >= 0.5 || n * d >= n - 1 || reach >= (n <= EXACT_MAX ? 4 : 2.2)) return clip(2 * smirnovUpperTail(d, n));
  if (n <= EXACT_MAX || (n <= MATRIX_MAX && n * d ** 1.5 <= 1.4)) return clip(1 - durbinMatrix(d, n));
  return clip(pelzGoodUpperTail(d, n));
}

const clip = (p: number): number => Math.min(1, Math.max(0, p));

/** P(D⁺ ≥ d) of the one-sided statistic: the sum of Birnbaum & Tingey (1951), all of whose terms are positive. */
function smirnovUpperTail(d: number, n: number): number {
  let sum = 0;
  let logChoose = 0;
  const last = Math.floor(n * (1 - d));
  for (let j = 0; j <= last; j++) {
    if (j > 0) logChoose += Math.log((n - j + 1) / j);
    const left = 1 - d - j / n;
    if (left <= 0) break;
    sum += Math.exp(logChoose + (n - j) * Math.log(left) + (j - 1) * Math.log(d + j / n));
  }
  return d * sum;
}

/** 1 − (K0 + K1 / √n + K2 / n + K3 / n^1.5) at z = d √n. */
function pelzGoodUpperTail(d: number, n: number): number {
  const z = d * Math.sqrt(n);
  const [z2, z3, z4, z6, z8] = [z ** 2, z ** 3, z ** 4, z ** 6, z ** 8];
  const q = Math.exp(-PI2 / (8 * z2));
  const q4 = Math.exp(-PI2 / (2 * z2));
  const terms = Math.ceil((16 * z) / Math.PI);
  let [k0, k1, k2, k3, extra2, extra3] = [0, 0, 0, 0, 0, 0];
  for (let k = terms; k >= 1; k--) {
    const m2 = (2 * k - 1) ** 2;
    const [m4, m6] = [m2 ** 2, m2 ** 3];
    const power = q ** m2;
    k0 += power;
    k1 += power * (-z2 + (PI2 / 4) * m2);
    k2 += power * (6 * z6 + 2 * z4 + ((2 * z4 - 5 * z2) * PI2 * m2) / 4 + (PI4 * (1 - 2 * z2) * m4) / 16);
    k3 +=
      power *
      (-30 * z6 -
        90 * z8 +
        (PI2 * (135 * z4 - 96 * z6) * m2) / 4 +
        (PI4 * (-60 * z2 + 212 * z4) * m4) / 16 +
        (PI6 * (5 - 30 * z2) * m6) / 64);
    const own = k * k * q4 ** (k * k);
    extra2 += own;
    extra3 += own * (3 * z2 - PI2 * k * k);
  }
  const first = (k0 * SQRT_2PI) / z;
  const second = (k1 * SQRT_2PI) / (6 * z4);
  const third = (k2 * SQRT_2PI) / (72 * z ** 7) - (extra2 * PI2 * SQRT_2PI) / (36 * z3);
  const fourth = (k3 * SQRT_2PI) / (6480 * z ** 10) + (extra3 * PI2 * SQRT_2PI) / (216 * z6);
  return 1 - first - second / Math.sqrt(n) - third / n - fourth / n ** 1.5;
}
