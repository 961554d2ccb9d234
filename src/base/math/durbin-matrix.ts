/** P(D < d) for `n` values, exactly: Durbin's matrix, raised to the n-th power with its exponent kept apart (Marsaglia, Tsang & Wang 2003). */
export function durbinMatrix(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const h = k - n * d;
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j <= Math.min(size - 1, i + 1); j++) matrix[i * size + j] = 1;
  for (let i = 0; i < size; i++) {
    matrix[i * size]! -= h ** (i + 1);
    matrix[(size - 1) * size + i]! -= h ** (size - i);
  }
  if (2 * h > 1) matrix[(size - 1) * size]! += (2 * h - 1) ** size;
  let factorial = 1;
  for (let below = 1; below <= size; below++) {
    factorial *= below;
    for (let i = below - 1; i < size; i++) matrix[i * size + (i - below + 1)]! /= factorial;
  }
  const { values, exponent } = power({ values: matrix, exponent: 0 }, size, n);
  let chance = values[(k - 1) * size + k - 1]!;
  let scale = exponent;
  for (let i = 1; i <= n; i++) {
    chance *= i / n;
    if (chance < 1e-140) {
      chance *= 1e140;
      scale -= 140;
    }
  }
  return chance * 10 ** scale;
}

/** values · 10^exponent. */
interface Scaled {
  readonly values: Float64Array;
  readonly exponent: number;
}

function power(base: Scaled, size: number, n: number): Scaled {
  if (n === 1) return base;
  const half = power(base, size, Math.floor(n / 2));
  const square = scaled(product(half.values, half.values, size), 2 * half.exponent, size);
  return n % 2 === 0
    ? square
    : scaled(product(base.values, square.values, size), base.exponent + square.exponent, size);
}

function scaled(values: Float64Array, exponent: number, size: number): Scaled {
  const middle = Math.floor(size / 2);
  if (values[middle * size + middle]! <= 1e140) return { values, exponent };
  return { values: values.map((value) => value * 1e-140), exponent: exponent + 140 };
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < size; j++) out[i * size + j]! += factor * b[k * size + j]!;
    }
  }
  return out;
}
