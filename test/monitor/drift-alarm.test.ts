import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Rng, seededRng } from "../../src/base/rng.js";
import { MS_PER_DAY } from "../../src/base/time.js";
import { binsOf, countsOf } from "../../src/monitor/drift/bins.js";
import type { DriftColumn } from "../../src/monitor/drift/column.js";
import { binRows, distanceOfCounts } from "../../src/monitor/drift/distance.js";
import { ksTest } from "../../src/monitor/drift/ks.js";
import { referenceRuleAlarms } from "../../src/monitor/drift/reference-rule.js";
import { sampleOf } from "../../src/monitor/drift/sample.js";
import { driftOfTables } from "../../src/monitor/drift/two-tables.js";
import { windowNull, windowsOf } from "../../src/monitor/drift/window-null.js";

const normals = (rng: Rng, rows: number, shift = 0) => Float64Array.from({ length: rows }, () => rng.normal() + shift);

function column(name: string, reference: Float64Array, current: Float64Array, more = {}): DriftColumn {
  return { name, levels: null, shownOnly: null, weight: 1, reference, current, ...more };
}

function check(
  columns: readonly DriftColumn[],
  options: { resamples?: number; alarmBudget?: number; seed?: number } = {},
) {
  const rows = { reference: columns[0]?.reference.length ?? 0, current: columns[0]?.current.length ?? 0 };
  const { resamples = 499, alarmBudget = 3.65, seed = 1 } = options;
  return driftOfTables(columns, { rows, alarmBudget, resamples }, seededRng(seed));
}

const cells = fc.array(
  fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, min: -9, max: 9 }), fc.constant(Number.NaN)),
  {
    minLength: 2,
    maxLength: 60,
  },
);

describe("distances", () => {
  it("in bins of their own are Kolmogorov and Smirnov's, missing values below all others", () => {
    fc.assert(
      fc.property(cells, cells, (a, b) => {
        const [one, two] = [sampleOf(a), sampleOf(b)];
        const bins = binsOf(sampleOf([...a, ...b]));
        const groups = { a: countsOf(bins, one), n: a.length, b: countsOf(bins, two), m: b.length };
        const distance = distanceOfCounts(groups, { from: 0, to: groups.a.length, ordered: true });
        expect(distance).toBe(ksTest(one, two).statistic);
      }),
    );
  });

  it("do not know which table is which, nor the scale of a column", () => {
    fc.assert(
      fc.property(cells, cells, (a, b) => {
        const stretch = (values: readonly number[]) => sampleOf(values.map((value) => value ** 3 + 2 * value));
        const { statistic, p } = ksTest(sampleOf(a), sampleOf(b));
        expect(ksTest(sampleOf(b), sampleOf(a))).toEqual({ statistic, p });
        expect(ksTest(stretch(a), stretch(b)).statistic).toBeCloseTo(statistic, 12);
      }),
    );
  });
});

describe("the alarm", () => {
  it("sounds as often as the budget says where nothing differs, however many columns go together", () => {
    const rng = seededRng("null");
    let alarms = 0;
    for (let world = 0; world < 400; world++) {
      const own = rng.fork(world);
      const [common, now] = [normals(own, 25), normals(own, 20)];
      const columns = [0, 1, 2, 3, 4].map((k) =>
        column(
          `c${k}`,
          common.map((value) => Math.round(3 * (value + own.normal() / 2))),
          now.map((value) => Math.round(3 * (value + own.normal() / 2))),
        ),
      );
      if (check(columns, { alarmBudget: 36.5, resamples: 99, seed: world }).alarm.p <= 0.1) alarms++;
    }
    // Binomial(400, 0.1): 40 ± 4 standard deviations.
    expect(alarms).toBeGreaterThan(16);
    expect(alarms).toBeLessThan(64);
  });

  it("names what shifted, and nothing else", () => {
    const rng = seededRng("shift");
    const columns = Array.from({ length: 8 }, (_, k) =>
      column(`c${k}`, normals(rng, 300), normals(rng, 300, k === 3 ? 0.5 : 0)),
    );
    const found = check(columns);
    expect(found.drifted).toBe(true);
    expect(found.features.filter(({ alarmed }) => alarmed).map(({ name }) => name)).toEqual(["c3"]);
    expect(found.features[3]).toMatchObject({ drifted: true, test: "ks" });
    expect(found.features[3]?.wasserstein).toBeGreaterThan(0.3);
    expect(found.features[3]?.larger?.effect).toBeGreaterThan(0.1);
  });

  it("does not sound for what is only shown, nor for what is too small to matter", () => {
    const rng = seededRng("small");
    const [before, after] = [normals(rng, 20_000), normals(rng, 20_000, 0.06)];
    const small = check([column("small", before, after)]);
    expect(small.alarm.p).toBeLessThanOrEqual(small.alarm.alpha);
    expect(small).toMatchObject({ drifted: false, alarm: { drawnFrom: "a sample of both tables" } });
    const shown = check([
      column("age", normals(rng, 200), normals(rng, 200, 3), { shownOnly: "cumulative" }),
      column("steady", normals(rng, 200), normals(rng, 200)),
    ]);
    expect(shown.drifted).toBe(false);
    expect(shown.features[0]).toMatchObject({ drifted: false, alarmed: false, shownOnly: "cumulative" });
    expect(shown.features[0]?.p).toBeLessThan(1e-9);
  });

  it("sees another share of missing values, and other categories", () => {
    const rng = seededRng("missing");
    const missing = normals(rng, 300).map((value) => (rng.uniform() < 0.4 ? Number.NaN : value));
    expect(check([column("m", normals(rng, 300), missing)]).features[0]).toMatchObject({
      alarmed: true,
      missing: { reference: 0 },
    });
    const plan = (share: number) => Float64Array.from({ length: 400 }, () => +(rng.uniform() < share));
    const found = check([column("plan", plan(0.3), plan(0.55), { levels: ["free", "paid"] })]);
    expect(found.features[0]).toMatchObject({ test: "chi-square", alarmed: true });
    expect(found.features[0]?.effect).toBeGreaterThan(0.15);
  });

  it("is silent about columns that say nothing", () => {
    const [constant, none] = [new Float64Array(60).fill(7), new Float64Array(60).fill(Number.NaN)];
    const found = check([column("same", constant, constant), column("none", none, none)]);
    expect(found).toMatchObject({ drifted: false, alarm: { p: 1 } });
    expect(found.features.map(({ p, psi, wasserstein }) => ({ p, psi, wasserstein }))).toEqual([
      { p: 1, psi: 0, wasserstein: null },
      { p: 1, psi: 0, wasserstein: null },
    ]);
    expect(check([column("gone", normals(seededRng(1), 60), none)]).drifted).toBe(true);
    expect(check([column("other", constant, new Float64Array(60).fill(8))]).drifted).toBe(true);
  });

  it("needs ten rows", () => {
    expect(check([column("few", new Float64Array(500).fill(0), new Float64Array(9).fill(1))]).drifted).toBe(false);
    expect(check([column("few", new Float64Array(500).fill(0), new Float64Array(10).fill(1))]).drifted).toBe(true);
  });
});

describe("windows of the reference", () => {
  const DAYS = 30;
  const USERS = 60;
  /** A row a user and day; `weekly` moves all users of a week together. */
  function panel(weekly: number) {
    const rng = seededRng("weeks");
    const levels = Array.from({ length: 5 }, () => weekly * rng.normal());
    const user = Int32Array.from({ length: USERS * DAYS }, (_, i) => Math.floor(i / DAYS));
    const cutoffMs = Float64Array.from(user, (_, i) => (i % DAYS) * MS_PER_DAY);
    const values = Float64Array.from(user, (_, i) => rng.normal() + (levels[Math.floor((i % DAYS) / 7)] ?? 0));
    return { rows: binRows([values], [binsOf(sampleOf(values))], values.length), times: { user, cutoffMs } };
  }
  const nullMedian = (weekly: number, lengthMs: number) => {
    const { rows, times } = panel(weekly);
    const plan = { n: USERS, m: USERS, lengthMs, resamples: 400 };
    return windowNull({ rows, times }, plan, seededRng(2)).distances.sort()[200] ?? 0;
  };

  it("end where a whole one fits and other times are left", () => {
    const days = Float64Array.from({ length: 10 }, (_, day) => day * MS_PER_DAY);
    expect(windowsOf(days, 4 * MS_PER_DAY).map(({ toMs }) => toMs / MS_PER_DAY)).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(windowsOf(days, 10 * MS_PER_DAY)).toEqual([]);
    expect(windowsOf(Float64Array.of(5), MS_PER_DAY)).toEqual([]);
  });

  it("make usual what differs from week to week", () => {
    const steady = nullMedian(0, 7 * MS_PER_DAY);
    // Two samples of 60 normals: the median distance is 0.15.
    expect(steady).toBeGreaterThan(0.11);
    expect(steady).toBeLessThan(0.19);
    expect(nullMedian(1, 7 * MS_PER_DAY)).toBeGreaterThan(1.5 * steady);
  });

  it("are not there in a short reference: users alone are drawn", () => {
    expect(nullMedian(0, 60 * MS_PER_DAY)).toBeLessThan(0.19);
  });
});

describe("the reference system's rule", () => {
  it("cries wolf as often as 1 − 0.95^k says for independent columns", () => {
    const rng = seededRng("wolf");
    const values = Array.from({ length: 14 }, () => normals(rng, 240));
    const bins = values.map((own) => binsOf(sampleOf(own), Number.POSITIVE_INFINITY));
    const alarms = referenceRuleAlarms(binRows(values, bins, 240), 400, rng.fork("halves"));
    // KS at these sizes has a true level of about 0.04: 1 − 0.96^14 = 0.44.
    expect(alarms / 400).toBeGreaterThan(0.33);
    expect(alarms / 400).toBeLessThan(0.56);
  });
});
