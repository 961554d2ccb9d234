import { RefrainError } from "../../base/errors.js";

/** Where an MLflow server is, and under which names we are known there. */
export interface MlflowPlace {
  /** Without a slash at the end, and without user or password: it may be shown. */
  readonly address: string;
  readonly experiment: string;
  readonly modelName: string;
  /** The header `authorization`. A function, so that no log or error that prints the place prints it. */
  authorization(): string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

const ADVICE =
  "Give the http or https address of an MLflow server, or unset it: databases and folders are not written to.";

/**
 * The server of `MLFLOW_TRACKING_URI`, with the secrets that MLflow's own client takes (`MLFLOW_TRACKING_USERNAME` and `_PASSWORD`, else
 * `MLFLOW_TRACKING_TOKEN`, else those in the address); null where it is not set. Fails with VALUE_BAD, which does not show the address:
 * it may hold a password.
 */
export function mlflowPlace(
  env: Environment,
  names: Pick<MlflowPlace, "experiment" | "modelName">,
): MlflowPlace | null {
  const text = env.MLFLOW_TRACKING_URI?.trim() ?? "";
  if (text === "") return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new RefrainError("VALUE_BAD", { name: "MLFLOW_TRACKING_URI", value: "(not shown)", advice: ADVICE });
  }
  const authorization = authorizationOf(env, url);
  return {
    ...names,
    address: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    authorization: () => authorization,
  };
}

function authorizationOf(env: Environment, url: URL): string | null {
  const user = env.MLFLOW_TRACKING_USERNAME ?? "";
  const password = env.MLFLOW_TRACKING_PASSWORD ?? "";
  const token = env.MLFLOW_TRACKING_TOKEN ?? "";
  if (user !== "" && password !== "") return basic(user, password);
  if (token !== "") return checked(`Bearer ${token}`);
  return url.username === "" ? null : basic(decodeURIComponent(url.username), decodeURIComponent(url.password));
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** A header cannot hold a line break; nor can a token, but for a slip when it was copied. */
function checked(header: string): string {
  if (/^[\x21-\x7e]+ [\x21-\x7e]+$/.test(header)) return header;
  const advice = "Give it without spaces and line breaks.";
  throw new RefrainError("VALUE_BAD", { name: "MLFLOW_TRACKING_TOKEN", value: "(not shown)", advice });
}
