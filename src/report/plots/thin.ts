import type { CurvePoints } from "../../schema/documents.js";

/** More points than a small plot has pixels for only make the page heavy. */
const POINTS_MAX = 240;

/** The points of a curve, evenly thinned; first and last are kept. */
export function thin({ x, y }: CurvePoints): (readonly [number, number])[] {
  const n = Math.min(x.length, y.length);
  const kept = Math.min(n, POINTS_MAX);
  const points: (readonly [number, number])[] = [];
  for (let i = 0; i < kept; i++) {
    const at = kept === 1 ? 0 : Math.round((i * (n - 1)) / (kept - 1));
    const [px, py] = [x[at] ?? Number.NaN, y[at] ?? Number.NaN];
    if (Number.isFinite(px) && Number.isFinite(py)) points.push([px, py]);
  }
  return points;
}
