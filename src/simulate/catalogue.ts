import type { Rng } from "../base/rng.js";
import { type Lottery, lottery } from "./draw.js";
import { inventedName } from "./invented-names.js";

/** Quantiles of the song lengths of the public logs in seconds; log-linear in between. */
const LENGTH_QUANTILES: readonly (readonly [share: number, seconds: number])[] = [
  [0, 0.78322],
  [0.0015, 25],
  [0.01, 83],
  [0.05, 139.05],
  [0.1, 162.98],
  [0.25, 198.5],
  [0.5, 233.69],
  [0.75, 274.18],
  [0.9, 342.75],
  [0.95, 396.72],
  [0.99, 593.31],
  [0.9996, 1200],
  [1, 3024.66567],
];

/** A log of the size of the mini log plays about 60,000 of the songs, of 18,000 artists, as the mini log does. */
const SONGS = 75_000;
const ARTISTS = 24_000;
/** Popularity of rank r (from 0) is (r + 3)^−0.7: the ten best songs get 3% of the plays, as in the mini log. */
const FALL = 0.7;

/** Invented songs by invented artists, with how often each is played and how long it is. */
export interface Catalogue {
  readonly artist: readonly string[];
  readonly title: readonly string[];
  /** Seconds, five decimals. */
  readonly seconds: Float64Array;
  readonly popularity: Lottery;
}

export function inventCatalogue(rng: Rng): Catalogue {
  const names = rng.fork("artists");
  const bands = Array.from({ length: ARTISTS }, () => inventedName(names, 3));
  const fame = lottery(Float64Array.from({ length: ARTISTS }, (_, rank) => (rank + 4) ** -FALL));
  const titles = rng.fork("songs");
  const artist: string[] = [];
  const title: string[] = [];
  const seconds = new Float64Array(SONGS);
  for (let i = 0; i < SONGS; i++) {
    artist.push(bands[fame.draw(titles)] as string);
    title.push(inventedName(titles, 4));
    seconds[i] = Number(lengthAt(titles.uniform()).toFixed(5));
  }
  return { artist, title, seconds, popularity: lottery(seconds.map((_, rank) => (rank + 3) ** -FALL)) };
}

function lengthAt(share: number): number {
  const above = LENGTH_QUANTILES.findIndex(([level]) => level > share);
  const [lowShare, low] = LENGTH_QUANTILES[above - 1] as (typeof LENGTH_QUANTILES)[number];
  const [highShare, high] = LENGTH_QUANTILES[above] as (typeof LENGTH_QUANTILES)[number];
  return low * (high / low) ** ((share - lowShare) / (highShare - lowShare));
}
