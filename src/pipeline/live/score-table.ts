import type { Instant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import type { PredictionDocument, RiskLevel } from "../../schema/documents.js";
import type { ReasonDocument } from "../../schema/explanation-documents.js";
import type { UserId } from "../../schema/user-id.js";
import { arrayText } from "../../store/live/array-text.js";
import type { LiveDb, SqlValue } from "../../store/live/live-db.js";
import type { UserStanding } from "./live-scorer.js";

/** The last score of a user; what only a model says is null without one. */
export interface ScoreRow {
  readonly userId: UserId;
  readonly level: string | null;
  readonly state: string | null;
  readonly lastSeenMs: number;
  readonly asOfMs: number;
  readonly modelVersion: string | null;
  readonly atRisk: boolean | null;
  readonly churnProbability: number | null;
  readonly churnPrediction: boolean | null;
  readonly riskLevel: RiskLevel | null;
  readonly expectedDaysLeft: number | null;
  readonly reasons: readonly ReasonDocument[];
}

/** Whom a list is of. */
export interface ScoreFilter {
  readonly riskLevel?: RiskLevel;
  readonly level?: string;
  readonly atRisk?: boolean;
  /** What the id begins with. */
  readonly idPrefix?: string;
}

/** Where a list goes on: after this row, the riskiest first. */
export interface ScoreCursor {
  readonly churnProbability: number | null;
  readonly userId: UserId;
}

/** What scores users: of whom nothing is known is left out. */
export interface Scoring {
  readonly asOf: Instant;
  readonly modelVersion: string | null;
  users(ids: readonly UserId[]): Promise<readonly UserStanding[]>;
}

/** Users scored between two looks at the signal and at who else waits for the store. */
const PORTION_USERS = 100;
const PAGE_ROWS = 1_000;

/** Column → its type and its value. */
const COLUMNS = {
  user_id: ["text", (view: UserStanding) => view.userId],
  level: ["text", (view: UserStanding) => view.level],
  state: ["text", (view: UserStanding) => view.state],
  last_seen_ms: ["int8", (view: UserStanding) => view.lastSeenMs],
  at_risk: ["bool", ({ prediction }: UserStanding) => (prediction === null ? null : String(prediction.at_risk))],
  churn_probability: ["float8", ({ prediction }: UserStanding) => prediction?.churn_probability ?? null],
  churn_prediction: [
    "bool",
    ({ prediction }: UserStanding) => (prediction === null ? null : String(prediction.churn_prediction)),
  ],
  risk_level: ["text", ({ prediction }: UserStanding) => prediction?.risk_level ?? null],
  expected_days_left: ["float8", ({ prediction }: UserStanding) => prediction?.expected_days_left ?? null],
  reasons: [
    "text",
    ({ prediction }: UserStanding) => (prediction === null ? null : JSON.stringify(prediction.reasons)),
  ],
} satisfies Record<string, readonly [string, (view: UserStanding) => string | number | null]>;

const NAMES = Object.keys(COLUMNS);
const UPSERT = `
  INSERT INTO scores (as_of_ms, model_version, ${NAMES.join(", ")})
  SELECT $1::int8, $2::text, * FROM unnest(${Object.values(COLUMNS)
    .map(([type], i) => `$${i + 3}::${type}[]`)
    .join(", ")}) AS t(${NAMES.join(", ")})
  -- who was erased while he was scored
  WHERE EXISTS (SELECT 1 FROM user_states AS u WHERE u.user_id = t.user_id)
  ON CONFLICT (user_id) DO UPDATE SET ${["as_of_ms", "model_version", ...NAMES.slice(1)]
    .map((name) => `${name} = excluded.${name}`)
    .join(", ")}`;

/** The last scores of all users, as they are listed. Behind the events: `refresh` and `rescore` bring it up to them. */
export class ScoreTable {
  readonly #db: LiveDb;
  readonly #waiting = new Set<UserId>();

  constructor(db: LiveDb) {
    this.#db = db;
  }

  /** Users whose states have changed since they were scored. */
  changed(users: Iterable<UserId>): void {
    for (const user of users) this.#waiting.add(user);
  }

  /** Scores up to `most` of the users who changed, and returns how many. */
  async refresh(scoring: Scoring, most: number): Promise<number> {
    const users: UserId[] = [];
    for (const user of this.#waiting) {
      if (users.length === most) break;
      users.push(user);
      this.#waiting.delete(user);
    }
    try {
      await this.#score(users, scoring);
    } catch (error) {
      this.changed(users);
      throw error;
    }
    return users.length;
  }

  /**
   * Scores everybody, and forgets whom nobody knows any more; false where `signal` or `pause` broke it off.
   *
   * @param scoring asked for each portion: where it stayed behind, it would undo what `refresh` did meanwhile
   */
  async rescore(
    scoring: () => Scoring,
    { signal }: Pick<World, "signal">,
    pause: () => Promise<boolean> = async () => true,
  ): Promise<boolean> {
    for (let after = ""; ; ) {
      const page = await this.#db.query<{ id: UserId }>(
        "SELECT user_id AS id FROM user_states WHERE user_id > $1 AND last_event IS NOT NULL ORDER BY user_id LIMIT $2",
        [after, PORTION_USERS],
      );
      const ids = page.map(({ id }) => id);
      await this.#score(ids, scoring());
      if (ids.length < PORTION_USERS) break;
      after = ids.at(-1) as UserId;
      if (signal.aborted || !(await pause())) return false;
    }
    await this.#db.query(
      `DELETE FROM scores AS s WHERE NOT EXISTS
         (SELECT 1 FROM user_states AS u WHERE u.user_id = s.user_id AND u.last_event IS NOT NULL)`,
    );
    return true;
  }

  /** The last scores by a model of all users at risk, riskiest first. */
  async predictions(modelVersion: string): Promise<PredictionDocument[]> {
    const found: PredictionDocument[] = [];
    let after: ScoreCursor | null = null;
    do {
      const rows: ScoreRow[] = await this.page({ atRisk: true }, { after, limit: PAGE_ROWS });
      found.push(...rows.filter((row) => row.modelVersion === modelVersion).flatMap(predictionOf));
      after = rows.length < PAGE_ROWS ? null : (rows.at(-1) ?? null);
    } while (after !== null);
    return found;
  }

  /** Riskiest first; those without a score come last. */
  async page(
    { riskLevel, level, atRisk, idPrefix }: ScoreFilter,
    { after, limit }: { readonly after: ScoreCursor | null; readonly limit: number },
  ): Promise<ScoreRow[]> {
    const values: SqlValue[] = [];
    const given = (value: SqlValue | undefined, condition: (parameter: string) => string): string[] =>
      value === undefined ? [] : [condition(`$${values.push(value)}`)];
    const where = [
      "true",
      ...given(riskLevel, (p) => `risk_level = ${p}`),
      ...given(level, (p) => `level = ${p}`),
      ...given(atRisk === undefined ? undefined : String(atRisk), (p) => `at_risk = ${p}::text::bool`),
      ...given(idPrefix, (p) => `starts_with(user_id, ${p})`),
    ];
    if (after !== null) {
      const [risk, user] = [values.push(after.churnProbability ?? -1), values.push(after.userId)];
      where.push(
        `(coalesce(churn_probability, -1) < $${risk}::float8
          OR (coalesce(churn_probability, -1) = $${risk}::float8 AND user_id > $${user}))`,
      );
    }
    const rows = await this.#db.query<Omit<ScoreRow, "reasons"> & { readonly reasons: string | null }>(
      `SELECT user_id AS "userId", level, state, last_seen_ms AS "lastSeenMs", as_of_ms AS "asOfMs",
         model_version AS "modelVersion", at_risk AS "atRisk", churn_probability AS "churnProbability",
         churn_prediction AS "churnPrediction", risk_level AS "riskLevel",
         expected_days_left AS "expectedDaysLeft", reasons
       FROM scores WHERE ${where.join(" AND ")}
       ORDER BY coalesce(churn_probability, -1) DESC, user_id LIMIT $${values.push(limit)}`,
      values,
    );
    return rows.map((row) => ({ ...row, reasons: row.reasons === null ? [] : JSON.parse(row.reasons) }));
  }

  async #score(users: readonly UserId[], { asOf, modelVersion, users: score }: Scoring): Promise<void> {
    if (users.length === 0) return;
    const views = await score(users);
    if (views.length === 0) return;
    const columns = Object.values(COLUMNS).map(([, value]) => arrayText(views.map((view) => value(view))));
    await this.#db.query(UPSERT, [asOf, modelVersion, ...columns]);
  }
}

function predictionOf(row: ScoreRow): PredictionDocument[] {
  const { userId, churnProbability, churnPrediction, riskLevel, atRisk, expectedDaysLeft, reasons } = row;
  if (churnProbability === null || churnPrediction === null || riskLevel === null || atRisk === null) return [];
  return [
    {
      user_id: userId,
      churn_probability: churnProbability,
      churn_prediction: churnPrediction,
      risk_level: riskLevel,
      at_risk: atRisk,
      ...(expectedDaysLeft === null ? {} : { expected_days_left: expectedDaysLeft }),
      reasons,
    },
  ];
}
