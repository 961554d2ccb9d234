import PgBoss from "pg-boss";
import type { Log } from "../../base/world.js";
import type { LiveDb, SqlValue } from "./live-db.js";

/** A queue of jobs in the database of the live store: of all processes on it one does each. */
export interface JobQueue {
  /**
   * Lets `work` be done at the times of a schedule (cron, UTC), and tried again when it fails. It only wakes: whether anything is
   * due, `work` decides itself.
   */
  schedule(name: string, cron: string, work: () => Promise<void>): Promise<void>;
  /** Waits for the job that is being done. */
  close(): Promise<void>;
}

const POLL_SECONDS = 30;
const RETRIES = 3;
const RETRY_DELAY_SECONDS = 60;
const STOP_MS = 10_000;

/** Throws `STORE_UNAVAILABLE`. @param pollSeconds how often it looks for a job */
export async function openJobQueue(db: LiveDb, log: Log, pollSeconds = POLL_SECONDS): Promise<JobQueue> {
  const boss = new PgBoss({ db: { executeSql: (text, values) => execute(db, text, values) }, schema: "jobs" });
  // What fails is tried again; a database that is away is said elsewhere too.
  boss.on("error", (error) => log.debug(`jobs: ${error.message}`));
  await boss.start();
  return {
    async schedule(name, cron, work) {
      await boss.createQueue(name, { name, retryLimit: RETRIES, retryDelay: RETRY_DELAY_SECONDS, policy: "singleton" });
      await boss.schedule(name, cron, {}, { tz: "UTC" });
      await boss.work(name, { pollingIntervalSeconds: pollSeconds }, async () => {
        try {
          await work();
        } catch (error) {
          log.warn(`the job ${name} failed: ${error instanceof Error ? error.message : String(error)}`);
          throw error;
        }
      });
    },
    close: () => boss.stop({ graceful: true, wait: true, timeout: STOP_MS }),
  };
}

/** pg-boss sends its scripts without values, and asks nothing of what they return. */
async function execute(db: LiveDb, text: string, values?: unknown[]): Promise<{ rows: never[] }> {
  if (values === undefined && /;\s*\S/.test(text)) {
    await db.exec(text);
    return { rows: [] };
  }
  return { rows: await db.query<never>(text, (values ?? []) as SqlValue[]) };
}
