import type { Migration } from "./migration.js";

/** Days that a user is expected to stay, beside the last score and each that was answered; null where the model does not say. */
export const DAYS_LEFT: Migration = {
  name: "days-left",
  sql: `
    ALTER TABLE scores ADD COLUMN expected_days_left float8;
    ALTER TABLE predictions ADD COLUMN expected_days_left float8;
  `,
};
