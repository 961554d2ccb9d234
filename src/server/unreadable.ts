import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { HttpProblemCode } from "./http-problems.js";
import { httpProblem } from "./problem.js";
import { SECURITY_HEADERS } from "./security-headers.js";

/** What Node's parser says, as ours. */
const CODES: Readonly<Record<string, HttpProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "REQUEST_TOO_SLOW",
  HPE_HEADER_OVERFLOW: "HEAD_TOO_LARGE",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "BODY_TOO_LARGE",
};

/** Bytes that are no HTTP, or come too slowly: no request came of them, so there is only the socket to answer on. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable || hasBegunToAnswer(socket)) {
    socket.destroy();
    return;
  }
  const problem = httpProblem(CODES[error.code ?? ""] ?? "REQUEST_BAD");
  const body = JSON.stringify(problem);
  const headers = {
    ...SECURITY_HEADERS,
    "content-type": "application/problem+json",
    "content-length": Buffer.byteLength(body),
    "x-request-id": randomUUID(),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`, ...lines].join("\r\n");
  // Whoever does not listen must not keep the socket.
  socket.end(`${head}\r\n\r\n${body}`, () => socket.destroySoon());
}

/** Whether part of another answer is on the way: a second one would end up inside of it. Node has no public word for it. */
function hasBegunToAnswer(socket: Socket): boolean {
  const { _httpMessage } = socket as { _httpMessage?: { headersSent?: boolean } };
  return _httpMessage?.headersSent === true;
}
