import { SPREAD_LEVELS, type Spread } from "../../schema/explore-document.js";
import { count, counted } from "../format.js";
import type { Html } from "../html.js";
import { barsPlot, short } from "./bars.js";

/** A histogram with bins that double in width. */
export function histogramPlot(
  spread: Spread,
  words: { readonly id: string; readonly x: string; readonly unit: string },
): Html {
  const { n, quantiles, histogram } = spread;
  const median = quantiles?.[SPREAD_LEVELS.indexOf(0.5)] ?? Number.NaN;
  return barsPlot({
    id: words.id,
    label: `${counted(n, words.unit)} by ${words.x.toLowerCase()}; median ${count(median)}.`,
    x: words.x,
    y: `${words.unit[0]?.toUpperCase()}${words.unit.slice(1)}s`,
    names: histogram.map(({ from, to }) => (to - from <= 1 ? short(from) : `${short(from)}–`)),
    values: histogram.map((bin) => bin.n),
    touching: true,
  });
}
