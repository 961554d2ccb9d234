import { RefrainError } from "../../base/errors.js";
import { asInstant, isoOf } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { keepTraining } from "../../registry/kept-training.js";
import { addChallenger, loadModel, promoteModel, readIndex, registerMade } from "../../registry/local.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { RetrainingDocument } from "../../schema/retraining-document.js";
import { waitForHomeLock } from "../../store/home-lock.js";
import { withLease } from "../../store/live/lease.js";
import type { LiveDb } from "../../store/live/live-db.js";
import type { Candidate } from "./candidate.js";
import { type Cause, causesOf, type DueRule } from "./due.js";
import { type DueSources, factsOf, floorsOf } from "./facts.js";
import { type PromotionRule, reasonsAgainst } from "./gate.js";
import { Ledger } from "./ledger.js";
import type { MakeCandidate } from "./make.js";

export interface RetrainRule extends Omit<DueRule, "floors"> {
  /** Null: the champion's own lower bound; of F1: none. */
  readonly floors: DueRule["floors"];
  readonly promotion: PromotionRule;
  readonly positivesMin: number;
}

export interface RetrainOptions {
  readonly rule: RetrainRule;
  /** Nothing is done where nothing is due. */
  readonly ifDue: boolean;
  /** Says what is due, and does nothing. */
  readonly dryRun: boolean;
  /** Who asks: `schedule`, `command line`, or the id of a key. */
  readonly askedBy: string;
  /** Of this process, unlike that of any other. */
  readonly holder: string;
  /** Told when it is in the ledger and begins. */
  readonly begun?: (document: RetrainingDocument) => void;
}

/** Where a retraining happens, and what it asks others for. */
export interface RetrainPlace {
  readonly home: string;
  readonly db: LiveDb;
  readonly sources: DueSources;
  readonly make: MakeCandidate;
}

/**
 * Decides whether the champion is to be trained anew, does it, and lets the candidate serve if it earned it; all of it is in the
 * ledger. One at a time: throws `RETRAINING_RUNNING` where another process is at it. Killed at any moment, what served goes on
 * serving, and the next call begins anew. Fails with `NO_MODEL`, `NO_DATA`.
 */
export async function retrain(place: RetrainPlace, options: RetrainOptions, world: World): Promise<RetrainingDocument> {
  if (options.dryRun) {
    const { champion, causes } = await decided(place, options, world);
    return nothingDone(champion, { due: causes.length > 0, causes });
  }
  const held = await withLease(place.db, { name: "retraining", holder: options.holder }, world, async () => {
    await new Ledger(place.db).sweep(readIndex(place.home).champion, world.now());
    const { champion, causes } = await decided(place, options, world);
    if (causes.length > 0) return run(place, { champion, causes, options }, world);
    if (options.ifDue) return nothingDone(champion, { due: false, causes });
    const asked = [{ kind: "asked" as const, evidence: `Asked for by ${options.askedBy}.` }];
    return run(place, { champion, causes: asked, options }, world);
  });
  if (held === null) throw new RefrainError("RETRAINING_RUNNING");
  return held.value;
}

async function decided(
  { home, db, sources }: RetrainPlace,
  { rule }: RetrainOptions,
  world: World,
): Promise<{ champion: ModelFile; causes: Cause[] }> {
  const { model: champion, entry } = loadModel(home);
  const last = await new Ledger(db).lastDecided();
  const facts = await factsOf(sources, { champion, entry, last, now: world.now() });
  return { champion, causes: causesOf(facts, { ...rule, floors: floorsOf(champion, rule.floors) }) };
}

interface Work {
  readonly champion: ModelFile;
  readonly causes: readonly Cause[];
  readonly options: RetrainOptions;
}

async function run(
  place: RetrainPlace,
  { champion, causes, options }: Work,
  world: World,
): Promise<RetrainingDocument> {
  const begunAtMs = world.now();
  const ledger = new Ledger(place.db);
  const id = await ledger.begin({ begunAtMs, askedBy: options.askedBy, causes, champion: champion.version });
  world.log.info(`Retraining: ${causes.map(({ evidence }) => evidence).join(" ")}`);
  const begun = {
    ...nothingDone(champion, { due: causes.some(({ kind }) => kind !== "asked"), causes }),
    ledgerId: id,
  };
  const ended = (document: RetrainingDocument) => ({ ...document, seconds: (world.now() - begunAtMs) / 1000 });
  options.begun?.(begun);
  try {
    const candidate = await place.make.candidate(champion, options.rule.positivesMin, world);
    const tried = await promoted(place, { champion, candidate, id, options, begun, begunAtMs }, world);
    const document = ended(tried);
    await ledger.end(id, document.promoted ? "promoted" : "challenger", document, world.now());
    return document;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isTooLittle = error instanceof RefrainError && TOO_LITTLE.has(error.code);
    const document = ended({ ...begun, reasons: [reason] });
    const isInterrupted = error instanceof RefrainError && error.code === "INTERRUPTED";
    await ledger.end(id, isTooLittle ? "nothing" : isInterrupted ? "broken-off" : "failed", document, world.now());
    if (isTooLittle) return document;
    throw error;
  }
}

const TOO_LITTLE: ReadonlySet<string> = new Set(["SPAN_TOO_SHORT", "LABELS_TOO_FEW"]);

interface Tried extends Pick<Work, "champion" | "options"> {
  readonly candidate: Candidate;
  readonly id: number;
  readonly begun: RetrainingDocument;
  readonly begunAtMs: number;
}

/** Lets the candidate, fitted again on all data, serve where nothing speaks against it; else it stays a challenger. */
async function promoted(
  place: RetrainPlace,
  { champion, candidate, id, options, begun, begunAtMs }: Tried,
  world: World,
): Promise<RetrainingDocument> {
  const { model, comparison, block } = candidate;
  const audits = model.audits?.verdict ?? null;
  const dataFlaws = await place.sources.blockFlaws(block, world);
  const facts = { comparison, positives: block.positives, positivesMin: options.rule.positivesMin, audits, dataFlaws };
  const reasons = reasonsAgainst(facts, options.rule.promotion);
  const serving = reasons.length === 0 ? await place.make.refit(model, champion, world) : model;
  if (serving.version === champion.version)
    reasons.push("It is the champion: nothing it could learn from has come since.");
  if (readIndex(place.home).rolledBack.includes(serving.version))
    reasons.push("It was rolled back: refrain models promote brings it back.");
  const isPromoted = reasons.length === 0;
  const serves = await waitForHomeLock(place.home, "retrain", async () => {
    const made = { model: serving, cause: causeOf(begun.causes), ledgerId: id };
    const seconds = (world.now() - begunAtMs) / 1000;
    keepTraining(place.home, { ...candidate.document, version: serving.version, seconds });
    const { version } = registerMade(place.home, made, world);
    await new Ledger(place.db).deciding(id, version);
    if (isPromoted) promoteModel(place.home, version);
    else if (version !== champion.version) addChallenger(place.home, version, reasons);
    return readIndex(place.home).champion ?? champion.version;
  });
  const {
    difference = null,
    candidate: own,
    champion: others,
    rows = 0,
    users = 0,
    atLeast90 = Number.NaN,
  } = comparison ?? {};
  return {
    ...begun,
    candidate: { version: serving.version, model: serving.estimator, ...own },
    champion: { version: champion.version, ...others },
    difference: difference && { ...difference, atLeast90 },
    promoted: isPromoted,
    serves,
    reasons,
    block: {
      from: isoOf(asInstant(block.fromMs)),
      to: isoOf(asInstant(block.toMs)),
      cutoffs: block.cutoffs,
      rows,
      users,
      positives: block.positives,
      knownToChampion: candidate.knownToChampion,
    },
    dataSha256: serving.training.dataSha256,
    audits,
    simulated: serving.training.simulated,
  };
}

function causeOf([first]: RetrainingDocument["causes"]): "time" | "quality" | "drift" | "manual" {
  return first === undefined || first.kind === "asked" ? "manual" : first.kind;
}

function nothingDone(
  champion: ModelFile,
  { due, causes }: Pick<RetrainingDocument, "due" | "causes">,
): RetrainingDocument {
  return {
    due,
    causes,
    candidate: null,
    champion: { version: champion.version },
    difference: null,
    promoted: false,
    serves: champion.version,
    reasons: [],
    block: null,
    dataSha256: null,
    audits: null,
    simulated: champion.training.simulated,
    ledgerId: null,
    seconds: 0,
  };
}
