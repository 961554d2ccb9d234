import type { FastifyInstance } from "fastify";
import { RefrainError } from "../base/errors.js";

export interface Address {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** Opens the port and answers with the address to open. Throws PORT_TAKEN. */
export async function listen(app: FastifyInstance, { host, port }: Address): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE") {
      throw new RefrainError("PORT_TAKEN", { port }, cause);
    }
    throw cause;
  }
}
