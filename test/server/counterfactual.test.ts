import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, it } from "vitest";
import { matrix } from "../../src/base/matrix.js";
import { servingOf } from "../../src/cli/serving-state.js";
import { featureRanges } from "../../src/evaluate/feature-ranges.js";
import { LiveService } from "../../src/pipeline/live/service.js";
import { loadModel, promoteModel, registerModel } from "../../src/registry/local.js";
import { versioned } from "../../src/registry/model-file.js";
import { temporaryFolder, testWorld } from "../pipeline/ingest-fixture.js";
import { storedHome } from "../pipeline/stored-home.js";
import { testApp } from "./fixture.js";

const home = join(temporaryFolder(), "home");
let service: LiveService;
let app: FastifyInstance;
let users: string[];

const get = async (url: string) => {
  const answer = await app.inject(url);
  return { status: answer.statusCode, body: answer.json() };
};

/** The stored model, with ranges of what its users are like and the middle of their scores as its threshold. */
beforeAll(async () => {
  storedHome(home, testWorld());
  service = await LiveService.open(home, { home }, testWorld());
  await service.scores.rescore();
  app = testApp({ serving: servingOf({ current: service, home }) });
  const { items } = (await get("/users?limit=100")).body;
  users = items.map(({ user_id }: { user_id: string }) => user_id);
  const views = await Promise.all(users.map((id) => service.user(id, null)));
  const { version: _, ...body } = loadModel(home).model;
  const values = views.flatMap((view) => body.features.map((name) => view?.features[name] ?? Number.NaN));
  const ranges = featureRanges(matrix(users.length, body.features.length, Float64Array.from(values)));
  const scores = views.map((view) => view?.prediction?.churn_probability ?? 0).sort((a, b) => a - b);
  const value = scores[Math.floor(scores.length / 2)] ?? 0;
  const model = versioned({ ...body, ranges, threshold: { value, why: "the middle of the scores" } });
  registerModel(home, model, testWorld());
  promoteModel(home, model.version);
  await service.follow();
}, 60_000);
afterAll(async () => {
  await app.close();
  await service.close();
});

it("changes what acting can change, from what it is, and the model then says what was told", async () => {
  const { features: catalogue } = (await get("/features")).body;
  const actionable = new Map(catalogue.map((one: { name: string; actionable: boolean }) => [one.name, one.actionable]));
  const { features: names, threshold }: { features: string[]; threshold: number } = (await get("/model/info")).body;
  let changedUsers = 0;
  for (const id of users) {
    const { body, status } = await get(`/users/${id}/counterfactual`);
    expect(status).toBe(200);
    const { features, prediction } = (await get(`/users/${id}`)).body;
    expect(body).toMatchObject({ user_id: id, threshold, churn_probability: prediction.churn_probability });
    expect(body.reached).toBe(body.churn_probability_after < threshold);
    if (!prediction.churn_prediction) expect(body.changes).toEqual([]);
    const changed = Object.fromEntries(names.map((name) => [name, features[name]]));
    for (const { feature, from, to, text } of body.changes) {
      expect(actionable.get(feature)).toBe(true);
      expect(from).toBe(features[feature]);
      expect(text).toMatch(/ \(now: .+\)$/);
      changed[feature] = to;
    }
    const again = await app.inject({ method: "POST", url: "/predict", payload: { features: changed } });
    expect(again.json().churn_probability).toBeCloseTo(body.churn_probability_after, 12);
    if (body.changes.length > 0 && body.reached) changedUsers++;
  }
  expect(changedUsers).toBeGreaterThan(0);
});

it("of nobody is 404", async () => {
  expect((await get("/users/nobody/counterfactual")).status).toBe(404);
});
