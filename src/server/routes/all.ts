import type { Route } from "../route.js";
import { alertsRoutes } from "./alerts.js";
import { auditRoute } from "./audit.js";
import { batchPredictRoute } from "./batch-predict.js";
import { compactionsRoute } from "./compactions.js";
import { counterfactualRoute } from "./counterfactual.js";
import { driftRoute } from "./drift.js";
import { eraseUserRoute } from "./erase-user.js";
import { featuresRoute } from "./features.js";
import { healthRoutes } from "./health.js";
import { ingestsRoute } from "./ingests.js";
import { keysRoutes } from "./keys.js";
import { kpisRoute } from "./kpis.js";
import { loginRoutes } from "./login.js";
import { metricsRoute } from "./metrics.js";
import { modelInfoRoute } from "./model-info.js";
import { modelsRoutes } from "./models.js";
import { openApiRoutes } from "./openapi.js";
import { predictRoute } from "./predict.js";
import { qualityRoute } from "./quality.js";
import { quarantineRoutes } from "./quarantine.js";
import { reportRoute } from "./report.js";
import { retrainingsRoutes } from "./retrainings.js";
import { scoresRoute } from "./scores.js";
import { timelineRoute } from "./timeline.js";
import { updateEventsRoute } from "./update-events.js";
import { userListRoute } from "./user-list.js";
import { userPredictionsRoute } from "./user-predictions.js";
import { usersRoute } from "./users.js";

/** Every route of the service. */
export const ROUTES: readonly Route[] = [
  reportRoute,
  healthRoutes,
  loginRoutes,
  predictRoute,
  batchPredictRoute,
  modelInfoRoute,
  updateEventsRoute,
  userListRoute,
  usersRoute,
  counterfactualRoute,
  timelineRoute,
  userPredictionsRoute,
  scoresRoute,
  modelsRoutes,
  retrainingsRoutes,
  driftRoute,
  featuresRoute,
  ingestsRoute,
  compactionsRoute,
  eraseUserRoute,
  qualityRoute,
  kpisRoute,
  alertsRoutes,
  quarantineRoutes,
  auditRoute,
  keysRoutes,
  metricsRoute,
  openApiRoutes,
];
