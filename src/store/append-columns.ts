import { type DuckDBAppender, DuckDBDataChunk, type DuckDBType, type DuckDBVector } from "@duckdb/node-api";
import { type NumberArray, vectorNumbers } from "./column-chunks.js";

const CHUNK_ROWS = 2048;

/** Appends rows of number columns to a table in whole chunks, whatever the portions they come in. */
export class ColumnAppender {
  private readonly appender: DuckDBAppender;
  private readonly chunk: DuckDBDataChunk;
  /** Made once: to make them is slower than to fill them. */
  private readonly vectors: readonly DuckDBVector[];
  private filled = 0;

  constructor(appender: DuckDBAppender, types: readonly DuckDBType[]) {
    this.appender = appender;
    this.chunk = DuckDBDataChunk.create(types, CHUNK_ROWS);
    this.vectors = types.map((_, column) => this.chunk.getColumnVector(column));
  }

  /** @param columns in the order of the table's; of each the first `rows` values, none of them null */
  add(columns: readonly NumberArray[], rows: number): void {
    for (let from = 0; from < rows; ) {
      const to = Math.min(rows, from + CHUNK_ROWS - this.filled);
      for (let column = 0; column < columns.length; column++) {
        const items = vectorNumbers(this.vectors[column] as DuckDBVector);
        items.set((columns[column] as NumberArray).subarray(from, to), this.filled);
      }
      this.filled += to - from;
      from = to;
      if (this.filled === CHUNK_ROWS) this.send(this.vectors);
    }
  }

  /** To be called once, after the last row. */
  close(): void {
    if (this.filled > 0) {
      const rest = this.vectors.map((vector) => vectorNumbers(vector).slice(0, this.filled));
      this.chunk.rowCount = this.filled;
      const vectors = rest.map((_, column) => this.chunk.getColumnVector(column));
      for (const [column, values] of rest.entries()) vectorNumbers(vectors[column] as DuckDBVector).set(values);
      this.send(vectors);
    }
    this.appender.closeSync();
  }

  private send(vectors: readonly DuckDBVector[]): void {
    for (const vector of vectors) vector.flush();
    this.appender.appendDataChunk(this.chunk);
    this.filled = 0;
  }
}
