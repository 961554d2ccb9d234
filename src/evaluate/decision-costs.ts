/** What the owner of the business says that a contact costs and a kept listener is worth. */
export interface DecisionCosts {
  /** Of one contact, in any currency. */
  readonly contactCost: number;
  /** Lost with a listener who leaves, in the same currency. */
  readonly customerValue: number;
  /** Share of those about to leave whom a contact keeps. */
  readonly saveRate: number;
}

/** How the threshold of a model is chosen. */
export type ThresholdPolicy =
  /** The highest F1 of churners. */
  | { readonly kind: "f1" }
  /** Whoever is worth a contact. */
  | { readonly kind: "cost"; readonly costs: DecisionCosts }
  /** As many as can be contacted at a cutoff. */
  | { readonly kind: "capacity"; readonly contacts: number };

/**
 * The probability from which a contact pays: p · saveRate · customerValue ≥ contactCost (the threshold of least expected cost for
 * calibrated probabilities: Elkan 2001). Above 1 nobody is worth one.
 */
export function payingProbability({ contactCost, customerValue, saveRate }: DecisionCosts): number {
  return contactCost / (saveRate * customerValue);
}
