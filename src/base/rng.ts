/** A seeded stream of random numbers: the same on every machine and platform. */
export interface Rng {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
  normal(): number;
  /** Exponential with the given mean. */
  exponential(mean: number): number;
  /** A stream of its own, fixed by this stream's seed and the name, whatever else has been drawn. */
  fork(name: string | number): Rng;
}

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32. */
export function seededRng(seed: number | string): Rng {
  return new Sfc32(seed);
}

class Sfc32 implements Rng {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private readonly seed: number | string;

  constructor(seed: number | string) {
    this.seed = seed;
    let state = hash32(String(seed));
    const next = () => {
      state = (state + 0x9e3779b9) | 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return z ^ (z >>> 15);
    };
    this.a = next();
    this.b = next();
    this.c = next();
    for (let i = 0; i < 12; i++) this.next32();
  }

  private next32(): number {
    const t = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t >>> 0;
  }

  uniform(): number {
    const high = this.next32() >>> 5;
    const low = this.next32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** Box-Muller, one of the pair: no state is carried between draws. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.uniform());
  }

  fork(name: string | number): Rng {
    return new Sfc32(`${this.seed}/${name}`);
  }
}

/** FNV-1a over UTF-16 units. */
function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h | 0;
}

/** A random order of 0 … n − 1 (Fisher-Yates). */
export function shuffledIndices(n: number, rng: Rng): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = rng.below(i + 1);
    const held = order[i] as number;
    order[i] = order[j] as number;
    order[j] = held;
  }
  return order;
}
