import { restartEvents } from "../pipeline/ingest-fixture.js";

// Files share a process: the events that each makes up are the same whichever ran before it.
restartEvents();
