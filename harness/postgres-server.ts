import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { freePort } from "./free-port.js";

const START_TRIES = 5;
const READY_TRIES = 600;
const DEBIAN = "/usr/lib/postgresql";

/** The folder of the newest server that the system has. */
function binaries(): string | null {
  if (!existsSync(DEBIAN)) return null;
  const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(DEBIAN, version, "bin")).find((bin) => existsSync(join(bin, "initdb"))) ?? null;
}

/** For `describe.skipIf`: the system has no PostgreSQL. With REFRAIN_REQUIRE_ALL=1 its tests run all the same, and fail. */
export const NEEDS_POSTGRES = process.env.REFRAIN_REQUIRE_ALL !== "1" && binaries() === null;

export interface PostgresServer {
  /** The URL of a new, empty database, as `DATABASE_URL` has it. */
  createDatabase(): Promise<string>;
  /** Ends the server at once, as a crash does. */
  crash(): Promise<void>;
  /** Kills it with all its processes, as kill -9 does, and the out-of-memory killer. */
  kill(): Promise<void>;
  /** Stops it in order; who is connected is told so. */
  halt(): Promise<void>;
  /** Starts it again, unless it runs. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A server of the caller's own on a free port of 127.0.0.1, with its data in a temporary folder.
 *
 * @param configured settings besides those of a server as it comes, each as `name=value`
 */
export async function startPostgres(under = tmpdir(), configured: readonly string[] = []): Promise<PostgresServer> {
  const bin = binaries();
  if (bin === null) throw new Error(`there is no PostgreSQL under ${DEBIAN}`);
  const folder = mkdtempSync(join(under, "refrain-postgres-"));
  // The server refuses to run as root.
  const account = process.getuid?.() === 0 ? accountOf("postgres") : null;
  if (account !== null) chownSync(folder, account.uid, account.gid);
  const data = join(folder, "data");
  // Small segments of its log: a full disk is met after one of them, and a new server is made sooner.
  const settled = ["-U", "refrain", "-A", "trust", "-E", "UTF8", "--no-sync", "--wal-segsize=1"];
  execFileSync(join(bin, "initdb"), ["-D", data, ...settled], {
    ...account,
    cwd: folder,
    stdio: "pipe",
  });
  const port = await freePort();
  let process_: ChildProcess;
  let databases = 0;
  const url = (name: string) => `postgres://refrain@127.0.0.1:${port}/${name}`;
  const isRunning = () => process_.exitCode === null && process_.signalCode === null;
  const start = async () => {
    const place = [`port=${port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`];
    const settings = [...place, ...configured];
    process_ = spawn(join(bin, "postgres"), ["-D", data, ...settings.flatMap((one) => ["-c", one])], {
      ...account,
      cwd: folder,
      stdio: "ignore",
    });
    await untilReady(url("postgres"), isRunning);
  };
  const end = (signal: NodeJS.Signals) =>
    new Promise<void>((resolve) => {
      if (!isRunning()) return resolve();
      process_.once("exit", () => resolve());
      process_.kill(signal);
    });
  await start();
  return {
    start: async () => {
      for (let attempt = 1; !isRunning(); attempt++) {
        // It may refuse as long as the memory of the one before is not free.
        await start().catch((error) => {
          if (attempt === START_TRIES) throw error;
        });
      }
    },
    crash: () => end("SIGQUIT"),
    halt: () => end("SIGINT"),
    async kill() {
      const children = childrenOf(process_.pid ?? 0);
      await end("SIGKILL");
      for (const pid of children) killQuietly(pid);
      await untilGone(children);
    },
    async createDatabase() {
      const name = `test${databases++}`;
      await withClient(url("postgres"), (client) => client.query(`CREATE DATABASE ${name}`));
      return url(name);
    },
    async stop() {
      await end("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Linux only, as is the folder that the server is looked for in. */
function childrenOf(parent: number): number[] {
  return readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended with its parent.
  }
}

/** The server does not start while one of them still has the old one's memory. */
async function untilGone(pids: readonly number[]): Promise<void> {
  for (let i = 0; i < 100 && pids.some((pid) => existsSync(`/proc/${pid}/exe`)); i++) await setTimeout(50);
}

function accountOf(name: string): { uid: number; gid: number } {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((one) => one.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

/** Recovering from a crash takes its time on a busy machine. */
async function untilReady(url: string, isRunning: () => boolean): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await withClient(url, async (client) => {
        await client.query("SELECT 1");
      });
    } catch (error) {
      if (attempt === READY_TRIES || !isRunning()) throw error;
      await setTimeout(100);
    }
  }
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end();
  }
}
