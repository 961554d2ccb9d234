import { logistic } from "../../src/models/logistic.js";
import { holdsTheLaws } from "./conformance.js";

const weightTolerance = 1e-8;

holdsTheLaws("logistic, defaults", logistic, { params: logistic.defaults, weightTolerance });
for (const params of logistic.space.grid) {
  holdsTheLaws(`logistic ${JSON.stringify(params)}`, logistic, { params, weightTolerance });
}
holdsTheLaws("logistic, three best columns, balanced, l1", logistic, {
  params: { penalty: "l1", C: 1, classWeight: "balanced", selectK: 3 },
  weightTolerance,
});
