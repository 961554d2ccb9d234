// hot loop
import {
  EVENT_FIELDS,
  type EventField,
  INSTANT_MS_MAX,
  ITEM_MAX,
  LENGTH_SECONDS_MAX,
  STATUS_MAX,
} from "../../schema/event-limits.js";
import { TEXT_COLUMN_NAMES, TEXT_COLUMNS } from "../../store/event-batch.js";
import { type EventReader, TS_MS_MIN } from "./event-reader.js";
import { userIdOf } from "./field-values.js";
import { FlatKeys } from "./flat-keys.js";
import type { KnownFields } from "./known-fields.js";
import type { FieldMap } from "./part.js";
import { NO_CODE, RawWords } from "./raw-words.js";
import { NO_WORD, type WordList } from "./word-list.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const SPACE = 0x20;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const ZERO = 0x30;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Fewer digits are exact as a double, and so is a power of ten this small: their quotient is the number that is written. */
const DIGITS_MAX = 15;
const POWERS_OF_TEN = Float64Array.from({ length: DIGITS_MAX + 1 }, (_, i) => 10 ** i);
/** 1 for a byte that only stands for itself between quotes. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
/** Fields beyond these, in order of their slots, are not ours. */
const FIELDS = EVENT_FIELDS.length;
/** The text column of each field, −1 for a number. */
const COLUMN_OF_FIELD = Int8Array.from(EVENT_FIELDS, (field) =>
  TEXT_COLUMN_NAMES.findIndex((name) => TEXT_COLUMNS[name] === field),
);
const SLOT = Object.fromEntries(EVENT_FIELDS.map((field, slot) => [field, slot])) as Record<EventField, number>;
const REQUIRED = (1 << SLOT.ts) | (1 << SLOT.sessionId) | (1 << SLOT.itemInSession) | (1 << SLOT.page);
const USER = 0;
const AUTH = 2;

/**
 * Reads an event straight from the bytes of its line, without making an object or a text: a flat JSON object with the usual
 * spacing, plain numbers and texts. Everything else it declines, and the line is parsed as JSON; where it accepts, the row is
 * the one that parsing gives (a property test holds the two together).
 */
export class FlatJson {
  private readonly events: EventReader;
  private readonly keys: FlatKeys;
  private readonly raw: readonly RawWords[];
  /** User ids that are written as numbers. */
  private readonly rawUserNumbers: RawWords;
  private readonly nobody: number;
  private readonly loggedIn: number;
  private readonly loggedOut: number;
  /** By slot, of the line being read; NaN for null. */
  private readonly numbers = new Float64Array(FIELDS);
  /** Where the value just read ends; −1 when it is declined. */
  private at = 0;

  constructor(events: EventReader, map: FieldMap) {
    this.events = events;
    this.keys = new FlatKeys(map);
    const words = events.rows.words as readonly [WordList, ...WordList[]];
    const idCode = (id: string | null) => (id === null ? NO_CODE : words[USER].codeOf(id));
    this.raw = words.map((list, column) =>
      column === USER ? new RawWords((text) => idCode(userIdOf(text))) : new RawWords((text) => list.codeOf(text)),
    );
    this.rawUserNumbers = new RawWords((text) => idCode(userIdOf(Number(text))));
    this.nobody = words[USER].codeOf("");
    this.loggedIn = (words[AUTH] as WordList).codeOf("Logged In");
    this.loggedOut = (words[AUTH] as WordList).codeOf("Logged Out");
  }

  /** False when the line is to be parsed instead; nothing was added then. The line ends with a newline at `end`. */
  read(bytes: Uint8Array, start: number, end: number, line: number): boolean {
    if (bytes[start] !== OPEN || bytes[end] !== NEWLINE) return false;
    const { numbers, keys } = this;
    const { codes } = this.events.rows;
    numbers.fill(Number.NaN);
    codes.fill(NO_WORD);
    let seen = 0;
    let at = start + 1;
    for (let position = 0; ; position++) {
      const slot = keys.slotAt(bytes, at, position);
      if (slot < 0 || (seen & (1 << slot)) !== 0) return false;
      seen |= 1 << slot;
      at = keys.end;
      if (bytes[at] === SPACE) at++;
      this.value(bytes, at, slot);
      if (this.at < 0) return false;
      at = this.at;
      const next = bytes[at++]!;
      if (next === COMMA) {
        if (bytes[at] === SPACE) at++;
      } else if (next === CLOSE) break;
      else return false;
    }
    if (at !== end && !(at === end - 1 && bytes[at] === RETURN)) return false;
    if ((seen & REQUIRED) !== REQUIRED || !this.finish(line)) return false;
    if (seen >>> FIELDS !== 0) keys.countUnknown(seen);
    return true;
  }

  /** Hands on how many rows had which unknown field, since the last call. */
  takeCounts(fields: KnownFields): void {
    this.keys.takeCounts(fields);
  }

  private finish(line: number): boolean {
    const { numbers, events } = this;
    const { codes } = events.rows;
    const tsMs = numbers[SLOT.ts]!;
    const sessionId = numbers[SLOT.sessionId]!;
    const item = numbers[SLOT.itemInSession]!;
    const status = numbers[SLOT.status]!;
    const registrationMs = numbers[SLOT.registration]!;
    const length = numbers[SLOT.length]!;
    if (!(tsMs >= TS_MS_MIN && tsMs <= events.latestMs)) return false;
    if (!(sessionId >= 0) || !(item <= ITEM_MAX) || codes[1]! < 0) return false;
    if (status > STATUS_MAX || registrationMs > INSTANT_MS_MAX || length > LENGTH_SECONDS_MAX) return false;
    if (codes[USER] === NO_WORD) codes[USER] = this.nobody;
    if (codes[AUTH] === NO_WORD) codes[AUTH] = codes[USER] === this.nobody ? this.loggedOut : this.loggedIn;
    const length10us = length >= 0 ? Math.round(length * 1e5) : -1;
    events.rows.push({ line, tsMs, sessionId, registrationMs, item, length10us, status: status >= 0 ? status : -1 });
    return true;
  }

  private value(bytes: Uint8Array, from: number, slot: number): void {
    const first = bytes[from]!;
    if (slot >= FIELDS) {
      this.passOver(bytes, from);
      return;
    }
    const column = COLUMN_OF_FIELD[slot]!;
    if (first === 0x6e) {
      this.at = isWord(bytes, from, NULL) ? from + NULL.length : -1;
    } else if (column < 0) {
      const value = this.number(bytes, from);
      this.numbers[slot] = value;
      if (slot !== SLOT.length && !Number.isInteger(value)) this.at = -1;
    } else if (first === QUOTE) this.text(bytes, from + 1, this.raw[column]!, column);
    else if (column === USER) this.userNumber(bytes, from);
    else this.at = -1;
  }

  private text(bytes: Uint8Array, from: number, words: RawWords, column: number): void {
    let at = from;
    for (;;) {
      while (IS_PLAIN[bytes[at]!] === 1) at++;
      if (bytes[at] !== BACKSLASH) break;
      at += bytes[at + 1] === NEWLINE ? 1 : 2;
    }
    const code = bytes[at] === QUOTE ? words.codeOf(bytes, from, at) : NO_CODE;
    this.events.rows.codes[column] = code;
    // An empty page is a text, but no page.
    this.at = code === NO_CODE || (column === 1 && at === from) ? -1 : at + 1;
  }

  /** Digits, with a fraction perhaps, no sign and no exponent. */
  private number(bytes: Uint8Array, from: number): number {
    let at = from;
    let value = 0;
    let digit = bytes[at]! - ZERO;
    for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) value = value * 10 + digit;
    const digits = at - from;
    const leadingZero = digits > 1 && bytes[from] === ZERO;
    this.at = digits === 0 || digits > DIGITS_MAX || leadingZero ? -1 : at;
    if (bytes[at] !== 0x2e) return value;
    const point = at;
    digit = bytes[++at]! - ZERO;
    for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) value = value * 10 + digit;
    const decimals = at - point - 1;
    const exact = this.at >= 0 && decimals > 0 && digits + decimals <= DIGITS_MAX;
    this.at = exact ? at : -1;
    return value / POWERS_OF_TEN[decimals]!;
  }

  private userNumber(bytes: Uint8Array, from: number): void {
    const value = this.number(bytes, from);
    if (this.at < 0 || !Number.isInteger(value) || bytes[from + 1] === 0x2e) {
      this.at = -1;
      return;
    }
    const code = this.rawUserNumbers.codeOf(bytes, from, this.at);
    this.events.rows.codes[USER] = code;
    if (code === NO_CODE) this.at = -1;
  }

  /** A value of a field that is none of ours: plain ASCII text, plain number, `true`, `false`, `null`. */
  private passOver(bytes: Uint8Array, from: number): void {
    if (bytes[from] === QUOTE) {
      let at = from + 1;
      for (let byte = bytes[at]!; byte >= SPACE && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH; )
        byte = bytes[++at]!;
      this.at = bytes[at] === QUOTE ? at + 1 : -1;
      return;
    }
    const word = LITERALS.find((literal) => isWord(bytes, from, literal));
    if (word === undefined) this.number(bytes, from);
    else this.at = from + word.length;
  }
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const NULL = bytesOf("null");
const LITERALS = [NULL, bytesOf("true"), bytesOf("false")];

function isWord(bytes: Uint8Array, from: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[from + i] !== word[i]) return false;
  return true;
}
