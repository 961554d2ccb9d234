import type { World } from "../base/world.js";
import type { AuditDocument } from "../schema/documents.js";
import type { EventColumns } from "../schema/event-columns.js";
import type { TrainOptions } from "./train/options.js";
import { auditCandidates } from "./train/point-in-time.js";

/** The audits of the honest protocol on these events; no model is kept. Fails with LABELS_TOO_FEW or SPAN_TOO_SHORT. */
export async function audit(columns: EventColumns, options: TrainOptions, world: World): Promise<AuditDocument> {
  const started = world.now();
  const audits = await auditCandidates(columns, options, world);
  const seconds = (world.now() - started) / 1000;
  return { ...audits, label: options.label.name, simulated: columns.simulated, seconds };
}
