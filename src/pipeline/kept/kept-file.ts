import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { World } from "../../base/world.js";
import { LINE_FIELDS } from "../../features/fold-protocol/event-line.js";
import { ByteReader } from "../../features/state-codec/byte-reader.js";
import { ByteWriter } from "../../features/state-codec/byte-writer.js";
import { compareTexts } from "../../schema/fold-order.js";
import type { UserId } from "../../schema/user-id.js";
import { writeAtomically } from "../../store/atomic-file.js";
import { homePaths } from "../../store/home-paths.js";
import type { OwnedRow, UserRecord } from "../incremental/event-store.js";

const headerSchema = z.object({
  format: z.literal(1),
  /** `stateFingerprint` of the accumulators behind the states. */
  fingerprint: z.string(),
  /** Version of the lake that was folded. */
  lake: z.string(),
  /** SHA-256 of the attributions that were folded, a copy of which lies beside. */
  attributions: z.string(),
  simulated: z.boolean(),
  users: z.number().int(),
  /** Of all that follows the header. */
  sha256: z.string(),
});

/** The states of all users of a lake, as they were when it was last folded. */
export interface Kept
  extends Pick<z.infer<typeof headerSchema>, "fingerprint" | "lake" | "attributions" | "simulated"> {
  readonly users: ReadonlyMap<UserId, UserRecord>;
}

/** Always in this order, so that equal rows are equal bytes. */
const ROW_FIELDS = ["event", "stateName", ...LINE_FIELDS.map(({ name }) => name)];
const FILE = "states.bin";
const LINE_END = 10;

/** Where the copy of the attributions lies that kept states were made with. */
export function attributionsThen(home: string, { attributions }: Pick<Kept, "attributions">): string {
  return join(homePaths(home).folded, `attributions-${attributions.slice(0, 16)}.parquet`);
}

/** SHA-256 of the attributions of now. */
export function attributionsNow(home: string): string {
  return sha256(readFileSync(homePaths(home).attributions));
}

/** What was kept, whatever it was folded by; null where there is nothing, or nothing whole: then all is folded again. */
export function readKept(home: string, world: World): Kept | null {
  const path = join(homePaths(home).folded, FILE);
  if (!existsSync(path)) return null;
  try {
    const bytes = readFileSync(path);
    const end = bytes.indexOf(LINE_END);
    const header = headerSchema.parse(JSON.parse(bytes.toString("utf8", 0, end)));
    const body = bytes.subarray(end + 1);
    if (sha256(body) !== header.sha256) throw new Error("its bytes are not those that were written");
    if (!existsSync(attributionsThen(home, header))) throw new Error("its attributions are gone");
    return { ...header, users: readUsers(new ByteReader(body), header.users) };
  } catch (error) {
    const reason = error instanceof z.ZodError || error instanceof SyntaxError ? "of another version" : String(error);
    world.log.info(`The kept states cannot be used (${reason}): all users are folded again`);
    return null;
  }
}

/** Replaces what was kept, atomically. Needs the home lock. */
export function writeKept(home: string, kept: Kept): void {
  const { folded, attributions } = homePaths(home);
  mkdirSync(folded, { recursive: true });
  const copy = attributionsThen(home, kept);
  if (!existsSync(copy)) writeAtomically(copy, readFileSync(attributions));
  const { users, ...named } = kept;
  const body = new ByteWriter();
  for (const [user, { states, last }] of [...users].sort(([a], [b]) => compareTexts(a, b))) {
    body.block(new TextEncoder().encode(user));
    body.block(states);
    body.block(new TextEncoder().encode(JSON.stringify(last, ROW_FIELDS)));
  }
  const bytes = body.written();
  const header = { format: 1, ...named, users: users.size, sha256: sha256(bytes) };
  writeAtomically(join(folded, FILE), Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), bytes]));
  for (const name of readdirSync(folded)) {
    const path = join(folded, name);
    if (name !== FILE && path !== copy) rmSync(path, { force: true });
  }
}

function readUsers(from: ByteReader, count: number): Map<UserId, UserRecord> {
  const users = new Map<UserId, UserRecord>();
  const text = () => Buffer.from(from.block()).toString("utf8");
  for (let i = 0; i < count; i++) {
    const user = text();
    const states = from.block();
    users.set(user, { states, last: rowOf(JSON.parse(text()) as OwnedRow) });
  }
  return users;
}

/** JSON has no NaN. */
function rowOf({ event, knownAtMs }: OwnedRow): OwnedRow {
  return { event: { ...event, registrationMs: event.registrationMs ?? Number.NaN }, knownAtMs };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
