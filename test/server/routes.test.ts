import { describe, expect, it } from "vitest";
import { BATCH_USERS_MAX } from "../../src/server/api.js";
import { MODEL, servingState, testApp } from "./fixture.js";

const app = testApp();
const empty = testApp({ serving: servingState(null) });

describe("GET", () => {
  it("/ is the report", async () => {
    const answer = await app.inject("/");
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(answer.body).toContain("<title>Refrain</title>");
  });

  it("/model/info tells of the model in use", async () => {
    const info = (await app.inject("/model/info")).json();
    expect(info).toMatchObject({ model_version: "v1", model_uri: MODEL.uri, threshold: 0.08, audits: null });
    expect(info.features).toEqual(MODEL.features);
    expect(info.last_updated).toBe(MODEL.lastUpdated);
  });
});

describe("POST /predict", () => {
  const predict = (payload: object) => app.inject({ method: "POST", url: "/predict", payload });

  it.each([[{ user_id: 123 }], [{ user_id: "123" }], [{ user_id: " 123 " }]])("scores %j", async (payload) => {
    const answer = await predict(payload);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      user_id: "123",
      churn_probability: 0.21,
      churn_prediction: true,
      risk_level: "high",
      at_risk: true,
      model_version: "v1",
      as_of: "2018-12-01T00:00:00.000Z",
      fresh_through: "2018-11-30T23:59:59.000Z",
      reasons: [{ feature: "sessions_28d", value: 2, effect: 0.7, text: "2 sessions in 28 days" }],
    });
  });

  it("scores features, null being a missing one", async () => {
    const answer = await predict({ features: { sessions_28d: 2, is_paid: null } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ user_id: null, churn_probability: 0.21 });
  });

  it.each([
    [{}, "user_id"],
    [{ userId: 123 }, "user_id"],
    [{ user_id: 123, features: {} }, "user_id"],
    [{ user_id: "" }, "user_id"],
    [{ user_id: 1.5 }, "user_id"],
    [{ user_id: null }, "user_id"],
    [{ features: { sessions_28d: "2" } }, "features.sessions_28d"],
    [{ features: { sesions_28d: 2 } }, "features.sesions_28d"],
    [{ features: [] }, "features"],
    [[], "body"],
  ])("refuses %j and names %s", async (payload, field) => {
    const answer = await predict(payload);
    expect(answer.statusCode).toBe(400);
    const { code, errors, detail } = answer.json();
    expect(code).toBe("VALUE_BAD");
    expect(errors[0].field).toBe(field);
    expect(detail).toContain(field);
  });

  it("does not know everyone", async () => {
    const answer = await predict({ user_id: "nobody" });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: "USER_UNKNOWN", status: 404, detail: "No user nobody is known." });
  });

  it("needs a model", async () => {
    const answer = await empty.inject({ method: "POST", url: "/predict", payload: { user_id: 1 } });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: "NO_MODEL" });
  });
});

describe("POST /batch_predict", () => {
  const batch = (payload: unknown) =>
    app.inject({
      method: "POST",
      url: "/batch_predict",
      payload: JSON.stringify(payload),
      headers: { "content-type": "application/json" },
    });

  it("keeps the order, and gives whom it does not know an error", async () => {
    const items = (await batch([12, "x", "1"])).json();
    expect(items.map((item: { user_id: string }) => item.user_id)).toEqual(["12", "x", "1"]);
    expect(items[1]).toEqual({ user_id: "x", error: { code: "USER_UNKNOWN", message: "No user x is known." } });
    expect(items[2]).toMatchObject({ churn_probability: 0.21, model_version: "v1" });
  });

  it("takes none, and the most there may be", async () => {
    expect((await batch([])).json()).toEqual([]);
    const most = await batch(Array.from({ length: BATCH_USERS_MAX }, () => "1".repeat(256)));
    expect(most.statusCode).toBe(200);
    expect(most.json()).toHaveLength(BATCH_USERS_MAX);
  });

  it("refuses more, and names an id that is none", async () => {
    const more = await batch(Array.from({ length: BATCH_USERS_MAX + 1 }, (_, id) => id));
    expect(more.statusCode).toBe(400);
    expect(more.json().detail).toContain("at most 10000");
    expect((await batch([1, null])).json().errors[0].field).toBe("1");
    expect((await batch({ users: [1] })).json().errors[0].field).toBe("body");
  });
});

describe("an id that no database can hold", () => {
  it.each(["\u0000", "a\u0000b", "\ud800"])("%j is refused wherever it stands", async (id) => {
    const post = (url: string, payload: unknown) =>
      app.inject({
        method: "POST",
        url,
        payload: JSON.stringify(payload),
        headers: { "content-type": "application/json" },
      });
    expect((await post("/predict", { user_id: id })).statusCode).toBe(400);
    expect((await post("/batch_predict", ["1", id])).statusCode).toBe(400);
    const inAddress = encodeURIComponent(Buffer.from(id).toString());
    if (id.includes("\u0000")) expect((await app.inject(`/users/${inAddress}`)).statusCode).toBe(400);
  });
});
