import { workerData } from "node:worker_threads";
import { EventReader } from "./ingest/event-reader.js";
import type { Part, ReadingRules } from "./ingest/part.js";
import { readPart } from "./ingest/read-part.js";
import { serveTasks } from "./serve-tasks.js";

const rules = workerData as ReadingRules;
/** One for all parts of the thread: a word is sent once. */
const events = new EventReader(rules.nowMs);

serveTasks(async (task, send) => ({ value: await readPart(task as Part, rules, events, send) }));
