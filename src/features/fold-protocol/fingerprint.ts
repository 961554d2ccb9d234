import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { FOLD_ORDER, TIE_ORDER } from "../../schema/fold-order.js";
import { PAGES } from "../../schema/pages.js";
import type { CatalogueNames } from "../fold.js";
import { LINE_FIELDS } from "./event-line.js";

/** Raised when the order of the fold, the fields of an event or the framing change their meaning. */
export const PROTOCOL_VERSION = 1;

const DIGITS = 16;

/**
 * Names what a fold is: the protocol, the order, the pages, the accumulators with their versions, the features. Two sides
 * that fold for each other, or a stored state and its reader, have to agree on it. 16 hexadecimal digits.
 */
export function fingerprintOf({ name, accumulators, features }: CatalogueNames): string {
  const versions = Object.values(accumulators).map((one) => [one.name, one.version]);
  const named = {
    protocol: PROTOCOL_VERSION,
    order: [...FOLD_ORDER, ...TIE_ORDER],
    fields: LINE_FIELDS.map((field) => field.name),
    pages: PAGES,
    catalogue: name,
    accumulators: versions,
    features: features.map((feature) => feature.name),
  };
  return shortHash(JSON.stringify(named));
}

/** The first `DIGITS` hexadecimal digits of the SHA-256 of a text. */
export function shortHash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, DIGITS);
}
