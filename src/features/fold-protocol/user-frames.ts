import { assert } from "../../base/assert.js";
import { compareInFoldOrder, compareTexts } from "../../schema/fold-order.js";
import type { UserId } from "../../schema/user-id.js";
import type { UserEvent } from "./event-line.js";

/** What a fold does with a stream of events: a user is started, given all its events in order, and ended, once. */
export interface FrameHandler {
  start(user: UserId): void;
  event(event: UserEvent): void;
  end(user: UserId): void;
}

/**
 * Cuts a stream of events, sorted by user (in the order of UTF-8 bytes) and then in fold order, into users. The next user's
 * first event ends the one before; `finish` ends the last. An event out of order, and a user who comes again, stop it: who
 * sorted is wrong, and the features would be too.
 */
export class UserFrames {
  readonly #handler: FrameHandler;
  #last: UserEvent | null = null;

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  push(event: UserEvent): void {
    const last = this.#last;
    const order = last === null ? -1 : compareTexts(last.user, event.user);
    assert(order <= 0, `user ${event.user} comes after user ${last?.user}: events must be sorted by user`);
    if (order < 0) {
      if (last !== null) this.#handler.end(last.user);
      this.#handler.start(event.user);
    } else {
      const inOrder = last === null || compareInFoldOrder(last, event) <= 0;
      assert(inOrder, `user ${event.user}: an event at ${event.tsMs} comes after a later one in the order of the fold`);
    }
    this.#last = event;
    this.#handler.event(event);
  }

  finish(): void {
    if (this.#last !== null) this.#handler.end(this.#last.user);
    this.#last = null;
  }
}
