import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LineBatch, lineBatches } from "../../../src/pipeline/upload/line-batches.js";

async function batchesOf(bytes: Buffer, sizes: readonly number[], bounds = { linesMax: 3, bytesMax: 50 }) {
  const chunks: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  const batches: LineBatch[] = [];
  for await (const batch of lineBatches(
    (async function* () {
      yield* chunks;
    })(),
    bounds,
  )) {
    batches.push(batch);
  }
  return batches;
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });

describe("batches of lines", () => {
  it("hold every line once and in order, wherever the bytes are cut", async () => {
    const line = fc.oneof(
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.string().map((text) => text.replaceAll("\n", " ")),
      fc.record({ ts: fc.nat(), page: fc.string() }).map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line), sizes, fc.boolean(), async (lines, cuts, isClosed) => {
        const text = lines.join("\n") + (isClosed && lines.length > 0 ? "\n" : "");
        const batches = await batchesOf(Buffer.from(text), cuts);
        const expected = text === "" ? [] : isClosed || lines.at(-1) !== "" ? lines : lines.slice(0, -1);
        const numbers = batches.flatMap(({ lineOf, rejected }) => [...lineOf, ...rejected.map((one) => one.line)]);
        expect(numbers.sort((a, b) => a - b)).toEqual(expected.map((_, i) => i + 1));
        for (const { items, lineOf } of batches) {
          items.forEach((item, i) => {
            expect(item).toEqual(JSON.parse(expected[(lineOf[i] ?? 0) - 1] ?? ""));
          });
        }
        expect(batches.at(-1)?.through ?? 0).toBe(expected.length);
      }),
    );
  });

  it("say of a line that is none why", async () => {
    const text = Buffer.concat([
      Buffer.from('\ufeff{"a":1}\n\n[]\n{"a":\nx\n'),
      Buffer.from([0xff, 10]),
      Buffer.from('{"a"'),
    ]);
    const batches = await batchesOf(text, [7]);
    expect(batches.flatMap(({ items }) => items)).toEqual([{ a: 1 }]);
    expect(batches.flatMap(({ rejected }) => rejected.map(({ line, code }) => [line, code]))).toEqual([
      [2, "BLANK_LINE"],
      [3, "NOT_AN_OBJECT"],
      [4, "INVALID_JSON"],
      [5, "INVALID_JSON"],
      [6, "INVALID_UTF8"],
      [7, "TRUNCATED_LINE"],
    ]);
  });

  it("never hold more than their bounds and a chunk", async () => {
    const line = `{"a":"${"x".repeat(92)}"}\n`;
    const batches = await batchesOf(Buffer.from(line.repeat(200)), [1_000], { linesMax: 1_000, bytesMax: 500 });
    for (const { items } of batches) expect(items.length).toBeLessThanOrEqual(10);
    const long = Buffer.alloc(3 << 20, "y");
    const [only] = await batchesOf(long, [1 << 16], { linesMax: 1_000, bytesMax: 1 << 20 });
    expect(only?.rejected).toMatchObject([{ line: 1, code: "LINE_TOO_LONG" }]);
  });
});
