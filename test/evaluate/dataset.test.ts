import { describe, expect, test } from "vitest";
import { churnedUsers, labelRows, rowsAt, takeDataset, withFeatures } from "../../src/evaluate/dataset.js";
import { HORIZON, OUTCOME, outcomeAt } from "../../src/labels/label.js";
import { day, panel } from "./panel.js";

describe("labelled rows", () => {
  const { table, eventMs, data } = panel();

  test("rows in the gap are left out and counted, rows from the event on dropped, nothing else", () => {
    const rows = Array.from(table.userIndex, (user, row) => {
      const at = eventMs[user] ?? Number.NaN;
      const cutoff = table.cutoffMs[row] ?? Number.NaN;
      return { row, gone: at <= cutoff, outcome: outcomeAt(at, cutoff as typeof cutoff, HORIZON) };
    });
    const alive = rows.filter(({ gone }) => !gone);
    const kept = alive.filter(({ outcome }) => outcome !== OUTCOME.inGap);
    expect(data.inGap).toBe(alive.length - kept.length);
    expect(data.inGap).toBeGreaterThan(5);
    expect(rows.length - alive.length).toBeGreaterThan(100);
    expect([...data.y]).toEqual(kept.map(({ outcome }) => outcome));
    expect([...data.user]).toEqual(kept.map(({ row }) => table.userIndex[row]));
    const cells = kept.flatMap(({ row }) => [...table.x.data.slice(row * 4, row * 4 + 4)]);
    expect([...data.x.data]).toEqual(cells);
  });

  test("by hand: one user who cancels on day 20", () => {
    const days = [5, 8.9, 9, 18.9, 19, 20, 21];
    const one = {
      features: ["f"],
      users: ["u"],
      userIndex: new Int32Array(days.length),
      cutoffMs: Float64Array.from(days, day),
      x: { rows: days.length, cols: 1, data: Float64Array.from(days) },
    };
    const { x, y, inGap } = labelRows(one, Float64Array.of(day(20)), HORIZON);
    expect([...x.data]).toEqual([5, 8.9, 9, 18.9]);
    expect([...y]).toEqual([0, 0, 1, 1]);
    expect(inGap).toBe(1);
    expect(labelRows(one, Float64Array.of(Number.NEGATIVE_INFINITY), HORIZON).y).toHaveLength(0);
    expect(labelRows(one, Float64Array.of(Number.NaN), HORIZON).y).toHaveLength(days.length);
  });

  test("rows by cutoff and by feature keep what belongs together", () => {
    const cutoffs = [day(12), day(30)];
    const part = takeDataset(data, rowsAt(data, cutoffs));
    expect(new Set(part.cutoffMs)).toEqual(new Set(cutoffs));
    expect(part.y.length).toBe([...data.cutoffMs].filter((at) => cutoffs.some((cutoff) => cutoff === at)).length);
    const turned = withFeatures(part, ["noise", "signal"]);
    for (let row = 0; row < part.y.length; row++) {
      expect(turned.x.data[row * 2]).toBe(part.x.data[row * 4 + 3]);
      expect(turned.x.data[row * 2 + 1]).toBe(part.x.data[row * 4]);
    }
    expect(churnedUsers({ y: Uint8Array.of(1, 1, 0, 1), user: Int32Array.of(3, 3, 4, 5) })).toBe(2);
  });
});
