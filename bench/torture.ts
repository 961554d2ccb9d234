import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { NEEDS_POSTGRES, type PostgresServer, startPostgres } from "../harness/postgres-server.js";
import { refrain, type ServicePlace } from "../harness/service-process.js";
import { BatchFeatures } from "../harness/torture/batch-features.js";
import { fillDisk, SmallDisk } from "../harness/torture/full-disk.js";
import { killAgainAndAgain } from "../harness/torture/killed.js";
import type { SentEvent } from "../harness/torture/load.js";
import { parityGate } from "../harness/torture/parity-gate.js";
import { simulatedEvents } from "../harness/torture/simulate.js";
import { soak } from "../harness/torture/soak.js";
import { stopDatabase } from "../harness/torture/stopped-database.js";
import { provenance } from "./machine.js";

/**
 * `npm run torture [-- kill|stop|disk|gate|soak …] [--store pglite|postgres] [--kills N] [--minutes M] [--users N]`: the proofs of the
 * service at their full size, on both stores. All logs are SIMULATED. A law that does not hold ends it with exit code 1.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    store: { type: "string" },
    kills: { type: "string", default: "50" },
    minutes: { type: "string", default: "10" },
    users: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    rest: { type: "string", default: "20" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "refrain-torture-"));
// The server of PostgreSQL may run under another account.
chmodSync(folder, 0o755);
const seed = values.seed;
const say = (text: string) => console.log(text);

interface Store {
  readonly name: string;
  readonly server: PostgresServer | null;
  place(name: string): Promise<ServicePlace>;
}

const PROOFS: Readonly<Record<string, (store: Store, log: readonly SentEvent[]) => Promise<unknown>>> = {
  async kill(store, log) {
    const place = await store.place("kill");
    const { server } = store;
    const crash = server && { crashDatabase: () => server.kill().then(server.start) };
    const kills = Number(values.kills);
    return killAgainAndAgain({ place, log, kills, acknowledgedMax: 15, seed, folder: place.home, say, ...crash });
  },
  async stop(store, log) {
    const { server } = store;
    if (server === null) return "PGlite does not stop by itself";
    return stopDatabase({
      place: await store.place("stop"),
      log,
      stops: 10,
      seed,
      halt: server.halt,
      start: server.start,
    });
  },
  async disk(store, log) {
    if (!SmallDisk.canBeMade(join(folder, "trial"))) return "LEFT OUT: this system does not let us mount a file system";
    const disk = new SmallDisk(join(folder, `disk-${store.name}`), 300);
    const server = store.server && (await startPostgres(disk.folder));
    const home = join(server === null ? disk.folder : folder, "disk-home");
    mkdirSync(home);
    const place = { home, url: server && (await server.createDatabase()) };
    try {
      const freed = async () => server?.start();
      return await fillDisk({ place, disk, log: log.slice(0, 12_000), seed, folder, times: 10, freed });
    } finally {
      await server?.stop();
      disk.remove();
    }
  },
  async gate(store, log) {
    const first = await store.place("gate");
    const second = { home: join(folder, "gate-replica"), url: first.url };
    const places = store.server === null ? [first] : [first, second];
    const sent = log.slice(0, 15_000);
    mkdirSync(first.home, { recursive: true });
    const batch = new BatchFeatures(first.home, sent);
    const answers = await parityGate({ places, log: sent, sizeMax: 500, seed, batch });
    return `${places.length} × ${answers[0]?.size} answers equal those of a batch`;
  },
  async soak(store, log) {
    const minutes = Number(values.minutes);
    const place = await store.place("soak");
    refrain({ ...place, url: null }, "ingest", await trainingLog());
    refrain({ ...place, url: null }, "train", "--search", "none");
    const { samples, slope, ...rest } = await soak({
      place: await store.place("soak"),
      log,
      minutes,
      restMs: Number(values.rest),
      say,
    });
    const mib = samples.map(([, one]) => one);
    return { ...rest, slopeMibPerMinute: slope, firstMib: mib[0], lastMib: mib.at(-1), mostMib: Math.max(...mib) };
  },
};

/** Of other listeners, enough of them for a model. */
async function trainingLog(): Promise<string> {
  return (await simulatedEvents(folder, { users: 250, days: 63, seed: Number(seed) + 1 })).path;
}

async function main(): Promise<void> {
  const wanted = positionals.length === 0 ? Object.keys(PROOFS) : positionals;
  console.log(`${provenance(["npm run torture", ...process.argv.slice(2)].join(" "))}\n`);
  const { events } = await simulatedEvents(folder, { users: Number(values.users), days: 63, seed: Number(seed) });
  console.log(`SIMULATED: ${events.length} events of ${values.users} users\n`);
  for (const name of ["pglite", "postgres"]) {
    if (values.store !== undefined && values.store !== name) continue;
    if (name === "postgres" && NEEDS_POSTGRES) {
      console.log("LEFT OUT: there is no PostgreSQL on this system\n");
      continue;
    }
    const server = name === "postgres" ? await startPostgres(folder) : null;
    const store: Store = {
      name,
      server,
      place: async (what) => ({
        home: join(folder, `${what}-${name}`),
        url: server && (await server.createDatabase()),
      }),
    };
    try {
      for (const proof of wanted) await prove(proof, store, events);
    } finally {
      await server?.stop();
    }
  }
}

async function prove(name: string, store: Store, log: readonly SentEvent[]): Promise<void> {
  const proof = PROOFS[name];
  if (proof === undefined) throw new Error(`there is no proof ${name}; there are ${Object.keys(PROOFS).join(", ")}`);
  const began = performance.now();
  try {
    const figures = await proof(store, log);
    console.log(
      `## ${name}, ${store.name}: HOLDS (${((performance.now() - began) / 1000).toFixed(0)} s)\n`,
      figures,
      "\n",
    );
  } catch (error) {
    process.exitCode = 1;
    console.log(`## ${name}, ${store.name}: DOES NOT HOLD\n`, error, "\n");
  }
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
