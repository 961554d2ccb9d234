import { describe, expect, it } from "vitest";
import { kolmogorovUpperTail } from "../../src/base/math/kolmogorov.js";
import { benjaminiHochberg } from "../../src/monitor/drift/benjamini-hochberg.js";
import { decileEdges, populationStability } from "../../src/monitor/drift/binned-shares.js";
import { chiSquareTest } from "../../src/monitor/drift/chi-square.js";
import { asymptoticKsP, ksTest } from "../../src/monitor/drift/ks.js";
import { mannWhitney } from "../../src/monitor/drift/mann-whitney.js";
import { sampleOf } from "../../src/monitor/drift/sample.js";
import { wasserstein } from "../../src/monitor/drift/wasserstein.js";
import { needsShared, readShared } from "../shared.js";

const FILE = "reference/drift.json";

interface Reference {
  readonly expected: {
    readonly pairs: readonly {
      readonly name: string;
      readonly reference: number[];
      readonly current: number[];
      readonly expected: {
        readonly ks: {
          readonly method: string;
          readonly statistic: number;
          readonly p: number;
          readonly pAsymp: number;
        };
        readonly wasserstein: number;
        readonly psi: { readonly edges: number[]; readonly value: number };
        readonly mannWhitney: { readonly u: number; readonly pAsymptotic: number };
      };
    }[];
    readonly categorical: readonly {
      readonly name: string;
      readonly table: [number[], number[]];
      readonly expected: { readonly statistic: number; readonly p: number; readonly dof: number };
    }[];
    readonly benjaminiHochberg: { readonly p: number[]; readonly adjusted: number[] };
  };
}

const near = (actual: number, expected: number, relative: number) =>
  expect(Math.abs(actual - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(relative * Math.abs(expected));

describe.skipIf(needsShared(FILE))("drift statistics against SciPy", () => {
  const { expected } = needsShared(FILE) ? { expected: null } : readShared<Reference>(FILE);

  for (const pair of expected?.pairs ?? []) {
    const [a, b] = [sampleOf(pair.reference), sampleOf(pair.current)];
    const { ks, psi, mannWhitney: rank } = pair.expected;

    it(`KS: ${pair.name}`, () => {
      const found = ksTest(a, b);
      expect(found.statistic).toBeCloseTo(ks.statistic, 12);
      near(found.p, ks.p, ks.method === "exact" ? 1e-9 : 1e-6);
      near(asymptoticKsP(found.statistic, pair.reference.length, pair.current.length), ks.pAsymp, 1e-6);
    });

    it(`Wasserstein, PSI, Mann-Whitney: ${pair.name}`, () => {
      expect(Math.abs(wasserstein(a, b) - pair.expected.wasserstein)).toBeLessThanOrEqual(1e-10);
      decileEdges(a).forEach((edge, k) => {
        expect(edge).toBeCloseTo(psi.edges[k] ?? Number.NaN, 12);
      });
      expect(Math.abs(populationStability(a, b) - psi.value)).toBeLessThanOrEqual(1e-10);
      const found = mannWhitney(a, b);
      expect(found.u).toBe(rank.u);
      near(found.p, rank.pAsymptotic, 1e-9);
    });
  }

  for (const { name, table, expected: chi } of expected?.categorical ?? []) {
    it(`chi-square: ${name}`, () => {
      const found = chiSquareTest(...table);
      expect(found.statistic).toBeCloseTo(chi.statistic, 11);
      expect(found.df).toBe(chi.dof);
      near(found.p, chi.p, 1e-9);
    });
  }

  it("Benjamini-Hochberg", () => {
    const { p, adjusted } = expected?.benjaminiHochberg ?? { p: [], adjusted: [] };
    benjaminiHochberg(p).forEach((value, i) => {
      near(value, adjusted[i] ?? Number.NaN, 1e-12);
    });
  });
});

describe("Kolmogorov's distribution", () => {
  // scipy 1.17.1, kstwo.sf(d, n)
  const KNOWN: readonly (readonly [number, number, number])[] = [
    [0.05, 10, 1],
    [0.3, 10, 0.27053557479999946],
    [0.12, 100, 0.1033037490181987],
    [0.25, 100, 5.408871776434847e-6],
    [0.6, 20, 2.0483011649719853e-7],
    [0.2, 140, 2.1981563302200222e-5],
    [0.02, 500, 0.9859871786857471],
    [0.05, 500, 0.15866260223815387],
    [0.09, 500, 0.0005653758236787942],
    [0.012, 3000, 0.77592168192869],
    [0.02, 10_000, 0.0006616848639387309],
    [0.011, 10_000, 0.17642045644397575],
    [0.015, 50_000, 3.3466916285914195e-10],
  ];

  it("agrees with SciPy in every way of computing it", () => {
    for (const [d, n, p] of KNOWN) near(kolmogorovUpperTail(d, n), p, 1e-9);
  });

  it("falls with the distance, also where the way of computing changes", () => {
    for (const n of [5, 50, 140, 141, 700, 5000]) {
      let before = 1;
      for (let step = 1; step <= 400; step++) {
        const p = kolmogorovUpperTail((step / 400) * Math.min(1, 4 / Math.sqrt(n)), n);
        expect(p).toBeLessThanOrEqual(before + 1e-7);
        before = p;
      }
    }
  });
});
