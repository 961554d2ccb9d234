import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { mlflowPlace } from "../../../src/registry/mlflow/place.js";

const NAMES = { experiment: "refrain", modelName: "churn" };
const place = (env: Record<string, string>) => mlflowPlace(env, NAMES);
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

describe("MLFLOW_TRACKING_URI", () => {
  test("unset or empty: there is no MLflow", () => {
    expect(place({})).toBeNull();
    expect(place({ MLFLOW_TRACKING_URI: " ", MLFLOW_TRACKING_TOKEN: "t" })).toBeNull();
  });

  test("is an http or https address, below a path too", () => {
    expect(place({ MLFLOW_TRACKING_URI: "http://h:5000/" })).toMatchObject({ ...NAMES, address: "http://h:5000" });
    expect(place({ MLFLOW_TRACKING_URI: "https://h/ml/flow//" })?.address).toBe("https://h/ml/flow");
  });

  test("that is something else is refused, and not shown: it may hold a password", () => {
    for (const uri of ["sqlite:///m.db", "databricks", "file:/x", "mlruns", "http://", "http://ada:secret@h?x=1"]) {
      let message = "";
      try {
        place({ MLFLOW_TRACKING_URI: uri });
      } catch (error) {
        message = JSON.stringify(error) + String(error);
      }
      expect(message).toContain("VALUE_BAD");
      expect(message).not.toContain("secret");
    }
  });
});

describe("secrets", () => {
  const uri = { MLFLOW_TRACKING_URI: "http://ada:p%40ss@h" };
  const env = { ...uri, MLFLOW_TRACKING_TOKEN: "tok", MLFLOW_TRACKING_USERNAME: "u", MLFLOW_TRACKING_PASSWORD: "pw" };

  test("are taken as MLflow's client takes them: name and password, else the token, else those of the address", () => {
    expect(place(env)?.authorization()).toBe(basic("u:pw"));
    expect(place({ ...env, MLFLOW_TRACKING_PASSWORD: "" })?.authorization()).toBe("Bearer tok");
    expect(place(uri)?.authorization()).toBe(basic("ada:p@ss"));
    expect(place({ MLFLOW_TRACKING_URI: "http://h" })?.authorization()).toBeNull();
  });

  test("are in nothing that is printed", () => {
    const shown = [inspect(place(env), { depth: 9 }), JSON.stringify(place(env)), place(env)?.address].join();
    for (const secret of ["tok", "pw", "p@ss", "p%40ss", "ada"]) expect(shown).not.toContain(secret);
  });

  test("a token with a line break is no token", () => {
    const broken = { MLFLOW_TRACKING_URI: "http://h", MLFLOW_TRACKING_TOKEN: "to\nk" };
    expect(() => place(broken)).toThrow(expect.objectContaining({ code: "VALUE_BAD" }));
  });
});
