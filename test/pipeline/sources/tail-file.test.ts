import { appendFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FilePlace, TailFile } from "../../../src/pipeline/sources/tail-file.js";
import { temporaryFolder } from "../ingest-fixture.js";

const folder = temporaryFolder();
let files = 0;
const freshPath = () => join(folder, `log${files++}`);

/** Everything there is now, as texts of lines. */
function drain(tail: TailFile, polls = 6): string[] {
  const lines: string[] = [];
  for (let quiet = 0; quiet < polls; ) {
    const next = tail.next();
    if (next === null) quiet++;
    else lines.push(...next.bytes.toString().split("\n").slice(0, -1));
  }
  return lines;
}

describe("the tail of a growing file", () => {
  it("is every complete line once, however it is written and however often one begins again", () => {
    const writes = fc.array(fc.tuple(fc.string({ maxLength: 8 }), fc.constantFrom("on", "poll", "restart")));
    fc.assert(
      fc.property(writes, (steps) => {
        const path = freshPath();
        writeFileSync(path, "");
        let written = "";
        let tail = new TailFile(path, null);
        let place: FilePlace | null = null;
        const seen: string[] = [];
        const poll = () => {
          for (let next = tail.next(); next !== null; next = tail.next()) {
            expect(next.linesBefore).toBe(seen.length);
            seen.push(...next.bytes.toString().split("\n").slice(0, -1));
            place = next.place;
          }
        };
        for (const [text, then] of steps) {
          const bytes = text.replaceAll("z", "\n");
          appendFileSync(path, bytes);
          written += bytes;
          if (then !== "on") poll();
          if (then !== "restart") continue;
          tail.close();
          tail = new TailFile(path, place);
        }
        poll();
        tail.close();
        expect(seen).toEqual(written.split("\n").slice(0, -1));
      }),
    );
  });

  it("goes on in the new file when the old one is moved away, which is first read to its end", () => {
    const path = freshPath();
    writeFileSync(path, "a\nb\n");
    const tail = new TailFile(path, null);
    expect(drain(tail)).toEqual(["a", "b"]);
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, "c\nd");
    expect(drain(tail)).toEqual(["c"]);
    writeFileSync(path, "e\n");
    expect(drain(tail)).toEqual(["d", "e"]);
    tail.close();
  });

  it("begins again in a file that was cut, or written anew to the same length", () => {
    const path = freshPath();
    writeFileSync(path, "aaaa\nbbbb\n");
    const tail = new TailFile(path, null);
    expect(drain(tail)).toEqual(["aaaa", "bbbb"]);
    truncateSync(path, 0);
    appendFileSync(path, "c\n");
    expect(drain(tail)).toEqual(["c"]);
    writeFileSync(path, "dddd\neeee\n");
    expect(drain(tail)).toEqual(["dddd", "eeee"]);
    tail.close();
  });

  it("waits for a file that is not there yet, and refuses a folder", () => {
    const path = freshPath();
    const tail = new TailFile(path, null);
    expect(tail.next()).toBeNull();
    writeFileSync(path, "a\n");
    expect(drain(tail)).toEqual(["a"]);
    tail.close();
    expect(() => new TailFile(folder, null).next()).toThrow("not a regular file");
  });

  it("cuts a line without an end, and goes on after it", () => {
    const path = freshPath();
    writeFileSync(path, `a\n${"x".repeat(20 << 20)}\nb\n`);
    const tail = new TailFile(path, null);
    const lines = drain(tail);
    expect(lines.map((line) => (line.length > 1 ? "long" : line))).toEqual(["a", "long", "b"]);
    tail.close();
  });
});
