import { UNSTORABLE_TEXT } from "../../schema/event-limits.js";

/** The code of no text, and of something that is not an acceptable text. */
export const NO_WORD = -1;
export const BAD_WORD = -2;

/**
 * Texts of one column as numbers: each text is checked once, when it is first met. Rows mostly repeat the text of the
 * row before, so that is compared first: it spares hashing a long text.
 */
export class WordList {
  private readonly codes = new Map<string, number>();
  private readonly charsMax: number;
  private readonly choices: ReadonlySet<string> | null;
  private fresh: string[] = [];
  private count = 0;
  private last = "";
  private lastCode = BAD_WORD;

  constructor(charsMax: number, choices: readonly string[] | null = null) {
    this.charsMax = charsMax;
    this.choices = choices === null ? null : new Set(choices);
  }

  codeOf(value: unknown): number {
    if (typeof value !== "string") return value === undefined || value === null ? NO_WORD : BAD_WORD;
    if (value === this.last && this.lastCode !== BAD_WORD) return this.lastCode;
    const code = this.codes.get(value) ?? this.add(value);
    this.last = value;
    this.lastCode = code;
    return code;
  }

  /**
   * The code of a text that the caller has not asked for before and will find again itself: it spares keeping the text in a table
   * twice. `codeOf` of the same text is another code of the same word.
   */
  addUnlisted(text: string): number {
    return this.add(text, false);
  }

  /** The words added since the last call. */
  takeFresh(): string[] {
    const words = this.fresh;
    this.fresh = [];
    return words;
  }

  private add(text: string, isListed = true): number {
    if (text.length > this.charsMax || UNSTORABLE_TEXT.test(text)) return BAD_WORD;
    if (this.choices !== null && !this.choices.has(text)) return BAD_WORD;
    const code = this.count++;
    if (isListed) this.codes.set(text, code);
    this.fresh.push(text);
    return code;
  }
}
