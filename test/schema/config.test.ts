import { describe, expect, test } from "vitest";
import { CONFIG_KEYS, CONFIG_NAMES, environmentName, settingsOf } from "../../src/schema/config.js";
import type { ConfigKeyFacts } from "../../src/schema/config-key.js";

describe("the configuration", () => {
  test.each(CONFIG_NAMES)("%s says what it is, and its default fits", (name) => {
    const { values, about, otherwise }: ConfigKeyFacts = CONFIG_KEYS[name];
    expect(about.length).toBeGreaterThan(10);
    if (otherwise !== undefined) expect(values.safeParse(otherwise)).toMatchObject({ success: true, data: otherwise });
    expect(environmentName(name)).toMatch(/^REFRAIN_[A-Z]+(_[A-Z]+\d*)*$/);
  });

  test("is its defaults where nobody says anything", () => {
    expect(settingsOf()).toMatchObject({ host: "127.0.0.1", port: 8000, riskLevels: "relative" });
    expect(settingsOf({ port: 9 })).toEqual({ ...settingsOf(), port: 9 });
  });
});
