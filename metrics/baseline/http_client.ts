/**
 * Asks servers over HTTP: with a deadline, and without ever repeating what they say where it could be a secret or endless.
 *
 * @module
 */

import type { HttpConfig } from "./http_config.ts";
import { printable } from "../text/mod.ts";

/** How long an answer may take, all of it. */
const TIMEOUT_MS = 60_000;
/** An answer at most: 10,000 trees of an exporter have 40 MB. */
const LIMIT_BYTES = 256 * 2 ** 20;

/** A source that gives no answer that can be used. The message is one line: which was asked, and what is wrong. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  constructor(readonly url: string, problem: string) {
    super(`Cannot read from ${url}: ${problem}`);
  }
}

/** A client with one configuration for all servers it asks. */
export class HttpClient implements Disposable {
  readonly #client: Deno.HttpClient;
  readonly #headers: Record<string, string>;

  constructor({ authorization, caCertificate, certificate }: HttpConfig = {}) {
    const caCerts = caCertificate === undefined ? [] : [caCertificate];
    this.#client = Deno.createHttpClient({ caCerts, ...certificate });
    this.#headers = authorization === undefined ? {} : { authorization };
  }

  /** Gets a text; with a form, posts that. Throws a {@link SourceError}. */
  async text(url: string, accept: string, form?: Readonly<Record<string, string>>): Promise<string> {
    const shown = withoutUser(url);
    try {
      const response = await fetch(url, {
        headers: { ...this.#headers, accept },
        client: this.#client,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) },
      });
      const text = await readLimited(response, shown);
      if (response.ok) return text;
      throw new SourceError(shown, `it answers ${response.status} ${hintFor(response.status, text)}`);
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const late = error instanceof DOMException && error.name === "TimeoutError";
      throw new SourceError(shown, late ? `no answer in ${TIMEOUT_MS / 1000} s` : causeOf(error));
    }
  }

  /** The lines of an answer that goes on as long as both sides want. Throws a {@link SourceError}. */
  async *lines(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): AsyncGenerator<string> {
    const shown = withoutUser(url);
    try {
      const response = await fetch(url, { headers: { ...this.#headers, ...headers }, client: this.#client, signal });
      if (!response.ok) {
        throw new SourceError(
          shown,
          `it answers ${response.status} ${hintFor(response.status, await readLimited(response, shown))}`,
        );
      }
      const decoder = new TextDecoder();
      let rest = "";
      for await (const chunk of response.body ?? []) {
        const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = parts.pop()!;
        if (rest.length > LIMIT_BYTES) throw new SourceError(shown, "a line of its answer has no end");
        yield* parts;
      }
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof SourceError ? error : new SourceError(shown, causeOf(error));
    }
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

async function readLimited(response: Response, shown: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "", length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > LIMIT_BYTES) throw new SourceError(shown, `its answer is longer than ${LIMIT_BYTES / 2 ** 20} MiB`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function hintFor(status: number, text: string): string {
  if (status === 401 || status === 403) return "(--http.config.file says who asks)";
  return `(${printable(text.trim().slice(0, 200))})`;
}

/** What `fetch` begins with (Deno 2.6): the address once more, and which of its parts says so. */
const FETCH_PREFIX = /^error sending request for url \(\S*\): (?:client error \(\w+\): )?/;

/** The innermost cause: the outer ones repeat the address. */
function causeOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  const message = inner instanceof Error ? inner.message : String(inner);
  const text = printable(message.replace(FETCH_PREFIX, "")).slice(0, 300);
  if (/UnknownIssuer|certificate/i.test(text)) return `${text}; tls_config in --http.config.file says whom to trust`;
  return /Connection refused/.test(text) ? `${text}: nobody listens there` : text;
}

/** The address without a name and a password in it. */
export function withoutUser(url: string): string {
  const shown = new URL(url);
  shown.username = shown.password = "";
  return shown.href;
}
