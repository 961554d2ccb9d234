import { emptyStates, type KnownEvent } from "../../../src/features/fold.js";
import { ACCUMULATORS, type States } from "../../../src/features/states.js";
import { compareInFoldOrder } from "../../../src/schema/fold-order.js";

/** The states after some events, folded in their order. */
export function folded(events: readonly KnownEvent[]): States {
  const states: States = emptyStates({ name: "", accumulators: ACCUMULATORS, features: [] });
  for (const event of [...events].sort((a, b) => compareInFoldOrder(a, b))) {
    for (const [name, { add }] of Object.entries(ACCUMULATORS)) {
      (add as (state: unknown, event: KnownEvent) => void)(states[name as keyof States], event);
    }
  }
  return states;
}
