/** How far behind the end of a line its bytes may be read, a word at a time. */
export const SLACK_BYTES = 8;

/**
 * The whole memory that a piece of a log lies in: byte by byte, and by `view` in words that begin at any byte. All positions
 * are counted from the memory's first byte.
 */
export class LogMemory {
  bytes: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  private piece: Uint8Array = this.bytes;

  /** Turns to the memory of this piece; mostly it is the one that the line before lay in. */
  turnTo(piece: Uint8Array): void {
    if (piece === this.piece) return;
    this.piece = piece;
    if (piece.buffer === this.view.buffer) return;
    this.view = new DataView(piece.buffer);
    this.bytes = Buffer.from(piece.buffer);
  }
}

/** Keeps the bytes of a text's last word that are the text's, by the length of the text. */
export function lastWordMask(length: number): number {
  return length === 0 ? 0 : -1 >>> ((-length & 3) << 3);
}
