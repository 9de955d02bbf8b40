/**
 * Refuses requests that aren't what they look like: whose Host is no host, that another site's page sends, that come by a name
 * which somebody else gave this machine, whose end is told in two ways.
 *
 * The runtime puts the address of a request together from Host and target as they are (Deno 2.6.8): with `Host: x/metrics?`
 * every target would be `/metrics`.
 *
 * @module
 */

import type { Context, MiddlewareHandler } from "hono";

export interface RequestCheckOptions {
  /** Names by which the exporter may be asked, beside addresses and `localhost`; `*` for all. */
  readonly allowedHosts: readonly string[];
  /** Whether nobody else's machine can connect: other names are refused then, even if none are given. */
  readonly loopbackOnly: () => boolean;
}

/** `uri-host [ ":" port ]` of RFC 9110, 7.2, without an empty host; a name in the letters, digits and signs of RFC 3986, 3.2.2. */
const AUTHORITY = /^(\[[\da-f:.]+\]|(?:[\w.~!$&'()*+;=-]|%[\da-f]{2})+)(?::(\d*))?$/i;
const MOST_PORT = 65_535;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** The authority of an address as the runtime gives it, not decoded. */
function authorityOf(url: string): string {
  return /^[a-z]+:\/\/([^/]*)/i.exec(url)?.[1] ?? "";
}

/** The host of a request in lower case and without its port and last dot; undefined where there is none, or more than one. */
function hostOf({ url, headers }: Request): string | undefined {
  const authority = authorityOf(url), host = headers.get("host");
  // With a target in absolute form, or over HTTP/2, there may be two: they have to be the same.
  if (host !== null && host.toLowerCase() !== authority.toLowerCase()) return undefined;
  const [, name = "", port = ""] = AUTHORITY.exec(authority) ?? [];
  const isHost = /[^.]/.test(name) && Number(port) <= MOST_PORT && (!name.startsWith("[") || isAddress(name));
  return isHost ? name.toLowerCase().replace(/\.$/, "") : undefined;
}

/** Whether what looks like an address is one: eight groups, or four numbers up to 255. */
function isAddress(text: string): boolean {
  return URL.canParse(`http://${text}`);
}

/** Whether a host can't be a name that somebody else lets lead to this machine. */
function isOwn(host: string): boolean {
  return host === "localhost" || host.startsWith("[") || (IPV4.test(host) && isAddress(host));
}

/**
 * Whether a page of another site sends the request. Browsers say so with each (Fetch Metadata, over HTTPS and to loopback), or,
 * where something is to be changed, by naming the page's origin. Who is no browser says neither.
 */
function isCrossSite({ method, headers }: Request, host: string): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "cross-site";
  const origin = headers.get("origin");
  if (origin === null || method === "GET" || method === "HEAD") return false;
  return AUTHORITY.exec(authorityOf(origin))?.[1]?.toLowerCase() !== host;
}

/** Comes before all routes. */
export function requestCheck({ allowedHosts, loopbackOnly }: RequestCheckOptions): MiddlewareHandler {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const isAllowed = (host: string): boolean => {
    if (allowed.has("*") || isOwn(host) || allowed.has(host)) return true;
    return allowed.size === 0 && !loopbackOnly();
  };
  const refusal = (context: Context): Response | undefined => {
    const { raw, path } = context.req, host = hostOf(raw);
    if (host === undefined) {
      return context.text("Cannot answer: want one Host, a name or an address with its port\n", 400);
    }
    if (raw.headers.has("transfer-encoding") && raw.headers.has("content-length")) {
      return context.text("Cannot answer: want Content-Length or Transfer-Encoding, not both\n", 400);
    }
    if (!isAllowed(host)) {
      return context.text(
        `Cannot answer as ${host}: only as localhost, an address or a name of --web.allowed-hosts\n`,
        403,
      );
    }
    if ((path.startsWith("/api/") || path === "/-/reload") && isCrossSite(raw, host)) {
      return context.text("Cannot answer: pages of other sites may not ask this\n", 403);
    }
    return undefined;
  };
  return async (context, next) => {
    // The runtime hides a Content-Length that comes after Transfer-Encoding: what follows such a body is never a request.
    const isChunked = context.req.raw.headers.has("transfer-encoding");
    const refused = refusal(context);
    if (refused === undefined) await next();
    else context.res = refused;
    if (isChunked) context.res.headers.set("Connection", "close");
  };
}
