import { EVENTS_AND_STATES } from "./0001-events-and-states.js";
import { KEYS_AND_LAKE_FILES } from "./0002-keys-and-lake-files.js";
import { EVENT_TEXTS } from "./0003-event-texts.js";
import { LOGINS_AND_AUDIT } from "./0004-logins-and-audit.js";
import { ROW_VERSIONS } from "./0005-row-versions.js";
import { SCORES } from "./0006-scores.js";
import { ERASURE } from "./0007-erasure.js";
import { PREDICTIONS } from "./0008-predictions.js";
import { QUARANTINE } from "./0009-quarantine.js";
import { SHORT_RECORDS } from "./0010-short-records.js";
import { DAYS_LEFT } from "./0011-days-left.js";
import { OBSERVED } from "./0012-observed.js";
import { FIGURES_AND_ALERTS } from "./0013-figures-and-alerts.js";
import { DRIFT_CHECKS } from "./0014-drift-checks.js";
import { RETRAININGS } from "./0015-retrainings.js";
import type { Migration } from "./migration.js";

/** In their order; the number of a migration is its place, from 1. */
export const MIGRATIONS: readonly Migration[] = [
  EVENTS_AND_STATES,
  KEYS_AND_LAKE_FILES,
  EVENT_TEXTS,
  LOGINS_AND_AUDIT,
  ROW_VERSIONS,
  SCORES,
  ERASURE,
  PREDICTIONS,
  QUARANTINE,
  SHORT_RECORDS,
  DAYS_LEFT,
  OBSERVED,
  FIGURES_AND_ALERTS,
  DRIFT_CHECKS,
  RETRAININGS,
];
