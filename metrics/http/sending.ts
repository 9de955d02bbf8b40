/**
 * Sends bytes that are lent, without a copy.
 *
 * @module
 */

import type { Context } from "hono";
import type { Loan } from "../text/mod.ts";

/** A body that gives `bytes` as they are. A Response made of the bytes themselves would copy them first. */
function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let given = false;
  return new ReadableStream({
    pull(controller) {
      if (given) return controller.close();
      given = true;
      controller.enqueue(bytes);
    },
  }, { highWaterMark: 0 });
}

/** What of `Deno.ServeHandlerInfo` is used; a request without a socket, as in a test, has none. */
interface Connection {
  /** Settles when the answer is over, in either way: with a length given, Deno 2.6.8 rejects it where all went well. */
  readonly completed?: Promise<void>;
}

/** An answer on its way. */
export class Sending {
  readonly #context: Context;
  readonly #after: () => void;
  readonly #completed: Promise<void> | undefined;
  #loan: Loan | undefined;
  #over = false;

  /** @param after called once, when the answer is over */
  constructor(context: Context, after: () => void) {
    this.#context = context;
    this.#after = after;
    this.#completed = (context.env as Connection | undefined)?.completed;
  }

  /**
   * Answers with the bytes. They are sent from where they are if it is known when that is over; which it isn't for HTTP/2,
   * where an answer is "completed" when its frames are queued. Only requests of HTTP/1 have a header Host: HTTP/2 has
   * `:authority`, and a client that sends both could spoil nothing but its own answer.
   */
  answer(loan: Loan, headers: Readonly<Record<string, string>>): Response {
    this.#loan = loan;
    const completed = this.#completed;
    const inPlace = completed !== undefined && this.#context.req.method === "GET" &&
      this.#context.req.header("host") !== undefined;
    completed?.catch(() => {}).then(() => this.end());
    try {
      return this.#context.body(inPlace ? streamOf(loan.bytes) : loan.bytes, 200, headers);
    } finally {
      if (!inPlace) loan.giveBack();
      if (completed === undefined) this.end();
    }
  }

  /** Ends it; also for an answer that was never given. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#loan?.giveBack();
    this.#after();
  }
}
