/** What ended a piece: its own end, the end of the log, or our patience (only its beginning is there). */
export type PieceEnd = "whole" | "log-ended" | "too-long";

/** Receives a piece of a log: a line, a record, an element. The bytes are the receiver's only during the call. */
export type TakePiece = (bytes: Buffer, start: number, end: number, how: PieceEnd) => void;

/** Cuts the chunks of a log into pieces. */
export interface Splitter {
  /** False when it wants no more. */
  push(chunk: Buffer): boolean;
  /** The log has ended. */
  end(): void;
}

/** The longest line, record or element that is read. */
export const PIECE_BYTES_MAX = 1 << 20;
/** What is kept of a longer one, to show. */
export const SHOWN_BYTES = 4096;
