import type { Dataset } from "../evaluate/dataset.js";
import { sha256 } from "../registry/model-file.js";

/** SHA-256 of the labelled rows a model learns from: features to the bit, labels, users and cutoffs. */
export function trainingHash(data: Dataset): string {
  return sha256(
    JSON.stringify({ features: data.features, users: data.users }),
    bytes(data.x.data),
    bytes(data.cutoffMs),
    bytes(data.user),
    data.y,
  );
}

function bytes(values: Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
