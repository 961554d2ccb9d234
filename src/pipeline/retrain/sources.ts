import { asInstant, MS_PER_DAY } from "../../base/time.js";
import type { LiveFigure } from "../../schema/loop-documents.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { blockQuality, measureData } from "../loop/data-quality.js";
import { latestAlarm } from "../loop/drift-table.js";
import { maturedQuality } from "../loop/matured-quality.js";
import type { MaturedFigure } from "./due.js";
import type { DueSources } from "./facts.js";

/** What the live store of a home knows of quality, drift and data. */
export function dueSources({ db, home }: { readonly db: LiveDb; readonly home: string }): DueSources {
  return {
    async quality({ version }) {
      const matured = await maturedQuality(db, { modelVersion: version, throughMs: Number.MAX_SAFE_INTEGER });
      if (matured.rows === 0) return null;
      const { positives, auc, lift, f1 } = matured;
      return { positives, rocAuc: figureOf(auc), liftAt10: figureOf(lift), f1: figureOf(f1) };
    },
    driftAlarm: ({ version }) => latestAlarm(db, version),
    async blockFlaws({ fromMs, toMs }, world) {
      await measureData({ db, home }, world);
      const { passes, reasons } = await blockQuality(db, { fromMs, toMs: asInstant(toMs + MS_PER_DAY) });
      return passes ? [] : reasons;
    },
  };
}

function figureOf(figure: LiveFigure | null): MaturedFigure | null {
  return figure === null ? null : { value: figure.value, upper95: figure.upper95 };
}
