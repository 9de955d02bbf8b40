/**
 * What the exporter answers over HTTP, without a socket: a Hono app.
 *
 * @module
 */

import { type Context, Hono, type MiddlewareHandler } from "hono";
import { apiRoutes, EVENT_STREAM, type Feed } from "./api/mod.ts";
import type { Logger } from "../text/mod.ts";
import {
  asked,
  chooseFormat,
  CollectTimeoutError,
  CONTENT_TYPES,
  type Scraper,
  wantsGzip,
  wantsHtml,
} from "../exposition/mod.ts";
import type { Guarded } from "./connection_guard.ts";
import { LimitWarnings } from "./limit_warnings.ts";
import { pageHandler } from "./page/mod.ts";

/** State of the exporter as a whole, asked at each request. */
export interface Health {
  /** Why it can't give whole answers yet; undefined once it can. */
  notReady(): string | undefined;
  /** Why it should be restarted; undefined while it works. Takes seconds where it doesn't. */
  unhealthy(): Promise<string | undefined>;
}

export interface AppOptions {
  readonly scraper: Scraper;
  /** Launches and endings, for the page and for who listens; without it there are none. */
  readonly feed: Feed;
  readonly health: Health;
  readonly log: Logger;
  /** Comes before the routes and the headers of every answer. */
  readonly middleware?: readonly MiddlewareHandler[];
  /** Path of the metrics, such as `/metrics`: letters, digits and `-._~/`. */
  readonly telemetryPath: string;
  /** Shown on the page. */
  readonly version: string;
  /** Reads the configuration again and gives why that can't be done, for `POST /-/reload`; undefined where it isn't allowed. */
  readonly reload?: (() => Promise<string | undefined>) | undefined;
}

/** Headers of every answer. The metrics tell what runs on the machine: no cache keeps them, no page of others frames them. */
const HEADERS: Readonly<Record<string, string>> = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-store",
};

/** A body of these bytes as they are: a Response that is made of them copies them first. */
function bodyOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  }, { highWaterMark: 0 });
}

function metricsHandler({ scraper }: AppOptions): (context: Context) => Promise<Response> {
  return async (context) => {
    const format = chooseFormat(context.req.header("accept"));
    const gzip = wantsGzip(context.req.header("accept-encoding"));
    const wanted = asked(scraper.selection, new URL(context.req.url).searchParams);
    if ("problem" in wanted) return context.text(`Cannot answer: ${wanted.problem}\n`, 400);
    const { bytes, confirm } = await scraper.scrape(format, gzip, wanted.selection);
    // A client that gave up waiting gets nothing, and one that asked for the headers no more than those.
    if (context.req.method === "GET" && !context.req.raw.signal.aborted) confirm();
    return context.body(bodyOf(bytes), 200, {
      "Content-Type": CONTENT_TYPES[format],
      "Content-Length": String(bytes.length),
      ...(gzip ? { "Content-Encoding": "gzip" } : {}),
      "Vary": "Accept, Accept-Encoding",
      // Without it Deno compresses plain text once more for who wants Brotli, at 20 times the cost of the scrape.
      "Cache-Control": "no-store, no-transform",
    });
  };
}

/** Answers the requests for a path. */
type Route = (context: Context<Guarded>) => Response | Promise<Response>;

/** A handler whose answers are costly to make, and keep memory until they are read: there may be only so many. */
function costly(handler: Route, scraper: Scraper, warnings: LimitWarnings): Route {
  return async (context) => {
    const answer = context.get("answer");
    if (answer?.takeSlot() === false) {
      scraper.rejected++;
      warnings.reached("requests");
      return context.text("Cannot answer: too many answers are under way; try again later\n", 503);
    }
    const response = await handler(context);
    const length = response.headers.get("content-length");
    if (length !== null || response.headers.get("content-type")?.startsWith(EVENT_STREAM) === true) {
      answer?.keep(Number(length));
      return response;
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    answer?.keep(bytes.length);
    return new Response(bodyOf(bytes), response);
  };
}

/** The app. It never throws: an error inside is logged and answered with 500, without its text. */
export function createApp(options: AppOptions): Hono<Guarded> {
  const { health, log, telemetryPath, middleware = [] } = options;
  const app = new Hono<Guarded>();
  const { feed, scraper } = options, warnings = new LimitWarnings(log);
  const metrics = metricsHandler(options), page = pageHandler({ ...options, feed });

  app.use(...middleware, async (context, next) => {
    await next();
    const { headers } = context.res;
    for (const [name, value] of Object.entries(HEADERS)) if (!headers.has(name)) headers.set(name, value);
  });

  const costlyRoutes: Record<string, Route> = {
    "/": (context) => {
      context.header("Vary", "Accept, Accept-Encoding");
      return wantsHtml(context.req.header("accept")) ? page(context) : metrics(context);
    },
    ...apiRoutes({ ...options, feed }),
    // Last, so that it wins where it is one of the others.
    [telemetryPath]: metrics,
  };
  const routes: Record<string, Route> = {
    "/-/healthy": async (context) => stateText(context, await health.unhealthy(), "healthy"),
    "/-/ready": (context) => stateText(context, health.notReady(), "ready"),
    ...Object.fromEntries(
      Object.entries(costlyRoutes).map(([path, handler]) => [path, costly(handler, scraper, warnings)]),
    ),
  };
  for (const [path, handler] of Object.entries(routes)) {
    app.get(path, handler); // HEAD too: Hono answers it with the headers of GET.
    app.all(path, only("GET", "HEAD"));
  }
  app.on(["POST", "PUT"], "/-/reload", reloadHandler(options));
  app.all("/-/reload", only("POST", "PUT"));
  app.notFound((context) => context.text("Not found\n", 404));
  app.onError((error, context) => {
    const timedOut = error instanceof CollectTimeoutError;
    log.log("error", timedOut ? error.message : "Cannot answer a request", {
      path: context.req.path,
      ...(timedOut ? {} : { error: error.stack ?? String(error) }),
    });
    return timedOut
      ? context.text("Cannot answer in time: the log says why\n", 503)
      : context.text("Cannot answer: an error that the log tells\n", 500);
  });
  return app;
}

/** Refuses all other methods. */
function only(...methods: readonly string[]): (context: Context) => Response {
  const text = `Cannot answer: only ${methods.join(" and ")} are known here\n`;
  return (context) => context.text(text, 405, { Allow: methods.join(", ") });
}

/** Answers a request to read the configuration again, as Prometheus does. */
function reloadHandler({ reload }: AppOptions): (context: Context) => Promise<Response> {
  return async (context) => {
    if (reload === undefined) {
      return context.text("Cannot reload: --web.enable-lifecycle isn't given; SIGHUP does the same\n", 403);
    }
    // The reason may name files and what is in them: it is for who may read the log.
    return await reload() === undefined
      ? context.text("The configuration was read again\n")
      : context.text("Cannot reload: the log says why; what was read before stays in force\n", 500);
  };
}

/** 200 or, with the reason, 503. */
function stateText(context: Context, reason: string | undefined, state: string): Response {
  return reason === undefined
    ? context.text(`cnproc-exporter is ${state}\n`)
    : context.text(`cnproc-exporter is not ${state}: ${reason}\n`, 503);
}
