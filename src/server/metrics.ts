import type { FastifyInstance } from "fastify";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { LoopGauges } from "../pipeline/loop/loop-figures.js";
import type { StoreObserver } from "../store/live/timed-db.js";

const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STORE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** What the gauges are asked for when somebody reads them. */
export interface Measured {
  readonly eventsWaiting: () => number;
  readonly bodyBytes: () => number;
  readonly modelVersion: () => string | null;
  readonly droppedPredictions: () => number;
}

/** The figures of a service, as Prometheus reads them. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Histogram<"method" | "route" | "status">;
  readonly #events: Counter<"outcome">;
  readonly #predictions: Counter;
  readonly #store: Histogram<"operation" | "outcome">;

  constructor() {
    const registers = [this.registry];
    this.#requests = new Histogram({
      name: "refrain_http_request_duration_seconds",
      help: "From the head of a request to the end of its answer, by the route's pattern.",
      labelNames: ["method", "route", "status"],
      buckets: REQUEST_SECONDS,
      registers,
    });
    this.#events = new Counter({
      name: "refrain_events_total",
      help: "Events that were sent, by what became of them: accepted, duplicate, rejected.",
      labelNames: ["outcome"],
      registers,
    });
    this.#predictions = new Counter({
      name: "refrain_predictions_total",
      help: "Predictions that were answered.",
      registers,
    });
    this.#store = new Histogram({
      name: "refrain_store_duration_seconds",
      help: "Statements and transactions of the live store, with the time that they waited for their turn.",
      labelNames: ["operation", "outcome"],
      buckets: STORE_SECONDS,
      registers,
    });
  }

  /** Adds the gauges, and figures of the process itself. */
  measure({ eventsWaiting, bodyBytes, modelVersion, droppedPredictions }: Measured): void {
    const registers = [this.registry];
    gauge("refrain_event_queue_depth", "Events that wait for the live store or are in it.", eventsWaiting, registers);
    gauge("refrain_body_bytes", "Room held for bodies that are being received or worked on.", bodyBytes, registers);
    gauge(
      "refrain_predictions_dropped",
      "Predictions that were answered and could not be stored.",
      droppedPredictions,
      registers,
    );
    new Gauge({
      name: "refrain_model_info",
      help: "1 for the version of the model in use.",
      labelNames: ["version"],
      registers,
      collect() {
        this.reset();
        const version = modelVersion();
        if (version !== null) this.set({ version }, 1);
      },
    });
  }

  /** Adds what the loop has found; unknown figures are left out. */
  measureLoop(found: () => Promise<LoopGauges | null>): void {
    const registers = [this.registry];
    let asked: Promise<LoopGauges | null> | null = null;
    // All gauges of one reading ask once.
    const once = (): Promise<LoopGauges | null> => {
      asked ??= found().finally(() => {
        asked = null;
      });
      return asked;
    };
    const one = (name: string, help: string, read: (gauges: LoopGauges) => number | null) =>
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          const gauges = await once();
          const value = gauges === null ? null : read(gauges);
          if (value === null) this.reset();
          else this.set(value);
        },
      });
    one("refrain_data_silence_seconds", "Since the last event.", ({ silenceSeconds }) => silenceSeconds);
    one("refrain_data_flaws", "Figures of the last closed day beyond their band.", ({ dataFlaws }) => dataFlaws);
    one("refrain_closed_through_seconds", "The end of the last closed day that was measured, since 1970.", (gauges) =>
      gauges.closedThroughMs === null ? null : gauges.closedThroughMs / 1000,
    );
    one("refrain_drift_alarm", "1 while features drift beyond the alarm budget.", ({ drifted }) =>
      drifted === null ? null : Number(drifted),
    );
    new Gauge({
      name: "refrain_open_alerts",
      help: "Alerts that are open and nobody has acknowledged.",
      labelNames: ["severity"],
      registers,
      async collect() {
        const gauges = await once();
        for (const [severity, count] of Object.entries(gauges?.openAlerts ?? {})) this.set({ severity }, count);
      },
    });
    new Gauge({
      name: "refrain_live_auc",
      help: "AUC of the model in use on users whose outcome is known, with its 95% interval.",
      labelNames: ["bound"],
      registers,
      async collect() {
        this.reset();
        const auc = (await once())?.liveAuc;
        if (auc == null) return;
        for (const bound of ["value", "low", "high"] as const) this.set({ bound }, auc[bound]);
      },
    });
  }

  /** Figures of the process itself: memory, CPU, the event loop, garbage collection. Once for each process. */
  measureProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  readonly observeStore: StoreObserver = (operation, seconds, isDone) => {
    this.#store.observe({ operation, outcome: isDone ? "done" : "failed" }, seconds);
  };

  countEvents({ accepted, duplicates, rejected }: Record<"accepted" | "duplicates" | "rejected", number>): void {
    this.#events.inc({ outcome: "accepted" }, accepted);
    this.#events.inc({ outcome: "duplicate" }, duplicates);
    this.#events.inc({ outcome: "rejected" }, rejected);
  }

  countPredictions(number: number): void {
    this.#predictions.inc(number);
  }

  /** Times every request from now on. */
  timeRequests(app: FastifyInstance): void {
    // Sorting the labels takes longer than counting.
    const timers = new Map<unknown, Map<string, { observe(seconds: number): void }>>();
    app.addHook(
      "onResponse",
      ({ method, routeOptions: { config, url } }, { statusCode: status, elapsedTime }, done) => {
        const ofRoute = timers.get(config) ?? new Map();
        timers.set(config, ofRoute);
        const name = `${method} ${status}`;
        const timer = ofRoute.get(name) ?? this.#requests.labels({ method, route: url ?? "(none)", status });
        ofRoute.set(name, timer);
        timer.observe(elapsedTime / 1000);
        done();
      },
    );
  }
}

function gauge(name: string, help: string, value: () => number, registers: Registry[]): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(value());
    },
  });
}
