import type { TrainingDocument } from "../schema/documents.js";
import type { ModelEvidence } from "../schema/model-card-document.js";

/** Of what a training document says, that which a model card needs: it goes into the model file. */
export function evidenceOf(document: Omit<TrainingDocument, "version" | "seconds">): ModelEvidence {
  const { candidates, plots: _plots, features: _features, densities: _densities, audits: _audits, ...rest } = document;
  const { gate: _gate, strongest, best, ...kept } = rest;
  const chosen = candidates.find(({ model }) => model === best.model);
  return {
    ...kept,
    strongest,
    candidates: candidates.map(({ model, metrics }) => ({
      model,
      averagePrecision: metrics.averagePrecision,
      rocAuc: metrics.rocAuc,
    })),
    selection: chosen?.selection ?? null,
    ...(chosen?.stability === undefined ? {} : { stability: chosen.stability }),
  };
}
