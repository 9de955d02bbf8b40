/**
 * What stands before every route: the rate limit, who asks, and the headers of the web configuration.
 *
 * @module
 */

import { Authenticator } from "./authentication.ts";
import { RateLimiter } from "./rate_limiter.ts";
import { NO_WEB_CONFIG, type WebConfig } from "./web_settings.ts";

/** Answers a request; `info` is what the server knows about its connection. */
export type Handler = (request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>) => Response | Promise<Response>;

function refusal(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, { status, headers: { "Cache-Control": "no-store", ...headers } });
}

/** Lets through to the handler behind it. */
export class Admission {
  readonly #behind: Handler;
  #config: WebConfig = NO_WEB_CONFIG;
  #authenticator = new Authenticator(NO_WEB_CONFIG.users);
  #limiter: RateLimiter | undefined;

  constructor(behind: Handler) {
    this.#behind = behind;
  }

  /** Applies another configuration from the next request on. What didn't change keeps its state. */
  set config(config: WebConfig) {
    const before = this.#config;
    this.#config = config;
    if (JSON.stringify([...before.users]) !== JSON.stringify([...config.users])) {
      this.#authenticator = new Authenticator(config.users);
    }
    if (JSON.stringify(before.rateLimit) !== JSON.stringify(config.rateLimit)) {
      this.#limiter = config.rateLimit === undefined ? undefined : new RateLimiter(config.rateLimit);
    }
  }

  /** Answers a request. */
  readonly handler: Handler = async (request, info) => {
    const response = await this.#answer(request, info);
    for (const [name, value] of Object.entries(this.#config.headers)) response.headers.set(name, value);
    return response;
  };

  async #answer(request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>): Promise<Response> {
    if (this.#limiter?.take() === false) return refusal(429, "Cannot answer: too many requests; try again later\n");
    if (this.#config.users.size > 0) {
      const authentication = await this.#authenticator.check(request.headers.get("authorization") ?? undefined);
      if (authentication === "busy") {
        return refusal(503, "Cannot answer: too many passwords to check; try again later\n");
      }
      if (authentication === "wrong") {
        return refusal(401, "Cannot answer: want a user name and its password\n", {
          "WWW-Authenticate": 'Basic realm="cnproc-exporter", charset="UTF-8"',
        });
      }
    }
    return await this.#behind(request, info);
  }
}
