import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { RefrainError } from "../base/errors.js";
import type { Matrix } from "../base/matrix.js";
import { writeAtomically } from "../store/atomic-file.js";
import { sha256 } from "./model-file.js";

/** Snapshots that a model learned from: what later users are compared with. It says of nobody who he is. */
export interface ReferenceSnapshots {
  readonly features: readonly string[];
  /** Whose each row is, as a number without meaning; rows of a user are together, by time. */
  readonly user: Int32Array;
  readonly cutoffMs: Float64Array;
  /** Rounded to 32 bits, as it is stored. */
  readonly x: Matrix;
  /** P(churn) as the model says it of these rows, which it knows. */
  readonly score: Float64Array;
  /** The same of models that had not seen the row; NaN where there was none. */
  readonly unseenScore: Float64Array;
}

interface Header {
  readonly format: string;
  readonly version: string;
  readonly features: readonly string[];
  readonly rows: number;
  readonly sha256: string;
}

const FORMAT = "refrain-reference/1";

const pathOf = (home: string, version: string): string => join(home, "models", `${version}.reference.gz`);

/** Writes what a version learned from beside it. Whole or not at all; the same again changes nothing. */
export function keepReference(home: string, version: string, reference: ReferenceSnapshots): void {
  const { features, user, cutoffMs, x, score, unseenScore } = reference;
  const body = Buffer.concat(
    [user, cutoffMs, score, unseenScore, Float32Array.from(x.data)].map(({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength),
    ),
  );
  const header: Header = { format: FORMAT, version, features, rows: user.length, sha256: sha256(body) };
  const bytes = gzipSync(Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]));
  writeAtomically(pathOf(home, version), bytes);
}

/** Reads it and checks its SHA-256. Throws REFERENCE_ABSENT where it is not there, or not as it was written. */
export function readReference(home: string, version: string): ReferenceSnapshots {
  const path = pathOf(home, version);
  if (!existsSync(path)) throw absent(version, "it is of an older version of Refrain, or from elsewhere");
  const { header, body } = opened(path, version);
  const { features, rows } = header;
  let at = 0;
  const take = (bytes: number): ArrayBuffer => {
    const part = new Uint8Array(bytes);
    part.set(body.subarray(at, at + bytes));
    at += bytes;
    return part.buffer;
  };
  return {
    features,
    user: new Int32Array(take(4 * rows)),
    cutoffMs: new Float64Array(take(8 * rows)),
    score: new Float64Array(take(8 * rows)),
    unseenScore: new Float64Array(take(8 * rows)),
    x: { rows, cols: features.length, data: Float64Array.from(new Float32Array(take(4 * rows * features.length))) },
  };
}

function opened(path: string, version: string): { readonly header: Header; readonly body: Buffer } {
  try {
    const bytes = gunzipSync(readFileSync(path));
    const end = bytes.indexOf("\n");
    const header = JSON.parse(bytes.subarray(0, end).toString()) as Header;
    const body = bytes.subarray(end + 1);
    const isSound = header.format === FORMAT && header.version === version && header.sha256 === sha256(body);
    if (isSound) return { header, body };
  } catch (cause) {
    throw absent(version, "its file is damaged", cause);
  }
  throw absent(version, "its file is damaged, or another's");
}

function absent(version: string, reason: string, cause?: unknown): RefrainError {
  return new RefrainError("REFERENCE_ABSENT", { version, reason }, cause);
}
