// hot loop
import { OWN_TEXTS, TEXT_COLUMN_NAMES } from "../../store/event-batch.js";
import { COLUMN_OF_SLOT, FIELDS, SLOT } from "./event-fields.js";
import { userIdOf } from "./field-values.js";
import { hashOfAll, hashOfBytes, hashOfMore } from "./hash-bytes.js";
import type { LineFields } from "./line-fields.js";
import type { LogMemory } from "./log-memory.js";
import { NO_CODE, RawWords } from "./raw-words.js";
import { NO_WORD, type WordList } from "./word-list.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const NEWLINE = 0x0a;
const ZERO = 0x30;
const POINT = 0x2e;
/** Fewer digits are exact as a double, and so is a power of ten this small: their quotient is the number that is written. */
const DIGITS_MAX = 15;
const POWERS_OF_TEN = Float64Array.from({ length: DIGITS_MAX + 1 }, (_, i) => 10 ** i);
export const USER = 0;
const PAGE = 1;

/** Reads the values of flat JSON: plain numbers, texts and nulls of our fields, and past those of fields that are none of ours. */
export class FlatValues {
  private readonly memory: LogMemory;
  private readonly fields: LineFields;
  private readonly raw: readonly RawWords[];
  /** User ids that are written as numbers. */
  private readonly rawUserNumbers: RawWords;
  /** Behind the digits read last. */
  private at = 0;

  constructor(memory: LogMemory, fields: LineFields, words: readonly WordList[]) {
    this.memory = memory;
    this.fields = fields;
    const idCode = (id: string | null) => (id === null ? NO_CODE : (words[USER] as WordList).codeOf(id));
    this.raw = words.map((list, column) => {
      if (column === USER) return new RawWords(memory, (text) => idCode(userIdOf(text)));
      const isOwn = (OWN_TEXTS as readonly string[]).includes(TEXT_COLUMN_NAMES[column] as string);
      return new RawWords(memory, (text) => (isOwn ? list.addUnlisted(text) : list.codeOf(text)));
    });
    this.rawUserNumbers = new RawWords(memory, (text) => idCode(userIdOf(Number(text))));
  }

  /** Reads the value of a field, which begins at `from`, and says where it ends; −1 for what is to be parsed. */
  read(from: number, slot: number): number {
    if (slot >= FIELDS) return this.passOver(from);
    const first = this.memory.bytes[from]!;
    const column = COLUMN_OF_SLOT[slot]!;
    if (column < 0) {
      if (first === NULL[0]) {
        this.fields.numbers[slot] = Number.NaN;
        return this.pastWord(from, NULL);
      }
      const value = this.number(from);
      this.fields.numbers[slot] = value;
      return slot === SLOT.length || Number.isInteger(value) ? this.at : -1;
    }
    if (first === QUOTE) return this.text(from + 1, column);
    if (first === NULL[0]) {
      this.fields.codes[column] = NO_WORD;
      return this.pastWord(from, NULL);
    }
    return column === USER ? this.userNumber(from) : -1;
  }

  private text(from: number, column: number): number {
    const { view, bytes } = this.memory;
    let at = from;
    let hash = 0;
    let word = view.getInt32(at, true);
    let marks = marksOfSpecial(word);
    while (marks === 0) {
      hash = hashOfMore(hash, word);
      at += 4;
      word = view.getInt32(at, true);
      marks = marksOfSpecial(word);
    }
    at += lowestByteOf(marks);
    if (bytes[at] === BACKSLASH) return this.textWithEscapes(from, at, column);
    return bytes[at] === QUOTE ? this.keepText(from, at, column, hashOfAll(hash, word, at - from)) : -1;
  }

  private textWithEscapes(from: number, backslash: number, column: number): number {
    const { view, bytes } = this.memory;
    let at = backslash;
    while (bytes[at] === BACKSLASH) {
      at += bytes[at + 1] === NEWLINE ? 1 : 2;
      let marks = marksOfSpecial(view.getInt32(at, true));
      for (; marks === 0; marks = marksOfSpecial(view.getInt32(at, true))) at += 4;
      at += lowestByteOf(marks);
    }
    return bytes[at] === QUOTE ? this.keepText(from, at, column, hashOfBytes(view, from, at)) : -1;
  }

  private keepText(from: number, to: number, column: number, hash: number): number {
    const code = this.raw[column]!.codeOf(from, to, hash);
    this.fields.codes[column] = code;
    // An empty page is a text, but no page.
    return code === NO_CODE || (column === PAGE && to === from) ? -1 : to + 1;
  }

  /** Digits, with a fraction perhaps, no sign and no exponent; they end at `this.at`, which is −1 for anything else. */
  private number(from: number): number {
    const { bytes } = this.memory;
    const whole = this.digits(from, 0);
    const point = this.at;
    const digits = point - from;
    if (digits === 0 || digits > DIGITS_MAX || (digits > 1 && bytes[from] === ZERO)) {
      this.at = -1;
      return whole;
    }
    if (bytes[point] !== POINT) return whole;
    const value = this.digits(point + 1, whole);
    const decimals = this.at - point - 1;
    if (decimals === 0 || digits + decimals > DIGITS_MAX) {
      this.at = -1;
      return value;
    }
    return value / POWERS_OF_TEN[decimals]!;
  }

  /** The number that these digits go on, four at a time. */
  private digits(from: number, number: number): number {
    const { view, bytes } = this.memory;
    let at = from;
    let value = number;
    for (let word = view.getInt32(at, true); areDigits(word); word = view.getInt32(at, true)) {
      value = value * 10_000 + fourDigits(word);
      at += 4;
    }
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO)
      value = value * 10 + digit;
    this.at = at;
    return value;
  }

  private userNumber(from: number): number {
    const value = this.number(from);
    const end = this.at;
    if (end < 0 || !Number.isInteger(value) || this.memory.bytes[from + 1] === POINT) return -1;
    const code = this.rawUserNumbers.codeOf(from, end, hashOfBytes(this.memory.view, from, end));
    this.fields.codes[USER] = code;
    return code === NO_CODE ? -1 : end;
  }

  /** A value of a field that is none of ours: plain ASCII text, plain number, `true`, `false`, `null`. */
  private passOver(from: number): number {
    const { bytes } = this.memory;
    if (bytes[from] === QUOTE) {
      let at = from + 1;
      for (let byte = bytes[at]!; byte >= SPACE && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH; )
        byte = bytes[++at]!;
      return bytes[at] === QUOTE ? at + 1 : -1;
    }
    const word = LITERALS.find((literal) => this.pastWord(from, literal) !== -1);
    if (word !== undefined) return from + word.length;
    this.number(from);
    return this.at;
  }

  private pastWord(from: number, word: Uint8Array): number {
    const { bytes } = this.memory;
    for (let i = 0; i < word.length; i++) if (bytes[from + i] !== word[i]) return -1;
    return from + word.length;
  }
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const NULL = bytesOf("null");
const LITERALS = [NULL, bytesOf("true"), bytesOf("false")];

/** Non-zero when one of four bytes does not only stand for itself between quotes; the lowest such byte has the lowest mark. */
function marksOfSpecial(word: number): number {
  const quotes = word ^ 0x22222222;
  const backslashes = word ^ 0x5c5c5c5c;
  const control = (word - 0x20202020) & ~word;
  return (control | ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes)) & 0x80808080;
}

/** The place of the lowest byte that is marked. */
function lowestByteOf(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >> 3;
}

function areDigits(word: number): boolean {
  return ((word & 0xf0f0f0f0) | (((word + 0x06060606) & 0xf0f0f0f0) >>> 4)) === 0x33333333;
}

/** The first digit is the lowest byte. */
function fourDigits(word: number): number {
  const ones = word & 0x0f0f0f0f;
  const pairs = (ones * 10 + (ones >>> 8)) & 0x00ff00ff;
  return (pairs & 0xff) * 100 + (pairs >>> 16);
}
