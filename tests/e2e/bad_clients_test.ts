/** Clients that send nonsense, never finish, or come in crowds, against the compiled exporter. */

import assert from "node:assert/strict";
import { Exporter, poll } from "../live/exporter.ts";
import { processFigures } from "../live/figures.ts";
import { assertForest, Forest, forestEnded } from "../live/forest.ts";
import { BINARY, portOf, requireBinary, traces } from "./binary.ts";
import { askAndNeverRead } from "../unit/metrics/http/raw_http2.ts";
import { ask, SlowClients } from "./clients.ts";
import { Stopwatch } from "../live/stopwatch.ts";

const ignore = requireBinary();
const MEBIBYTE = 1 << 20;
/** Where no answer may show it: an argument and a variable of a process that runs meanwhile. */
const SECRET = "s3cr3t-0f-a-c0mmand-l1ne";

Deno.test({ name: "e2e: requests of every wrong kind get the right status, and no secret", ignore }, async () => {
  await using exporter = await Exporter.start({ command: [BINARY] });
  const child = new Deno.Command("sleep", { args: ["300"], env: { SECRET } }).spawn();
  const shell = new Deno.Command("sh", { args: ["-c", "read line", SECRET], stdin: "piped" }).spawn();
  const close = "Host: localhost\r\nConnection: close\r\n";
  const long = (length: number) => "a".repeat(length);
  const cases: [what: string, request: string, status: number | undefined][] = [
    ["no request at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400],
    ["no version", "GET /\r\n\r\n", 400],
    ["a version there isn't", "GET / HTTP/3.0\r\nHost: localhost\r\n\r\n", 400],
    ["a header without a colon", "GET / HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n", 400],
    ["a control character", "GET / HTTP/1.1\r\nHost: \x01\r\n\r\n", 400],
    ["bytes that are no text in a path", "GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
    ["a negative length", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400],
    ["a header of 1 MB", `GET /metrics HTTP/1.1\r\n${close}X: ${long(1 << 20)}\r\n\r\n`, 431],
    ["10,000 headers", `GET /metrics HTTP/1.1\r\n${close}${"X: y\r\n".repeat(10_000)}\r\n`, 431],
    ["a path of 70 kB", `GET /${long(70_000)} HTTP/1.1\r\n${close}\r\n`, 414],
    ["a path of 1 MB", `GET /${long(1 << 20)} HTTP/1.1\r\n${close}\r\n`, 431],
    [
      "a body of 1 MB that nobody asked for",
      `POST /metrics HTTP/1.1\r\n${close}Content-Length: 1048576\r\n\r\n${long(1 << 20)}`,
      405,
    ],
    ["HTTP/1.0", "GET /metrics HTTP/1.0\r\n\r\n", 200],
    ["HEAD", `HEAD /metrics HTTP/1.1\r\n${close}\r\n`, 200],
    ["a wrong method", `DELETE /metrics HTTP/1.1\r\n${close}\r\n`, 405],
    ["a made-up method", `FROB / HTTP/1.1\r\n${close}\r\n`, 405],
    ["a reload that isn't enabled", `POST /-/reload HTTP/1.1\r\n${close}\r\n`, 403],
    ["a reload by a link", `GET /-/reload HTTP/1.1\r\n${close}\r\n`, 405],
    ["a proxy's request", `CONNECT elsewhere:443 HTTP/1.1\r\n${close}\r\n`, undefined],
    ["path traversal", `GET /../../../../proc/self/environ HTTP/1.1\r\n${close}\r\n`, 404],
    ["encoded traversal", `GET /metrics/..%2f..%2f..%2fproc%2fself%2fcmdline HTTP/1.1\r\n${close}\r\n`, 404],
    ["a NUL in a path", `GET /metrics%00 HTTP/1.1\r\n${close}\r\n`, 404],
    ["Accept nonsense", `GET /metrics HTTP/1.1\r\n${close}Accept: ;;q=9,*/*;q=x,\x80\r\n\r\n`, 200],
    ["an Accept of 8 kB", `GET /metrics HTTP/1.1\r\n${close}Accept: ${"a/b;q=0.1,".repeat(800)}\r\n\r\n`, 200],
    [
      "a Host that is more than one",
      "GET /-/healthy HTTP/1.1\r\nHost: localhost/metrics?\r\nConnection: close\r\n\r\n",
      400,
    ],
    ["a name that somebody else gave it", "GET / HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n", 403],
    ["the page", `GET / HTTP/1.1\r\n${close}Accept: text/html\r\n\r\n`, 200],
  ];
  try {
    for (const [what, request, want] of cases) {
      const answer = await ask(portOf(exporter.url), request);
      const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(answer)?.[1]);
      if (want === undefined) assert.ok(status >= 200 && status < 500, `${what}: ${answer.slice(0, 200)}`);
      else assert.equal(status, want, `${what}: ${answer.slice(0, 200)}`);
      assert.doesNotMatch(answer, new RegExp(SECRET), what);
      if (request.startsWith("HEAD")) assert.match(answer, /content-length: \d{4,}\r\n[^]*\r\n\r\n$/);
    }
    await exporter.scrape();
    assert.equal(exporter.status, undefined);
    assert.deepEqual(traces(exporter.log), []);
    assert.doesNotMatch(exporter.log.join("\n"), new RegExp(SECRET));
  } finally {
    child.kill("SIGKILL");
    await shell.stdin.close();
    await Promise.all([child.status, shell.status]);
  }
});

Deno.test({ name: "e2e: 700 clients that never finish stop nothing, and are cut off", ignore }, async () => {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ command: [BINARY], flags: ["--source=connector"] });
  const port = portOf(exporter.url);
  await exporter.scrape();
  const before = processFigures(exporter.pid);
  using slow = await SlowClients.connect(port, 700);
  const run = await forest.run("slowed", "launch", "base", "1000", "1000", "/bin/true");
  using start = new Stopwatch();
  assertForest(await exporter.scrapeUntil("their end", (scrape) => forestEnded(scrape, run)), run);
  assert.ok(start.fairMs < 5000, "a scrape waits for nobody");
  assert.equal((await exporter.scrape()).value("cnproc_events_lost_total"), 0);
  await poll("no more connections than there may be", () => processFigures(exporter.pid).files <= before.files + 520);
  await poll("all of them cut off", () => slow.connected === 0, 20_000);
  await poll("their descriptors closed", () => processFigures(exporter.pid).files <= before.files + 5);
  const { anonymousBytes } = processFigures(exporter.pid);
  console.log(
    `RssAnon ${(before.anonymousBytes / MEBIBYTE).toFixed(1)} → ${(anonymousBytes / MEBIBYTE).toFixed(1)} MiB`,
  );
  assert.equal((await exporter.get("/-/healthy")).status, 200);
});

Deno.test(
  { name: "e2e: 2,000 answers that nobody reads take less than 20 MB, and hold no scrape", ignore },
  async () => {
    await using exporter = await Exporter.start({ command: [BINARY] });
    const port = portOf(exporter.url);
    for (let i = 0; i < 5; i++) await exporter.scrape();
    const before = processFigures(exporter.pid).anonymousBytes;
    const held: Deno.TcpConn[] = [];
    try {
      for (let i = 0; i < 100; i++) {
        held.push(
          await askAndNeverRead(port, Array.from({ length: 20 }, () => "/metrics")),
        );
      }
      await poll("room for a scrape", async () => (await exporter.get("/metrics")).status === 200);
      // What was given back since is garbage for a second or two: what stays is what the answers hold.
      await poll("less than 20 MB more", () => processFigures(exporter.pid).anonymousBytes < before + 20e6);
    } finally {
      for (const connection of held) connection.close();
    }
  },
);

Deno.test({ name: "e2e: SIGTERM ends it within 2 s, whoever is connected", ignore }, async () => {
  await using exporter = await Exporter.start({ command: [BINARY] });
  const port = portOf(exporter.url);
  using _slow = await SlowClients.connect(port, 20);
  using idle = await Deno.connect({ hostname: "127.0.0.1", port });
  using reader = await Deno.connect({ hostname: "127.0.0.1", port });
  await reader.write(new TextEncoder().encode("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  using asked = new Stopwatch();
  assert.equal((await exporter.stop("SIGTERM")).code, 0);
  const took = asked.fairMs;
  assert.ok(took <= 2000, `${took} ms from SIGTERM to the end`);
  assert.equal(await idle.read(new Uint8Array(1)).catch(() => null), null);
});

Deno.test(
  { name: "e2e: 100 scrapes at the same time under load lose no event, and memory stays level", ignore },
  async () => {
    await using forest = await Forest.build();
    await using exporter = await Exporter.start({
      command: [BINARY],
      flags: ["--source=connector", "--web.max-requests=200"],
    });
    const crowd = async (): Promise<void> => {
      const answers = await Promise.all(Array.from({ length: 100 }, () => exporter.get("/metrics")));
      for (const { status } of answers) assert.equal(status, 200);
    };
    /** The most memory after each of so many crowds. */
    const crowds = async (count: number): Promise<number> => {
      let most = 0;
      for (let i = 0; i < count; i++) {
        await crowd();
        most = Math.max(most, processFigures(exporter.pid).anonymousBytes);
      }
      return most;
    };
    await crowds(5);
    const before = await crowds(10);
    const running = await forest.start("crowded", "launch", "base", "3000", "1000", "/bin/true");
    let during = 0;
    const load = (async () => {
      during = await crowds(20);
    })();
    const run = await running.end();
    await load;
    const scrape = await exporter.scrapeUntil("the end of all", (now) => forestEnded(now, run));
    assertForest(scrape, run);
    assert.equal(scrape.value("cnproc_events_lost_total"), 0);
    const inMebibytes = (bytes: number): string => (bytes / MEBIBYTE).toFixed(1);
    console.log(`RssAnon ${inMebibytes(before)} → ${inMebibytes(during)} MiB`);
    // How much garbage there is while both cores are taken is V8's affair; what stays is ours.
    assert.ok(during <= before + 64 * MEBIBYTE, `RssAnon grew from ${before} to ${during}`);
    await poll(
      "memory as before",
      () => processFigures(exporter.pid).anonymousBytes <= before + 8 * MEBIBYTE,
      30_000,
    );
  },
);
