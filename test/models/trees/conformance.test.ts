import { boosting } from "../../../src/models/boosting.js";
import { ensemble } from "../../../src/models/ensemble.js";
import { forest } from "../../../src/models/forest.js";
import { xgboost } from "../../../src/models/xgboost.js";
import { holdsTheLaws } from "../conformance.js";

// Histograms are exact: not a bit may differ.
const weightTolerance = 0;
const earlyStopping = { rounds: 5, share: 0.3 };

const FOREST = {
  "20 trees": {},
  "20 trees, balanced": { classWeight: "balanced" },
  "20 trees, weights 1 : 3, depth 4": { classWeight: [1, 3], maxDepth: 4, minSamplesLeaf: 1, minSamplesSplit: 6 },
} as const;
for (const [title, settings] of Object.entries(FOREST)) {
  const params = { ...forest.defaults, trees: 20, ...settings };
  holdsTheLaws(`forest, ${title}`, forest, { params, weightTolerance });
}

const BOOSTING = {
  "20 trees": {},
  subsample: { subsample: 0.7, minSamplesLeaf: 5 },
  "early stopping": { earlyStopping, trees: 60 },
};
for (const [title, settings] of Object.entries(BOOSTING)) {
  const params = { ...boosting.defaults, trees: 20, ...settings };
  holdsTheLaws(`boosting, ${title}`, boosting, { params, weightTolerance });
}

const XGBOOST = {
  "20 rounds": {},
  "leaf by leaf, regularised": { maxDepth: 0, maxLeaves: 9, lambda: 3, alpha: 0.5, gamma: 0.1 },
  "rows and columns drawn": { subsample: 0.6, colsampleByTree: 0.8, colsampleByLevel: 0.8, colsampleByNode: 0.8 },
  "monotone, weighed": { monotone: [1, 0, -1, 0, 1, 0] as const, scalePosWeight: 3 },
  "early stopping": { earlyStopping, rounds: 60 },
};
for (const [title, settings] of Object.entries(XGBOOST)) {
  const params = { ...xgboost.defaults, rounds: 20, ...settings };
  holdsTheLaws(`xgboost, ${title}`, xgboost, { params, weightTolerance });
}

const members = {
  forest: { ...forest.defaults, trees: 20 },
  boosting: { ...boosting.defaults, trees: 20 },
  xgboost: { ...xgboost.defaults, rounds: 20 },
};
for (const combine of ["vote", "stack"] as const) {
  const params = { ...ensemble.defaults, ...members, combine };
  // The logistic regression in it stops where rounding lets it.
  holdsTheLaws(`ensemble, ${combine}`, ensemble, { params, weightTolerance: 1e-7 });
}
