import { bytesToHex } from "@noble/hashes/utils.js";
import { seededRng } from "../../base/rng.js";
import { MS_PER_DAY, MS_PER_HOUR } from "../../base/time.js";
import { compareInFoldOrder } from "../../schema/fold-order.js";
import { PAGES } from "../../schema/pages.js";
import { addEvents, type Catalogue, emptyStates, type KnownEvent } from "../fold.js";
import { encodeStates } from "../state-codec/state-codec.js";
import { StateNames } from "../state-names.js";
import type { States } from "../states.js";
import { fingerprintOf, shortHash } from "./fingerprint.js";

const EVENTS = 600;
const START_MS = 1_538_352_000_000;
const STATES = ["", "CA", "NY-NJ-PA"];

/**
 * What stored states have to agree on with those who read them: what the accumulators are called, and what they make of a
 * fixed log of `EVENTS` events. So an accumulator that folds otherwise, though its version was not raised, is found out too.
 */
export function stateFingerprint({ name, accumulators }: Catalogue<States>): string {
  const catalogue: Catalogue<States> = { name, accumulators, features: [] };
  const states = emptyStates(catalogue);
  addEvents(catalogue, states, probeLog());
  const folded = bytesToHex(encodeStates(accumulators, states, new StateNames(STATES)));
  // Of their hexadecimal text: of the bytes it would be another hash, and every user kept so far would be folded again.
  return `${fingerprintOf(catalogue)}-${shortHash(folded)}`;
}

/** A user of every page, state and silence, whose rows are sometimes known late. */
function probeLog(): KnownEvent[] {
  const rng = seededRng("probe");
  let tsMs = START_MS;
  const events = Array.from({ length: EVENTS }, (_, i): KnownEvent => {
    tsMs += rng.below(10) === 0 ? rng.below(3 * MS_PER_DAY) : rng.below(400_000);
    const isSong = rng.below(3) > 0;
    return {
      tsMs,
      knownAtMs: tsMs + (rng.below(8) === 0 ? rng.below(30 * MS_PER_HOUR) : 0),
      sessionId: Math.floor(i / 9),
      item: i % 9,
      page: isSong ? PAGES.indexOf("NextSong") : rng.below(PAGES.length),
      auth: rng.below(4),
      level: [0, 1, 255][rng.below(3)] ?? 0,
      status: [200, 307, 404, 0][rng.below(4)] ?? 0,
      length10us: isSong ? rng.below(40_000_000) : -1,
      artist: isSong ? rng.below(2 ** 31) : -1,
      song: isSong ? rng.below(2 ** 31) * 2 ** 21 : -1,
      registrationMs: rng.below(4) === 0 ? START_MS - 20 * MS_PER_DAY : Number.NaN,
      gender: rng.below(3),
      state: rng.below(STATES.length),
    };
  });
  return events.sort((a, b) => compareInFoldOrder(a, b));
}
