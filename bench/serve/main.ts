import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { NEEDS_POSTGRES, startPostgres } from "../../harness/postgres-server.js";
import { provenance } from "../machine.js";
import { PEERS, table } from "../measure.js";
import { featuresBody, liveLog, peerInputs, type Trained, trainedHome } from "./inputs.js";
import { PINS, pinClient } from "./pins.js";
import { NODE_OPTIONS, startPeer, startRefrain } from "./processes.js";
import { events, type Figure, features, memory, scores, spoken } from "./service-figures.js";
import { HAS_WRK, type Load, wrk } from "./wrk.js";

/**
 * `npm run bench:serve [-- --seconds N] [--events N] [--minutes N] [--json]`: the service under load from wrk, beside a FastAPI
 * service of ../shared/peers in the same run. PYTHON is an interpreter with its requirements. All logs are SIMULATED. `--minutes`
 * watches the memory for so long on each store; `--no-peers` leaves FastAPI out.
 */

/** Mode of the peer → how many times its requests a second ours should be. */
const PEER_MODES = { reference: 40, numpy: 7, folded: 1.5 } as const;
const EVENTS_MIN = { PGlite: 3_000, PostgreSQL: 8_000 } as const;
type Store = keyof typeof EVENTS_MIN;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    events: { type: "string", default: "120000" },
    minutes: { type: "string", default: "0" },
    json: { type: "boolean", default: false },
    "no-peers": { type: "boolean", default: false },
  },
});
const [seconds, eventCount, minutes] = [Number(values.seconds), Number(values.events), Number(values.minutes)];
const python = process.env.PYTHON ?? "python3";
const note = (line: string): void => {
  if (!values.json) console.error(line);
};

function missing(): string | null {
  if (!HAS_WRK) return "wrk is missing: apt-get install wrk, or https://github.com/wg/wrk";
  if (values["no-peers"]) return null;
  if (!existsSync(PEERS)) return "../shared/peers is not there: measure without it with --no-peers";
  if (spawnSync(python, ["-c", "import fastapi, sklearn"]).status === 0) return null;
  const make = "python3 -m venv env && env/bin/pip install -r ../shared/peers/requirements.txt";
  return `PYTHON has not what the FastAPI service needs: ${make}, then PYTHON=env/bin/python; or --no-peers`;
}

async function peers(folder: string): Promise<Map<keyof typeof PEER_MODES, Load>> {
  const loads = new Map<keyof typeof PEER_MODES, Load>();
  if (values["no-peers"]) return loads;
  const { features: csv, body } = peerInputs(python, folder);
  for (const mode of Object.keys(PEER_MODES) as (keyof typeof PEER_MODES)[]) {
    note(`FastAPI, ${mode}`);
    const peer = await startPeer(python, mode, csv);
    try {
      loads.set(mode, await wrk(`${peer.url}/predict`, [body], { folder, seconds }));
    } finally {
      await peer.stop();
    }
  }
  return loads;
}

function beside(own: Load, loads: ReadonlyMap<keyof typeof PEER_MODES, Load>, store: Store): Figure[] {
  const figures = [...loads].map(([mode, peer]): Figure => {
    const times = own.perSecond / peer.perSecond;
    return {
      name: `/predict with features, beside FastAPI ${mode} (${spoken(peer)}); ${store}`,
      value: `${times.toFixed(1)} ×, p99 ${own.p99Ms.toFixed(1)} ms`,
      target: `≥ ${PEER_MODES[mode]} ×, p99 lower`,
      holds: times >= PEER_MODES[mode] && own.p99Ms < peer.p99Ms && own.not2xx + own.socketErrors === 0,
    };
  });
  return [{ name: `/predict with features; ${store}`, value: spoken(own), target: null, holds: null }, ...figures];
}

interface Measuring {
  readonly store: Store;
  readonly folder: string;
  readonly trained: Trained;
  readonly lines: readonly string[];
  readonly loads: ReadonlyMap<keyof typeof PEER_MODES, Load>;
  database(): Promise<string | null>;
}

async function ownFigures({ store, folder, trained, lines, loads, database }: Measuring): Promise<Figure[]> {
  const figures: Figure[] = [];
  note(`refrain serve, ${store}: predictions`);
  const scoring = await startRefrain(trained.home, await database());
  try {
    const body = await featuresBody(scoring, trained.users[0] ?? "");
    figures.push(...beside(await features(scoring, body, { folder, seconds, store }), loads, store));
    figures.push(...(await scores(scoring, trained.users, { folder, seconds, store })));
    if (minutes > 0) figures.push(await memory(scoring, trained.users, { folder, minutes, store }));
  } finally {
    await scoring.stop();
  }
  note(`refrain serve, ${store}: events`);
  const taking = await startRefrain(join(folder, `events-${store}`), await database());
  try {
    figures.push(...(await events(taking, lines, { store, least: EVENTS_MIN[store] })));
  } finally {
    await taking.stop();
  }
  return figures;
}

async function measured(folder: string): Promise<Figure[]> {
  note("Making the inputs");
  const trained = trainedHome(folder);
  const lines = await liveLog(folder, eventCount);
  pinClient();
  const loads = await peers(folder);
  const given = { folder, trained, lines, loads };
  const figures = await ownFigures({ ...given, store: "PGlite", database: async () => null });
  if (NEEDS_POSTGRES) {
    note("PostgreSQL is left out: it is not under /usr/lib/postgresql (apt-get install postgresql)");
    return figures;
  }
  const server = await startPostgres();
  try {
    return [
      ...figures,
      ...(await ownFigures({ ...given, store: "PostgreSQL", database: () => server.createDatabase() })),
    ];
  } finally {
    await server.stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), "refrain-bench-"));
try {
  const lack = missing();
  if (lack !== null) throw new Error(lack);
  const where = provenance(["npm run bench:serve --", ...process.argv.slice(2)].join(" ").replace(/ --$/, ""));
  const figures = await measured(folder);
  const setting = `${where}\n- cores: ${PINS}\n- refrain serve with NODE_OPTIONS=${NODE_OPTIONS}`;
  if (values.json) console.log(JSON.stringify({ where: setting, figures }, null, 2));
  else {
    const rows = figures.map(({ name, value, target, holds }) => [
      name,
      value,
      target ?? "",
      holds === null ? "" : holds ? "holds" : "DOES NOT HOLD",
    ]);
    console.log(`${setting}\n\n${table(["figure", "measured", "target", ""], rows)}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
