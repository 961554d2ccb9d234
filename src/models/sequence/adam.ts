// hot loop

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;

export interface AdamSettings {
  readonly learningRate: number;
  /** How much of itself a weight loses a step, over the learning rate; 0 for none. */
  readonly decay: number;
  /** Which parameters decay. */
  readonly decays: (index: number) => boolean;
}

/** Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019). Changes `theta` where it is. */
export function adam(theta: Float64Array, { learningRate, decay, decays }: AdamSettings) {
  const first = new Float64Array(theta.length);
  const second = new Float64Array(theta.length);
  const kept = Float64Array.from(theta, (_, i) => (decays(i) ? 1 - learningRate * decay : 1));
  let [unbias1, unbias2] = [1, 1];
  return (gradient: Float64Array): void => {
    unbias1 *= FIRST_DECAY;
    unbias2 *= SECOND_DECAY;
    const rate = (learningRate * Math.sqrt(1 - unbias2)) / (1 - unbias1);
    const epsilon = EPSILON * Math.sqrt(1 - unbias2);
    for (let i = 0; i < theta.length; i++) {
      const g = gradient[i]!;
      const m = FIRST_DECAY * first[i]! + (1 - FIRST_DECAY) * g;
      const v = SECOND_DECAY * second[i]! + (1 - SECOND_DECAY) * g * g;
      first[i] = m;
      second[i] = v;
      theta[i] = kept[i]! * theta[i]! - (rate * m) / (Math.sqrt(v) + epsilon);
    }
  };
}

/** Shortens a gradient longer than `longest` to it (Pascanu et al. 2013). */
export function clipGradient(gradient: Float64Array, longest: number): void {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!;
  const length = Math.sqrt(squares);
  if (length <= longest) return;
  const shrink = longest / length;
  for (let i = 0; i < gradient.length; i++) gradient[i]! *= shrink;
}
