// hot loop
import { orderDescending } from "../../base/math/sorting.js";

export interface UpliftRows {
  /** 1 where the outcome came true. */
  readonly y: ArrayLike<number>;
  /** 1 where the user was treated. */
  readonly treated: ArrayLike<number>;
  /** Who would be treated first. */
  readonly score: ArrayLike<number>;
}

/** Curves over the share of users treated, from (0, 0), a point after each group of equal scores. */
export interface UpliftCurves {
  readonly x: number[];
  /** Outcomes gained among those treated so far, a user: (Yt − Yc · Nt / Nc) / n (Radcliffe 2007). */
  readonly qiniCurve: number[];
  /** Difference of the outcome shares so far × share treated (Rzepakowski & Jaroszewicz 2010). */
  readonly upliftCurve: number[];
  readonly qiniArea: number;
  /** Area between the Qini curve and the straight line to its end: 0 for a score that sorts by chance. */
  readonly qini: number;
  readonly auuc: number;
  readonly auucMinusRandom: number;
}

/** How well a score sorts users by what treating them gains, from an experiment in which treatment was drawn by lot. */
export function upliftCurves({ y, treated, score }: UpliftRows): UpliftCurves {
  const n = y.length;
  const order = orderDescending(score);
  const [x, qiniCurve, upliftCurve]: [number[], number[], number[]] = [[0], [0], [0]];
  let [nt, nc, yt, yc] = [0, 0, 0, 0];
  for (let k = 1; k <= n; k++) {
    const row = order[k - 1]!;
    if (treated[row] === 1) {
      nt++;
      yt += y[row]!;
    } else {
      nc++;
      yc += y[row]!;
    }
    if (k < n && score[order[k]!] === score[row]) continue;
    x.push(k / n);
    qiniCurve.push((yt - (nc === 0 ? 0 : (yc * nt) / nc)) / n);
    upliftCurve.push(nt === 0 || nc === 0 ? 0 : ((yt / nt - yc / nc) * k) / n);
  }
  const qiniArea = areaUnder(x, qiniCurve);
  const auuc = areaUnder(x, upliftCurve);
  return {
    x,
    qiniCurve,
    upliftCurve,
    qiniArea,
    qini: qiniArea - (qiniCurve.at(-1) ?? 0) / 2,
    auuc,
    auucMinusRandom: auuc - (upliftCurve.at(-1) ?? 0) / 2,
  };
}

/** By trapezoids. */
function areaUnder(x: readonly number[], y: readonly number[]): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return area;
}
