/** log-odds = intercept + slope · score. */
export interface LogisticLine {
  readonly intercept: number;
  readonly slope: number;
}

const FAST_STEPS = 8;
const SAFE_STEPS = 100;
/** Newton's steps square: after one this small the error is at rounding. */
const STEP_TOLERANCE = 1e-8;

/**
 * The unpenalised logistic regression of targets in [0, 1] on one score, by Newton's method from `start`; `null` when
 * no maximum exists (a constant score, or classes that the score separates).
 */
export function fitLogisticLine(
  score: Float64Array,
  target: Float64Array,
  weight: Float64Array,
  start: LogisticLine = { intercept: 0, slope: 0 },
): LogisticLine | null {
  const data = { score, target, weight };
  if (!overlaps(data)) return null;
  return newton(data, start, null) ?? newton(data, { intercept: 0, slope: 0 }, lossOf);
}

interface Data {
  readonly score: Float64Array;
  readonly target: Float64Array;
  readonly weight: Float64Array;
}

/**
 * Whether a maximum exists (Albert & Anderson 1984): some row that may have churned (target > 0) scores below one that
 * may have stayed (target < 1), and the other way round. A target inside (0, 1) is both.
 */
function overlaps({ score, target, weight }: Data): boolean {
  let lowChurned = Number.POSITIVE_INFINITY;
  let highChurned = Number.NEGATIVE_INFINITY;
  let lowKept = Number.POSITIVE_INFINITY;
  let highKept = Number.NEGATIVE_INFINITY;
  // Hot loop; it ends early in all but hopeless cases.
  for (let i = 0; i < score.length; i++) {
    if (weight[i]! === 0) continue;
    const s = score[i]!;
    if (target[i]! > 0) {
      lowChurned = Math.min(lowChurned, s);
      highChurned = Math.max(highChurned, s);
    }
    if (target[i]! < 1) {
      lowKept = Math.min(lowKept, s);
      highKept = Math.max(highKept, s);
    }
    if (lowChurned < highKept && lowKept < highChurned) return true;
  }
  return false;
}

/** With a loss, steps are halved until it falls and many are allowed; without, a few full steps are tried. */
function newton(
  data: Data,
  start: LogisticLine,
  loss: ((data: Data, line: LogisticLine) => number) | null,
): LogisticLine | null {
  let line = start;
  let value = loss?.(data, line) ?? 0;
  for (let k = 0; k < (loss === null ? FAST_STEPS : SAFE_STEPS); k++) {
    const step = newtonStep(data, line);
    if (step === null) return null;
    let length = 1;
    let next = moved(line, step, length);
    if (loss !== null) {
      while (loss(data, next) > value + 1e-13 * Math.abs(value) && length > 1e-10) {
        length /= 2;
        next = moved(line, step, length);
      }
      value = loss(data, next);
    }
    line = next;
    const size = length * Math.max(Math.abs(step.intercept), Math.abs(step.slope));
    if (size <= STEP_TOLERANCE * (1 + Math.abs(line.intercept) + Math.abs(line.slope))) return line;
  }
  return null;
}

function moved(line: LogisticLine, step: LogisticLine, length: number): LogisticLine {
  return { intercept: line.intercept + length * step.intercept, slope: line.slope + length * step.slope };
}

function newtonStep({ score, target, weight }: Data, { intercept, slope }: LogisticLine): LogisticLine | null {
  let g0 = 0;
  let g1 = 0;
  let h00 = 0;
  let h01 = 0;
  let h11 = 0;
  // Hot loop.
  for (let i = 0; i < score.length; i++) {
    const w = weight[i]!;
    if (w === 0) continue;
    const s = score[i]!;
    const eta = intercept + slope * s;
    const e = Math.exp(-Math.abs(eta));
    const p = eta >= 0 ? 1 / (1 + e) : e / (1 + e);
    const h = (w * e) / ((1 + e) * (1 + e));
    const g = w * (p - target[i]!);
    g0 += g;
    g1 += g * s;
    h00 += h;
    h01 += h * s;
    h11 += h * s * s;
  }
  const determinant = h00 * h11 - h01 * h01;
  if (!(determinant > 1e-12 * h00 * h11)) return null;
  return { intercept: -(h11 * g0 - h01 * g1) / determinant, slope: -(h00 * g1 - h01 * g0) / determinant };
}

function lossOf({ score, target, weight }: Data, { intercept, slope }: LogisticLine): number {
  let sum = 0;
  // Hot loop.
  for (let i = 0; i < score.length; i++) {
    const eta = intercept + slope * score[i]!;
    sum += weight[i]! * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta))) - target[i]! * eta);
  }
  return sum;
}
