import type { ErrorEntry } from "./error-entry.js";

/** What can be wrong with a home, its lake, its live store and its backups. */
export const PLACE_ERRORS = {
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
} as const satisfies Record<string, ErrorEntry>;
