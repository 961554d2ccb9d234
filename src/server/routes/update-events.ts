import { z } from "zod";
import { RefrainError } from "../../base/errors.js";
import { eventSchema } from "../../schema/event.js";
import { EVENTS_MAX, eventsBodySchema, takenSchema } from "../api.js";
import { HttpProblemError } from "../http-problems.js";
import type { Route } from "../route.js";
import { NDJSON, uploadEvents } from "./upload-events.js";

const URL = "/update_user_events";
/** 10,000 events of the usual size fit twice. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

const EXAMPLE = { ts: 1_543_795_200_000, userId: "100056", sessionId: 7, itemInSession: 0, page: "Home" };
const CONFIG = {
  role: "writer",
  doc: {
    summary: "Take events: acknowledged is committed",
    body: z.array(eventSchema).max(EVENTS_MAX),
    example: [EXAMPLE],
    otherBodies: { [NDJSON]: `${JSON.stringify(EXAMPLE)}\n` },
    answers: {
      200: { about: "What became of them; some may have been rejected." },
      400: { about: "All of them were rejected." },
    },
    problems: ["BODY_BROKEN", "BODY_SLOW", "BODY_INFLATES", "ENCODING_UNKNOWN"],
  },
} as const;

/**
 * `POST /update_user_events`: 200 once what is accepted is committed, also when some were rejected; 400 when all were. A list of
 * JSON, or lines of it without a limit.
 */
export const updateEventsRoute: Route = (app, serving, { events, metrics }) => {
  const schema = { body: eventsBodySchema, response: { 200: takenSchema, 400: takenSchema } };
  const options = { config: CONFIG, bodyLimit: BODY_BYTES_MAX, schema } as const;
  // Lines are read by the handler; to the schema they are an empty list.
  app.addContentTypeParser(NDJSON, ({ routeOptions }, _body, done) =>
    routeOptions.url === URL ? done(null, []) : done(new HttpProblemError("MEDIA_TYPE_UNKNOWN")),
  );
  app.post(URL, options, async (request, reply) => {
    if (request.mediaType === NDJSON) return uploadEvents(request.raw, reply, { serving, events, metrics });
    const { live } = serving;
    if (live === null) throw new RefrainError("STARTING");
    const { body } = request;
    const { accepted, duplicates, rejected } = await events.during(body.length, () => live.add(body));
    metrics.countEvents({ accepted, duplicates, rejected: rejected.length });
    const processed = accepted + duplicates;
    const message = `Processed ${processed} ${processed === 1 ? "event" : "events"}`;
    const status = processed === 0 && rejected.length > 0 ? 400 : 200;
    return reply.status(status).send({ message, accepted, duplicates, rejected: [...rejected] });
  });
};
