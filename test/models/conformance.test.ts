import type { Estimator } from "../../src/models/estimator.js";
import { logistic } from "../../src/models/logistic.js";
import { ESTIMATOR_NAMES, ESTIMATORS } from "../../src/models/registered.js";
import { holdsTheLaws } from "./conformance.js";

/** How far predictions may lie apart when weights replace repeated rows: rounding for convex fits. */
const WEIGHT_TOLERANCE: Readonly<Record<string, number>> = { logistic: 1e-8, ensemble: 1e-8 };

for (const name of ESTIMATOR_NAMES) {
  const estimator: Estimator<object, unknown> = ESTIMATORS[name];
  const weightTolerance = WEIGHT_TOLERANCE[name] ?? 0;
  holdsTheLaws(`${name}, defaults`, estimator, { params: estimator.defaults, weightTolerance });
}
const weightTolerance = 1e-8;
for (const params of logistic.space.grid) {
  holdsTheLaws(`logistic ${JSON.stringify(params)}`, logistic, { params, weightTolerance });
}
holdsTheLaws("logistic, three best columns, balanced, l1", logistic, {
  params: { penalty: "l1", C: 1, classWeight: "balanced", selectK: 3 },
  weightTolerance,
});
