import type { RiskLevel } from "../../schema/documents.js";
import type { ReasonDocument } from "../../schema/explanation-documents.js";
import type { UserId } from "../../schema/user-id.js";
import { arrayText } from "../../store/live/array-text.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { SqlError } from "../../store/live/sql-error.js";

/** A reason without its words. */
export type StoredReason = Pick<ReasonDocument, "feature" | "value" | "effect">;

/** A prediction as it was answered. */
export interface StoredPrediction {
  readonly userId: UserId;
  readonly madeAtMs: number;
  readonly asOfMs: number;
  readonly modelVersion: string;
  readonly probability: number;
  readonly isChurn: boolean;
  readonly riskLevel: RiskLevel;
  readonly atRisk: boolean;
  /** Null where the model does not say. */
  readonly expectedDaysLeft: number | null;
  readonly reasons: readonly StoredReason[];
}

/** With its number among the answers of the process, which names it once and for all. */
export interface NumberedPrediction extends StoredPrediction {
  readonly sequence: number;
}

// Who was erased meanwhile has no row among the users, and gets none here.
const INSERT = `
  INSERT INTO predictions
    (made_at_ms, sequence, as_of_ms, probability, is_churn, at_risk, user_id, model_version, risk_level, reasons,
     expected_days_left)
  SELECT t.* FROM unnest(
    $1::int8[], $2::int8[], $3::int8[], $4::float8[], $5::boolean[], $6::boolean[],
    $7::text[], $8::text[], $9::text[], $10::text[], $11::float8[]
  ) AS t(made_at_ms, sequence, as_of_ms, probability, is_churn, at_risk, user_id, model_version, risk_level, reasons,
    expected_days_left)
  JOIN user_states AS u ON u.user_id = t.user_id`;

const UNIQUE_VIOLATION = "23505";

/** Adds predictions; one that is there already stays as it is. */
export async function insertPredictions(sql: LiveSql, rows: readonly NumberedPrediction[]): Promise<void> {
  if (rows.length === 0) return;
  const values = columnsOf(rows);
  try {
    await sql.query(INSERT, values);
  } catch (error) {
    if (!(error instanceof SqlError && error.code === UNIQUE_VIOLATION)) throw error;
    // Sent again, since the first answer was lost. Asking each row for it takes a fifth longer.
    await sql.query(`${INSERT} ON CONFLICT DO NOTHING`, values);
  }
}

function columnsOf(rows: readonly NumberedPrediction[]): string[] {
  const truth = (value: boolean): string => (value ? "t" : "f");
  return [
    arrayText(rows.map(({ madeAtMs }) => madeAtMs)),
    arrayText(rows.map(({ sequence }) => sequence)),
    arrayText(rows.map(({ asOfMs }) => asOfMs)),
    arrayText(rows.map(({ probability }) => probability)),
    arrayText(rows.map(({ isChurn }) => truth(isChurn))),
    arrayText(rows.map(({ atRisk }) => truth(atRisk))),
    arrayText(rows.map(({ userId }) => userId)),
    arrayText(rows.map(({ modelVersion }) => modelVersion)),
    arrayText(rows.map(({ riskLevel }) => riskLevel)),
    arrayText(rows.map(({ reasons }) => JSON.stringify(reasons.map((r) => [r.feature, r.value, r.effect])))),
    arrayText(rows.map(({ expectedDaysLeft }) => expectedDaysLeft)),
  ];
}

interface Selected extends Omit<StoredPrediction, "reasons"> {
  readonly reasons: string;
}

/** The last predictions of a user that are stored, the newest first. */
export async function predictionsOf(
  sql: LiveSql,
  user: UserId,
  { limit }: { readonly limit: number },
): Promise<StoredPrediction[]> {
  const rows = await sql.query<Selected>(
    `SELECT user_id AS "userId", made_at_ms AS "madeAtMs", as_of_ms AS "asOfMs", model_version AS "modelVersion", probability,
       is_churn AS "isChurn", risk_level AS "riskLevel", at_risk AS "atRisk",
       expected_days_left AS "expectedDaysLeft", reasons
     FROM predictions WHERE user_id = $1 ORDER BY made_at_ms DESC, sequence DESC LIMIT $2`,
    [user, limit],
  );
  return rows.map(({ reasons, ...row }) => ({
    ...row,
    reasons: (JSON.parse(reasons) as [string, number | null, number][]).map(([feature, value, effect]) => ({
      feature,
      value,
      effect,
    })),
  }));
}

/** Forgets predictions that were made before a moment. */
export async function forgetPredictions(sql: LiveSql, beforeMs: number): Promise<void> {
  await sql.query("DELETE FROM predictions WHERE made_at_ms < $1", [beforeMs]);
}
