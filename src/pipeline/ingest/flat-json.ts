// hot loop
import { INSTANT_MS_MAX, ITEM_MAX, LENGTH_SECONDS_MAX, STATUS_MAX } from "../../schema/event-limits.js";
import { bitsOf, COLUMN_OF_SLOT, FIELDS, SLOT } from "./event-fields.js";
import { type EventReader, TS_MS_MIN } from "./event-reader.js";
import { FlatKeys, type Key, LINE_START } from "./flat-keys.js";
import { FlatValues, USER } from "./flat-values.js";
import { hashOfBytes, hashOfMore } from "./hash-bytes.js";
import type { KnownFields } from "./known-fields.js";
import { emptyFields, type LineFields } from "./line-fields.js";
import { LogMemory, SLACK_BYTES } from "./log-memory.js";
import type { FieldMap } from "./part.js";
import { isOfUser, RunMemo } from "./run-memo.js";
import { NO_WORD, type WordList } from "./word-list.js";

const COMMA = 0x2c;
const SPACE = 0x20;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** So many bytes of its first text tell a run from others, and those of two fields where they are short. */
const BYTES_HASHED = 16;
const ALL_BITS = (1 << FIELDS) - 1;
const REQUIRED = bitsOf("ts", "sessionId", "itemInSession", "page");
const USER_BIT = bitsOf("userId");
const PAGE = 1;
const AUTH = 2;

/**
 * Reads an event straight from the bytes of its line, without making an object or a text: a flat JSON object with the usual
 * spacing, plain numbers and texts. Runs of fields that a line has from one before are taken as they were read then.
 * Everything else it declines, and the line is parsed as JSON; where it accepts, the row is the one that parsing gives
 * (a property test holds the two together).
 */
export class FlatJson {
  private readonly events: EventReader;
  private readonly memory = new LogMemory();
  private readonly fields: LineFields;
  private readonly keys: FlatKeys;
  private readonly values: FlatValues;
  private readonly runs: RunMemo;
  private readonly nobody: number;
  private readonly loggedIn: number;
  private readonly loggedOut: number;
  /** The fields met in the line being read. */
  private seen = 0;
  /** Whether the user was the last field of the line before. */
  private isUserLast = false;
  /** The run being read field by field: where it began, the fields that would go on it (0 for no run), those that it has. */
  private runFrom = 0;
  private runBits = 0;
  private runHas = 0;
  private runHash = 0;

  constructor(events: EventReader, map: FieldMap) {
    const { words, codes } = events.rows;
    this.events = events;
    this.fields = emptyFields(codes);
    this.keys = new FlatKeys(this.memory, map);
    this.values = new FlatValues(this.memory, this.fields, words);
    this.runs = new RunMemo(this.memory, this.fields);
    const [users, , auths] = words as readonly [WordList, WordList, WordList];
    this.nobody = users.codeOf("");
    this.loggedIn = auths.codeOf("Logged In");
    this.loggedOut = auths.codeOf("Logged Out");
  }

  /** False when the line is to be parsed instead; nothing was added then. The line ends with a newline at `end`. */
  read(bytes: Uint8Array, start: number, end: number, line: number): boolean {
    this.memory.turnTo(bytes);
    const from = bytes.byteOffset + start;
    const to = bytes.byteOffset + end;
    const memory = this.memory.bytes;
    if (to + SLACK_BYTES > memory.length || memory[from] !== OPEN || memory[to] !== NEWLINE) return false;
    const at = this.readFields(from + 1, to);
    if (at !== to && !(at === to - 1 && memory[at] === RETURN)) return false;
    if ((this.seen & REQUIRED) !== REQUIRED || !this.finish(line)) return false;
    if (this.seen >>> FIELDS !== 0) this.keys.countUnknown(this.seen);
    return true;
  }

  /** Hands on how many rows had which unknown field, since the last call. */
  takeCounts(fields: KnownFields): void {
    this.keys.takeCounts(fields);
  }

  /** Reads from the first key to behind the closing brace, and says where that is; −1 for what is to be parsed. */
  private readFields(from: number, lineEnd: number): number {
    const { keys, runs } = this;
    const { bytes } = this.memory;
    this.seen = 0;
    this.runBits = 0;
    let at = from;
    let valueEnd = from;
    let last = LINE_START;
    for (;;) {
      const expected = keys.expected[last];
      if (expected !== undefined && expected.runBits !== 0 && this.takesRun(expected, at, lineEnd)) {
        this.endRun(valueEnd, last);
        this.seen |= runs.bits;
        last = runs.last;
        at = runs.end;
      } else {
        const key = keys.keyAt(at, last);
        if (key === null || (this.seen & (1 << key.slot)) !== 0) return -1;
        if ((this.runBits & (1 << key.slot)) === 0) {
          this.endRun(valueEnd, last);
          this.beginRun(key, at, lineEnd);
        }
        last = key.slot;
        this.runHas |= 1 << last;
        this.seen |= 1 << last;
        at += key.length;
        if (bytes[at] === SPACE) at++;
        at = this.values.read(at, last);
        if (at < 0) return -1;
      }
      valueEnd = at;
      const next = bytes[at++]!;
      if (next === COMMA) {
        if (bytes[at] === SPACE) at++;
      } else {
        this.endRun(valueEnd, last);
        this.isUserLast = last === SLOT.userId;
        return next === CLOSE ? at : -1;
      }
    }
  }

  /** Fields that go on a run are no beginning of one. */
  private takesRun(key: Key, at: number, lineEnd: number): boolean {
    if ((this.runBits & (1 << key.slot)) !== 0) return false;
    const hash = this.hashOfRun(key, at, lineEnd);
    return hash >= 0 && this.runs.take(hash, at, this.seen);
  }

  private beginRun(key: Key, at: number, lineEnd: number): void {
    this.runBits = key.runBits;
    if (key.runBits === 0) return;
    this.runFrom = at;
    this.runHas = 0;
    this.runHash = this.hashOfRun(key, at, lineEnd);
  }

  private endRun(to: number, last: number): void {
    if (this.runBits !== 0 && this.runHash >= 0) {
      this.runs.remember(this.runHash, { from: this.runFrom, to }, { bits: this.runHas, last });
    }
    this.runBits = 0;
  }

  /** Where runs like the one at `at` are kept; −1 where that cannot be known. */
  private hashOfRun({ slot, length, runBits }: Key, at: number, lineEnd: number): number {
    const { view, bytes } = this.memory;
    const value = at + length;
    if (value + BYTES_HASHED + 1 > lineEnd) return -1;
    if (isOfUser(runBits)) {
      if ((this.seen & USER_BIT) !== 0) return placeOf(hashOfMore(slot, this.fields.codes[USER]!));
      // In names' alphabetical order the user is last: the line's last bytes tell the user as well.
      return this.isUserLast ? placeOf(hashOfBytes(view, lineEnd - 8, lineEnd) ^ slot) : -1;
    }
    if (bytes[value] !== QUOTE) return placeOf(hashOfMore(slot, view.getInt32(value, true)));
    return placeOf(hashOfBytes(view, value + 1, value + 1 + BYTES_HASHED) ^ slot);
  }

  private finish(line: number): boolean {
    const { events, seen } = this;
    const { codes, numbers } = this.fields;
    for (let rest = ALL_BITS & ~seen; rest !== 0; rest &= rest - 1) {
      const slot = 31 - Math.clz32(rest & -rest);
      const column = COLUMN_OF_SLOT[slot]!;
      if (column < 0) numbers[slot] = Number.NaN;
      else codes[column] = NO_WORD;
    }
    const tsMs = numbers[SLOT.ts]!;
    const sessionId = numbers[SLOT.sessionId]!;
    const item = numbers[SLOT.itemInSession]!;
    const status = numbers[SLOT.status]!;
    const registrationMs = numbers[SLOT.registration]!;
    const length = numbers[SLOT.length]!;
    if (!(tsMs >= TS_MS_MIN && tsMs <= events.latestMs)) return false;
    if (!(sessionId >= 0) || !(item <= ITEM_MAX) || codes[PAGE]! < 0) return false;
    if (status > STATUS_MAX || registrationMs > INSTANT_MS_MAX || length > LENGTH_SECONDS_MAX) return false;
    if (codes[USER] === NO_WORD) codes[USER] = this.nobody;
    if (codes[AUTH] === NO_WORD) codes[AUTH] = codes[USER] === this.nobody ? this.loggedOut : this.loggedIn;
    const length10us = length >= 0 ? Math.round(length * 1e5) : -1;
    events.rows.push({ line, tsMs, sessionId, registrationMs, item, length10us, status: status >= 0 ? status : -1 });
    return true;
  }
}

function placeOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 15;
}
