/**
 * Every error a user can meet. It feeds the command line (exit code), HTTP (status) and `docs/errors.md`.
 * `{name}` is filled from the details. Exit codes: see the table of the command line in the README.
 */
export const ERRORS = {
  INTERNAL: {
    message: "Something broke inside Refrain: {reason}",
    hint: "This is our bug. Run again with --verbose and report what it prints.",
    exit: 1,
    status: 500,
  },
  USAGE: { message: "{reason}", hint: "Run refrain --help, or refrain <command> --help.", exit: 2, status: 400 },
  PATH_ABSENT: {
    message: "There is nothing at {path}.",
    hint: "Check the path; folders and globs like logs/*.json work too.",
    exit: 3,
    status: 422,
  },
  PATH_EMPTY: {
    message: "{path} holds no event.",
    hint: "Give a JSON-lines, CSV or Parquet file (also .gz) with one event a row.",
    exit: 3,
    status: 422,
  },
  ALL_REJECTED: {
    message: "None of the {lines} lines of {path} is an event: {reasons}.",
    hint: "Look at the quarantine file; if columns have other names, use --map userId=uid,ts=time.",
    exit: 3,
    status: 422,
  },
  COLUMNS_WRONG: {
    message: "{path} lacks {missing}; its columns are {columns}.",
    hint: "Say which column is which with --map, for example --map ts=time,userId=uid,sessionId=session.",
    exit: 3,
    status: 422,
  },
  FILE_UNREADABLE: {
    message: "{path} could not be read: {reason}.",
    hint: "Check that the file is whole and of the kind its ending says.",
    exit: 3,
    status: 422,
  },
  PATH_UNUSABLE: {
    message: "{path} cannot be used: {reason}.",
    hint: "Check that it is a file or folder as meant, that it may be written to, and that the disk has room.",
    exit: 3,
    status: 500,
  },
  VALUE_BAD: { message: "{name} cannot be {value}.", hint: "{advice}", exit: 3, status: 400 },
  TABLE_BAD: { message: "{path}: {reason}.", hint: "{advice}", exit: 3, status: 422 },
  NO_DATA: {
    message: "There are no events yet in {home}.",
    hint: "Run refrain ingest <path> first.",
    exit: 4,
    status: 409,
  },
  RETRAINING_RUNNING: {
    message: "A retraining is running already.",
    hint: "Wait for its end: refrain retrain --dry-run tells what is due, GET /retrainings what is being done.",
    exit: 4,
    status: 409,
  },
  RETRAINING_UNKNOWN: {
    message: "There is no retraining {id}.",
    hint: "GET /retrainings lists them.",
    exit: 3,
    status: 404,
  },
  NO_MODEL: { message: "There is no model yet in {home}.", hint: "Run refrain train first.", exit: 4, status: 503 },
  USER_UNKNOWN: {
    message: "No user {user} is known.",
    hint: "Check the id; ids are compared as text.",
    exit: 3,
    status: 404,
  },
  MODEL_UNKNOWN: {
    message: "There is no model {version}.",
    hint: "Run refrain models list to see the versions.",
    exit: 3,
    status: 404,
  },
  MODEL_OUTDATED: {
    message: "Model {version} was trained on features or a label that have changed since ({changed}).",
    hint: "Train again: refrain train.",
    exit: 4,
    status: 503,
  },
  MODEL_BROKEN: {
    message: "Model {version} does not match its recorded SHA-256.",
    hint: "Its file was changed or damaged. Train again, or restore the file from a backup.",
    exit: 3,
    status: 503,
  },
  MODEL_FILE_BAD: { message: "{path} is not read as a model: {reason}.", hint: "{advice}", exit: 3, status: 422 },
  EXPORT_UNFIT: { message: "{version} cannot be {format}: {reason}.", hint: "{advice}", exit: 3, status: 409 },
  AUDIT_FAILED: {
    message: "Model {version} failed an audit and does not serve: {reason}.",
    hint: "Read the audits in the report; a model that sees the future must not make promises.",
    exit: 5,
    status: 409,
  },
  PROTOCOL_LEAKS: {
    message: "The protocol failed an audit on these events: {reason}.",
    hint: "Read what each audit found; docs/leakage.md says what it means. A model trained now would not serve.",
    exit: 5,
    status: 409,
  },
  PROMOTION_BARRED: {
    message: "Model {version} cannot be promoted: {reason}.",
    hint: "Train with the point-in-time protocol and promote a model whose audits passed.",
    exit: 5,
    status: 409,
  },
  DRIFT_FOUND: {
    message: "Users behave otherwise than those they are compared with: {features}.",
    hint: "Look at these features, and at what changed around them; docs/drift.md tells what an alarm means.",
    exit: 5,
    status: 409,
  },
  REFERENCE_ABSENT: {
    message: "Model {version} keeps no snapshots to compare with: {reason}.",
    hint: "Train again with refrain train: what a model learns from is kept beside it from then on.",
    exit: 4,
    status: 409,
  },
  NOTHING_OBSERVED: {
    message: "Nobody was observed from {from} to {to}.",
    hint: "refrain serve observes users once a day is closed; come back when it has run over a day's end.",
    exit: 4,
    status: 409,
  },
  LABELS_TOO_FEW: {
    message: "Only {churned} users {event} where a model could learn from it; an honest one needs {needed}.",
    hint: "Ingest more users or a longer log; what is already there is kept.",
    exit: 4,
    status: 409,
  },
  LABEL_UNFIT: {
    message: "The protocol whole-history does not predict {label}.",
    hint: "It reproduces the reference system, which predicts cancellation only: leave out --protocol, or give --label cancellation.",
    exit: 3,
    status: 400,
  },
  SPAN_TOO_SHORT: {
    message: "The log spans {days} days; cutoffs with their history, gap and horizon need {needed}.",
    hint: "Ingest a longer log; what is already there is kept.",
    exit: 4,
    status: 409,
  },
  SINGLE_CLASS: {
    message: "All {rows} training rows have the same label; there is nothing to tell apart.",
    hint: "Train on rows that hold both churned and kept users.",
    exit: 3,
    status: 422,
  },
  HOME_LOCKED: {
    message: "{home} is in use by process {pid} ({command}).",
    hint: "Wait for it to end, or give another folder with --home.",
    exit: 6,
    status: 409,
  },
  LAKE_BROKEN: {
    message: "The lake in {home} is damaged: {reason}.",
    hint: "Restore the folder from a backup, or ingest the logs again into a fresh --home.",
    exit: 3,
    status: 500,
  },
  HOME_NEWER: {
    message: "{home} was written by a newer Refrain (format {format}; this one knows up to {known}).",
    hint: "Install that version of Refrain or a later one, or give another folder with --home.",
    exit: 3,
    status: 500,
  },
  STATE_BROKEN: {
    message: "A stored state cannot be read: {reason}.",
    hint: "States are made from the events: delete the folder lake/folded of the home, and they are folded again.",
    exit: 3,
    status: 500,
  },
  FOLD_REFUSED: {
    message: "The fold worker cannot do its task: {reason}.",
    hint: "Whoever gives the task and the worker must be the same build of Refrain: build again, or deploy one version to all.",
    exit: 1,
    status: 500,
  },
  STORE_UNAVAILABLE: {
    message: "The live store cannot be reached: {reason}.",
    hint: "Check DATABASE_URL, that the database runs and what its user may do; nothing acknowledged is lost, and the same call can be made again.",
    exit: 6,
    status: 503,
  },
  LIVE_STORE_IN_USE: {
    message: "The live store of {home} is in use by process {pid} ({command}).",
    hint: "Wait for it to end, or give another folder with --home.",
    exit: 6,
    status: 409,
  },
  STORE_NEWER: {
    message: "The live store was written by a newer Refrain (migration {version}; this one knows up to {known}).",
    hint: "Install that version of Refrain or a later one, or give another database or --home.",
    exit: 3,
    status: 500,
  },
  STARTING: {
    message: "The service is starting.",
    hint: "Ask again in a moment; GET /health/ready says when it is there.",
    exit: 4,
    status: 503,
  },
  ERASURE_UNFINISHED: {
    message: "The erasure of a user in {home} was broken off, and reaches into a live store that is not there.",
    hint: "Set DATABASE_URL as it was then; the next command finishes it.",
    exit: 6,
    status: 503,
  },
  BACKUP_BROKEN: {
    message: "{path} cannot be restored: {reason}.",
    hint: "Nothing was changed. Give another backup, or fetch this one again.",
    exit: 3,
    status: 422,
  },
  HOME_NOT_EMPTY: {
    message: "There is a home in {home} already.",
    hint: "Give another folder with --home, or --force: what is there is then kept beside it.",
    exit: 3,
    status: 409,
  },
  QUARANTINE_UNKNOWN: {
    message: "There is no event {id} in quarantine.",
    hint: "GET /quarantine lists those there are; the oldest make room for new ones.",
    exit: 3,
    status: 404,
  },
  ALERT_UNKNOWN: {
    message: "There is no alert {id}.",
    hint: "Run refrain alerts, or GET /alerts, to see those there are.",
    exit: 3,
    status: 404,
  },
  QUARANTINE_PARTIAL: {
    message: "The event {id} in quarantine was no object, or too long to be kept.",
    hint: "Send the event along, mended, as the field event of the body.",
    exit: 3,
    status: 409,
  },
  KEY_UNKNOWN: {
    message: "There is no key with the id {id}.",
    hint: "refrain keys list shows them.",
    exit: 3,
    status: 404,
  },
  SERVICE_FAILED: {
    message: "The running service answered {status}.",
    hint: "Look at what it logs, or stop it and run the same command again.",
    exit: 6,
    status: 500,
  },
  PORT_TAKEN: {
    message: "Port {port} is already in use.",
    hint: "Stop what listens there, or choose another with --port.",
    exit: 6,
    status: 500,
  },
  SOURCE_UNREADABLE: {
    message: "{source} cannot be read: {reason}.",
    hint: "Check the address, the table and that the user may read it; the password goes into PGPASSWORD.",
    exit: 6,
    status: 503,
  },
  SERVICE_AWAY: {
    message: "The service at {url} does not answer: {reason}.",
    hint: "Check the address and that refrain serve runs there; the same command goes on where this one was.",
    exit: 6,
    status: 503,
  },
  SERVICE_REFUSED: {
    message: "The service at {url} refused: {reason}.",
    hint: "Give the key of a writer in REFRAIN_KEY; the same command goes on where this one was.",
    exit: 3,
    status: 500,
  },
  MLFLOW_AWAY: {
    message: "MLflow at {address} cannot be reached: {reason}.",
    hint: "Nothing is lost: refrain serve tries again, and so does refrain models sync.",
    exit: 6,
    status: 503,
  },
  MLFLOW_REFUSED: {
    message: "MLflow at {address} did not take what was sent: {reason}.",
    hint: "Check MLFLOW_TRACKING_URI and the secrets beside it (docs/mlflow.md), then run refrain models sync. Nothing is lost.",
    exit: 6,
    status: 503,
  },
  INTERRUPTED: {
    message: "Interrupted.",
    hint: "Run the same command again: it goes on safely.",
    exit: 130,
    status: 503,
  },
} as const satisfies Record<string, ErrorEntry>;

interface ErrorEntry {
  readonly message: string;
  readonly hint: string;
  readonly exit: number;
  readonly status: number;
}
