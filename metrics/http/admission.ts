/**
 * Who is answered: the rate limit, who asks, and the headers of the web configuration.
 *
 * @module
 */

import type { Context, MiddlewareHandler } from "hono";
import type { Guarded } from "./connection_guard.ts";
import { Authenticator } from "./authentication.ts";
import { rateLimiter } from "./rate_limiter.ts";
import { NO_WEB_CONFIG, type WebConfig } from "./web_settings.ts";

export class Admission {
  #config: WebConfig = NO_WEB_CONFIG;
  #authenticator = new Authenticator(NO_WEB_CONFIG.users);
  #takeToken: (() => boolean) | undefined;

  /** Applies another configuration from the next request on. What didn't change keeps its state. */
  set config(config: WebConfig) {
    const before = this.#config;
    this.#config = config;
    if (JSON.stringify([...before.users]) !== JSON.stringify([...config.users])) {
      this.#authenticator = new Authenticator(config.users);
    }
    if (JSON.stringify(before.rateLimit) !== JSON.stringify(config.rateLimit)) {
      this.#takeToken = config.rateLimit && rateLimiter(config.rateLimit);
    }
  }

  /** Before all routes. */
  readonly middleware: MiddlewareHandler<Guarded> = async (context, next) => {
    const refusal = await this.#refusal(context);
    if (refusal === undefined) await next();
    else context.res = refusal;
    for (const [name, value] of Object.entries(this.#config.headers)) context.res.headers.set(name, value);
  };

  /** The answer to who isn't admitted; undefined for who is. */
  async #refusal(context: Context<Guarded>): Promise<Response | undefined> {
    const refuse = (status: 401 | 429 | 503, text: string, headers: Readonly<Record<string, string>> = {}) =>
      context.text(`Cannot answer: ${text}\n`, status, { "Cache-Control": "no-store", ...headers });
    if (this.#takeToken?.() === false) return refuse(429, "too many requests; try again later");
    if (this.#config.users.size > 0) {
      const authentication = await this.#authenticator.check(
        context.req.header("authorization"),
        context.env.remoteAddr,
      );
      if (authentication === "busy") return refuse(503, "too many passwords to check; try again later");
      if (authentication === "wrong") {
        return refuse(401, "want a user name and its password", {
          "WWW-Authenticate": 'Basic realm="cnproc-exporter", charset="UTF-8"',
        });
      }
    }
    return undefined;
  }
}
