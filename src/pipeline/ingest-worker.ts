import { workerData } from "node:worker_threads";
import { EventReader } from "./ingest/event-reader.js";
import { EventRows } from "./ingest/event-rows.js";
import { FlatJson } from "./ingest/flat-json.js";
import type { Part, ReadingRules } from "./ingest/part.js";
import { readPart } from "./ingest/read-part.js";
import { serveTasks } from "./serve-tasks.js";

const rules = workerData as ReadingRules;
/** One for all parts of the thread: a word is sent once. */
const events = new EventReader(rules.nowMs, new EventRows());

const readers = { events, flat: new FlatJson(events, rules.map) };

serveTasks(async (task, send) => ({ value: await readPart(task as Part, rules, readers, send) }));
