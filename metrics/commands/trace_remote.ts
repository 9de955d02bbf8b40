/**
 * The launches and endings of a running exporter, by its stream of events.
 *
 * @module
 */

import { type FlagName, FLAGS, type Outcome, OUTCOMES, waitFor } from "../../fingerprint/mod.ts";
import type { HttpClient } from "../baseline/mod.ts";
import type { EventJson } from "../http/api/mod.ts";
import { type Logger, printable } from "../text/mod.ts";
import { apiUrl, clientOf, contextIn } from "./remote.ts";
import type { TraceWriter } from "./trace_writer.ts";

/** Events a second at most, as the interface has it; others are counted. */
const MOST_EVENTS = 1000;
/** Time between two looks for lines that have waited long enough, and until a stream that broke is asked for again. */
const LOOK_MS = 25, AGAIN_MS = 1000;

export interface RemoteTracing {
  readonly options: { readonly url: string; readonly httpConfigFile: string | undefined };
  readonly writer: TraceWriter;
  /** Writes all of a text; false when nobody reads any more. */
  readonly write: (text: string) => boolean;
  /** Resolves when the trace is to end. */
  readonly stop: Promise<void>;
  readonly log: Logger;
}

/** A message of a stream of server-sent events. */
interface Message {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** The messages in the lines of a stream (HTML standard, 9.2.6); comments are left out. */
async function* messagesIn(lines: AsyncIterable<string>): AsyncGenerator<Message> {
  let event = "", id = "", data: string[] = [];
  for await (const line of lines) {
    if (line === "") {
      if (data.length > 0) yield { event, id, data: data.join("\n") };
      event = "";
      data = [];
      continue;
    }
    const [, field, value = ""] = /^([^:]*)(?:: ?([^\r]*))?/.exec(line)!;
    if (field === "event") event = value;
    else if (field === "id") id = value;
    else if (field === "data") data.push(value);
  }
}

/** An event as it came, which may be from anybody: what is shown of it is printable; undefined where it is no event. */
export function eventOf(value: unknown): EventJson | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const said = value as Partial<Record<keyof EventJson, unknown>>;
  const { seq, type, time, pid, tree, flags, expected, counted_as, outcome, seconds, cpu_seconds } = said;
  if (typeof seq !== "number" || typeof pid !== "number" || typeof tree !== "string") return undefined;
  const numberOf = (number: unknown) => typeof number === "number" ? number : null;
  const base = { seq, time: numberOf(time), pid, tree: printable(tree) };
  const counted = typeof counted_as === "string" ? { ...base, counted_as: printable(counted_as) } : base;
  if (type === "correction") return { ...counted, type };
  const context = contextIn(value);
  const known = Array.isArray(flags) ? FLAGS.filter((flag: FlagName) => flags.includes(flag)) : [];
  if (type === "flags") return { ...counted, type, flags: known };
  if (type === "launch") {
    return { ...counted, type, ...context, flags: known, expected: typeof expected === "boolean" ? expected : null };
  }
  if (type !== "ending" || !OUTCOMES.includes(outcome as Outcome)) return undefined;
  return {
    ...counted,
    type,
    ...context,
    outcome: outcome as Outcome,
    seconds: numberOf(seconds),
    cpu_seconds: numberOf(cpu_seconds),
  };
}

/** Hands the events of a message to the writer. */
function take(data: string, writer: TraceWriter): void {
  const { events, skipped } = JSON.parse(data) as { readonly events?: unknown; readonly skipped?: unknown };
  if (typeof skipped === "number" && skipped > 0) writer.add({ type: "skipped", count: skipped }, performance.now());
  for (const value of Array.isArray(events) ? events : []) {
    const event = eventOf(value);
    if (event !== undefined) writer.add(event, performance.now());
  }
}

/** Reads the stream again and again until `signal`. Throws where the first time nothing can be had. */
async function follow(client: HttpClient, { options, writer, log }: RemoteTracing, signal: AbortSignal): Promise<void> {
  const address = `${apiUrl(options.url, "events")}?limit=${MOST_EVENTS}`;
  const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
  let lastId = "", isKnown = false, isHeard = false;
  async function* heard(): AsyncGenerator<string> {
    const resume = lastId === "" ? {} : { "last-event-id": lastId };
    for await (const line of client.lines(address, { accept: "text/event-stream", ...resume }, signal)) {
      isKnown = isHeard = true;
      yield line;
    }
  }
  while (!signal.aborted) {
    try {
      for await (const { event, id, data } of messagesIn(heard())) {
        lastId = id;
        if (event === "events") take(data, writer);
      }
    } catch (error) {
      if (!isKnown) throw error;
      // Said once, until something is heard again.
      if (isHeard) log.log("warn", error instanceof Error ? error.message : String(error));
      isHeard = false;
    }
    if (!signal.aborted) await waitFor(aborted, AGAIN_MS);
  }
}

/** Writes what an exporter tells until `stop` resolves or nobody reads on. */
export async function traceExporter(tracing: RemoteTracing): Promise<void> {
  const { options, writer, write, stop } = tracing, abort = new AbortController();
  using client = await clientOf(options);
  let isOver = false;
  const following = follow(client, tracing, abort.signal);
  const end = Promise.race([stop, following]).finally(() => isOver = true);
  end.catch(() => {}); // thrown below
  try {
    while (!isOver) {
      const text = writer.take(performance.now());
      if (text !== "" && !write(text)) return;
      await waitFor(end, LOOK_MS);
    }
    await end;
    write(writer.take(Infinity));
  } finally {
    abort.abort();
    await following.catch(() => {}); // it was thrown above
  }
}
