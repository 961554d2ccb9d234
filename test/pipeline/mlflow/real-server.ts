import { type ChildProcess, spawn } from "node:child_process";
import { createServer, request } from "node:http";
import { type AddressInfo, createServer as createSocket } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { PYTHON } from "../../python.js";

const START_MS = 120_000;

/** A real `mlflow server` of PYTHON's environment, which can be killed and come back with what it kept. */
export class MlflowServer {
  readonly #folder: string;
  readonly port: number;
  #process: ChildProcess | null = null;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
  }

  static async at(folder: string): Promise<MlflowServer> {
    return new MlflowServer(folder, await freePort());
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves once it answers: it takes its seconds. */
  async start(): Promise<void> {
    const program = join(dirname(PYTHON), "mlflow");
    const command = PYTHON.includes("/") ? [program] : ["mlflow"];
    const args = [
      "server",
      "--backend-store-uri",
      `sqlite:///${this.#folder}/mlflow.db`,
      "--artifacts-destination",
      join(this.#folder, "artifacts"),
      "--serve-artifacts",
      ...["--host", "127.0.0.1", "--port", String(this.port), "--workers", "1"],
    ];
    const env = { ...process.env, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false", MLFLOW_DISABLE_TELEMETRY: "true" };
    // A group of its own: the server is a child of the command.
    const child = spawn(command[0] as string, args, { env, cwd: this.#folder, detached: true, stdio: "ignore" });
    this.#process = child;
    for (let waited = 0; waited < START_MS; waited += 100) {
      if (child.exitCode !== null) throw new Error(`mlflow server ended with ${child.exitCode}`);
      const answer = await fetch(`${this.address}/health`).catch(() => null);
      if (answer?.ok) return;
      await setTimeout(100);
    }
    throw new Error("mlflow server does not answer");
  }

  /** As a loss of power would. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child?.pid === undefined || child.exitCode !== null) return;
    const ended = new Promise((end) => child.once("exit", end));
    process.kill(-child.pid, "SIGKILL");
    await ended;
    this.#process = null;
  }
}

function freePort(): Promise<number> {
  const socket = createSocket();
  return new Promise((found) => {
    socket.listen(0, "127.0.0.1", () => {
      const { port } = socket.address() as AddressInfo;
      socket.close(() => found(port));
    });
  });
}

/** What stands between us and the server, and breaks off. */
export interface Breaker {
  readonly address: string;
  /** Every request that was let through: `POST runs/create`. */
  readonly seen: string[];
  /** The next such request is done by the server, and its answer lost. */
  breakAfter: string | null;
  close(): void;
}

export async function breakerBefore(server: { readonly port: number }): Promise<Breaker> {
  const proxy = createServer((asked, response) => {
    const path = (asked.url ?? "").replace(/^\/api\/2\.0\/(mlflow\/)?/, "").replace(/\?.*/, "");
    const what = `${asked.method} ${path.replace(/^(mlflow-artifacts)\/.*\//, "$1/")}`;
    const { method, headers, url: address } = asked;
    const target = { host: "127.0.0.1", port: server.port, method, headers, path: address };
    const passed = request(target, (answer) => {
      breaker.seen.push(what);
      if (breaker.breakAfter === what) {
        breaker.breakAfter = null;
        answer.resume();
        answer.once("end", () => response.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((listens) => proxy.listen(0, "127.0.0.1", listens));
  const breaker: Breaker = {
    address: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    seen: [],
    breakAfter: null,
    close() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
  return breaker;
}
