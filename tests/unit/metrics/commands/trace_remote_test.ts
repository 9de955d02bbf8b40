import assert from "node:assert/strict";
import { jsonLine } from "../../../../metrics/commands/trace_lines.ts";
import { eventOf, traceExporter } from "../../../../metrics/commands/trace_remote.ts";
import { TraceWriter } from "../../../../metrics/commands/trace_writer.ts";
import { assertSchema } from "../api_schema.ts";
import { KeptLog } from "../fake_watcher.ts";
import { ANY_EVENT } from "./any_event.ts";

const WHO = { uid: 33, user: "www-data", unit: "php.service", container: null };
const LAUNCH = { seq: 1, type: "launch", time: 1, pid: 1, tree: "/a", ...WHO, flags: ["memfd"], expected: null };

/** Traces a server until a line has come that is the last; the lines, and what was logged. */
async function traced(answer: (request: Request) => Response, isLast: (line: string) => boolean) {
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, answer);
  const log = new KeptLog(), stop = Promise.withResolvers<void>(), lines: string[] = [];
  await traceExporter({
    options: { url: `http://127.0.0.1:${server.addr.port}/metrics`, httpConfigFile: undefined },
    writer: new TraceWriter(ANY_EVENT, jsonLine, 0),
    write: (text) => {
      lines.push(...text.split("\n").slice(0, -1));
      if (lines.some(isLast)) stop.resolve();
      return true;
    },
    stop: stop.promise,
    log,
  });
  return { lines: lines.map((line) => JSON.parse(line)), log: log.lines };
}

Deno.test("a stream of events becomes lines; one that breaks is taken up where it was", async () => {
  const asked: (string | null)[] = [];
  const { lines, log } = await traced((request) => {
    asked.push(request.headers.get("last-event-id"));
    assert.equal(new URL(request.url).pathname, "/api/v1/events");
    assert.equal(request.headers.get("accept"), "text/event-stream");
    const seq = asked.length, event = { ...LAUNCH, seq, pid: seq };
    const data = JSON.stringify({ events: [event], skipped: seq === 2 ? 3 : 0 });
    return new Response(
      `retry: 2000\n\n: comment\nevent: events\r\nid: x-${seq}-1\r\ndata: ${data}\n\nevent: trees\ndata: {}\n\n`,
    );
  }, (line) => line.includes('"seq":2'));
  assert.deepEqual(asked.slice(0, 2), [null, "x-1-1"]);
  assert.deepEqual(lines.map((line) => line.seq ?? [line.type, line.count]), [1, ["skipped", 3], 2]);
  assert.deepEqual(log, []);
});

Deno.test("an exporter that can't be asked is an error of one line", async () => {
  await assert.rejects(
    traced(() => new Response("no\x1b[2J", { status: 503 }), () => true),
    /^SourceError: Cannot read from http:[^\n]+\/api\/v1\/events\?limit=1000: it answers 503 \(no\\x1b\[2J\)$/,
  );
});

Deno.test("what isn't an event is passed over, and texts are printable", () => {
  assert.deepEqual(eventOf(LAUNCH), LAUNCH);
  const hostile = eventOf({
    ...LAUNCH,
    tree: "/a\x1b[2J",
    counted_as: "/\u202e",
    flags: ["memfd", "\x1b", 7],
    x: "\x1b",
  });
  assert.deepEqual(hostile, { ...LAUNCH, tree: "/a\\x1b[2J", counted_as: "/\\u{202e}" });
  assertSchema("line", hostile);
  const ending = {
    seq: 2,
    type: "ending",
    time: null,
    pid: 1,
    tree: "/a",
    ...WHO,
    outcome: "core",
    seconds: 1,
    cpu_seconds: null,
  };
  assert.deepEqual(eventOf(ending), ending);
  for (
    const value of [null, 1, "x", [], {}, { ...LAUNCH, pid: "1" }, { ...LAUNCH, type: "process" }, {
      ...ending,
      outcome: "\x1b",
    }]
  ) assert.equal(eventOf(value), undefined, JSON.stringify(value));
});
