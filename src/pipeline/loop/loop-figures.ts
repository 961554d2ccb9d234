import { isoOf, MS_PER_DAY, MS_PER_HOUR, MS_PER_SECOND } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { FALSE_DAYS_A_YEAR } from "../../monitor/quality/judge-day.js";
import { readIndex } from "../../registry/local.js";
import { SEVERITIES, type Severity } from "../../schema/alert-rules.js";
import type {
  ConceptFigures,
  DayKpis,
  DayQuality,
  KpisDocument,
  LiveModelDocument,
  QualityDocument,
} from "../../schema/loop-documents.js";
import { lakeIsSimulated } from "../../store/holds-simulated.js";
import { lakeVolumes, openLake } from "../../store/lake.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { type Alert, ackAlert, readAlerts } from "./alert-table.js";
import { readFigures } from "./figures-table.js";
import { liveReport } from "./live-report.js";
import { driftSignals } from "./loop-signals.js";

const DAYS_SHOWN = 28;

/** Null where it is not known yet. */
export interface LoopGauges {
  /** By severity, of those that nobody has acknowledged. */
  readonly openAlerts: Readonly<Record<string, number>>;
  readonly silenceSeconds: number | null;
  readonly closedThroughMs: number | null;
  readonly dataFlaws: number | null;
  readonly liveAuc: { readonly value: number; readonly low: number; readonly high: number } | null;
  readonly drifted: boolean | null;
}

/** What the loop has measured and found, to be told by commands and routes. Reads only, but for `ack`. */
export class LoopFigures {
  readonly #db: LiveDb;
  readonly #home: string;
  readonly #world: World;
  /** Of a lake version: whether events of it come from `simulate`. */
  #simulated: { readonly lake: string; readonly value: boolean } | null = null;

  constructor({ db, home }: { readonly db: LiveDb; readonly home: string }, world: World) {
    this.#db = db;
    this.#home = home;
    this.#world = world;
  }

  /** The data of the last days, and how well the champion and its challengers did. */
  async quality(days = DAYS_SHOWN): Promise<QualityDocument> {
    const stored = await readFigures<DayQuality>(this.#db, { kind: "data-quality", last: days });
    const last = stored.at(-1);
    const flaws = last?.document.flags.filter(({ fails }) => fails) ?? [];
    const { champion, challengers } = readIndex(this.#home);
    const lastMs = await this.#lastEventMs();
    const reports = await Promise.all(challengers.map((version) => liveReport(this.#db, version)));
    return {
      as_of: last === undefined ? null : isoOf(last.atMs + MS_PER_DAY),
      simulated: await this.#isSimulated(),
      fresh_through: lastMs === null ? null : isoOf(lastMs),
      silence_hours: lastMs === null ? null : Math.max(0, this.#world.now() - lastMs) / MS_PER_HOUR,
      data: {
        verdict:
          last === undefined || Object.keys(last.document.bands).length === 0
            ? "too few days to tell"
            : flaws.length > 0
              ? "flawed"
              : "good",
        false_days_a_year: FALSE_DAYS_A_YEAR,
        days: stored.map(({ document: { dayMs, unknownFields, ...day } }) => ({
          day: isoOf(dayMs).slice(0, 10),
          ...day,
          unknown_fields: unknownFields,
        })),
      },
      live: champion === null ? null : await liveReport(this.#db, champion),
      challengers: reports.filter((report): report is LiveModelDocument => report !== null),
    };
  }

  /** The last closed days as the business sees them. */
  async kpis(days = DAYS_SHOWN): Promise<KpisDocument> {
    const stored = await readFigures<DayKpis>(this.#db, { kind: "kpis", last: days });
    return { simulated: await this.#isSimulated(), days: stored.map(({ document }) => document) };
  }

  alerts(page: Parameters<typeof readAlerts>[1]): Promise<Alert[]> {
    return readAlerts(this.#db, page);
  }

  /** Throws `ALERT_UNKNOWN`. @param by who has seen it */
  ack(id: number, by: string): Promise<Alert> {
    return ackAlert(this.#db, id, { by, now: this.#world.now() });
  }

  /** What is worth a curve on somebody's board. */
  async gauges(): Promise<LoopGauges> {
    const open = await this.#db.query<{ severity: Severity; n: number }>(
      "SELECT severity, count(*)::int4 AS n FROM alerts WHERE resolved_at_ms IS NULL AND acked_at_ms IS NULL GROUP BY 1",
    );
    const [day] = await readFigures<DayQuality>(this.#db, { kind: "data-quality", last: 1 });
    const { champion } = readIndex(this.#home);
    const [concept] =
      champion === null
        ? []
        : await readFigures<ConceptFigures>(this.#db, { kind: "concept", name: champion, last: 1 });
    const [drift] = await driftSignals(this.#db);
    const lastMs = await this.#lastEventMs();
    return {
      openAlerts: Object.fromEntries(
        SEVERITIES.map((name) => [name, open.find(({ severity }) => severity === name)?.n ?? 0]),
      ),
      silenceSeconds: lastMs === null ? null : Math.max(0, this.#world.now() - lastMs) / MS_PER_SECOND,
      closedThroughMs: day === undefined ? null : day.atMs + MS_PER_DAY,
      dataFlaws: day === undefined ? null : day.document.flags.filter(({ fails }) => fails).length,
      liveAuc: concept?.document.pooled.auc ?? null,
      drifted: drift === undefined ? null : drift.value > 0,
    };
  }

  async #lastEventMs(): Promise<number | null> {
    const [row] = await this.#db.query<{ last: number | null }>("SELECT max(ts_ms) AS last FROM events");
    const { lastTs } = lakeVolumes(this.#home);
    const found = [row?.last ?? null, lastTs].filter((ms) => ms !== null);
    return found.length === 0 ? null : Math.max(...found);
  }

  async #isSimulated(): Promise<boolean> {
    if (lakeVolumes(this.#home).lastTs === null) return false;
    const lake = openLake(this.#home);
    if (this.#simulated?.lake !== lake.version) {
      this.#simulated = { lake: lake.version, value: await lakeIsSimulated(lake, this.#world) };
    }
    return this.#simulated.value;
  }
}
