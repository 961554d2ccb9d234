import type { Rng } from "../base/rng.js";

const STARTS = "b br ch d dr f fl g gl gr h j k l m n p pl qu r s sh sl st t th tr v vel w y z".split(" ");
const VOWELS = "a e i o u a e i o ai ea io ou".split(" ");
const ENDS = ["", "", "l", "n", "m", "r", "s", "x", "sk", "nd", "th", "ll"];

/** A pronounceable name that nobody bears, of one to `maxWords` words of one to three syllables. */
export function inventedName(rng: Rng, maxWords: number): string {
  let name = "";
  for (let words = 1 + rng.below(maxWords); words > 0; words--) name += `${name === "" ? "" : " "}${word(rng)}`;
  return name;
}

function word(rng: Rng): string {
  let text = "";
  for (let syllables = 1 + rng.below(3); syllables > 0; syllables--) text += one(STARTS, rng) + one(VOWELS, rng);
  return text.charAt(0).toUpperCase() + text.slice(1) + one(ENDS, rng);
}

function one(list: readonly string[], rng: Rng): string {
  return list[rng.below(list.length)] as string;
}
