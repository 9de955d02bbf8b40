/** The compiled exporter over HTTP: a known forest in its metrics, and an end in good order. */

import assert from "node:assert/strict";
import { Exporter } from "../live/exporter.ts";
import { assertForest, Forest, forestEnded } from "../live/forest.ts";
import { BINARY, listeningSockets, loopback, portOf, requireBinary, traces } from "./binary.ts";
import { Stopwatch } from "../live/stopwatch.ts";

const ignore = requireBinary();

Deno.test({ name: "e2e: a known forest, then SIGTERM", ignore }, async () => {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ command: [BINARY], flags: ["--source=connector"] });
  const runs = [
    await forest.run("trues", "launch", "base", "2000", "1000", "/bin/true"),
    await forest.run("ends", "ends"),
    await forest.run("chains", "chain", "5", "3000"),
    await forest.run("doubles", "double", "10"),
    await forest.run("swarms", "threads", "100"),
  ];
  const scrape = await exporter.scrapeUntil("the end of all", (now) => runs.every((run) => forestEnded(now, run)));
  for (const run of runs) assertForest(scrape, run);
  assert.equal(scrape.value("cnproc_events_lost_total"), 0);

  const port = portOf(exporter.url);
  assert.deepEqual(listeningSockets(exporter.pid), [loopback(port)]);
  using asked = new Stopwatch();
  const status = await exporter.stop("SIGTERM");
  const took = asked.fairMs;
  assert.equal(status.code, 0);
  assert.ok(took <= 2000, `${took} ms from SIGTERM to the end, want 2000`);
  await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port }), Deno.errors.ConnectionRefused);
  assert.deepEqual(traces(exporter.log), []);
});

Deno.test({ name: "e2e: SIGINT ends it in good order too, while a client stays connected", ignore }, async () => {
  await using exporter = await Exporter.start({ command: [BINARY] });
  using client = await Deno.connect({ hostname: "127.0.0.1", port: portOf(exporter.url) });
  using asked = new Stopwatch();
  assert.equal((await exporter.stop("SIGINT")).code, 0);
  assert.ok(asked.fairMs <= 2000);
  assert.equal(await client.read(new Uint8Array(1)).catch(() => null), null);
});

Deno.test({ name: "e2e: health and the front page", ignore }, async () => {
  await using exporter = await Exporter.start({ command: [BINARY] });
  assert.equal((await exporter.get("/-/healthy")).status, 200);
  assert.equal((await exporter.get("/-/ready")).status, 200);
  assert.equal((await exporter.get("/nowhere")).status, 404);
  assert.match((await exporter.get("/")).text, /^# HELP /m);
  assert.match((await exporter.get("/", { accept: "text/html" })).text, /<html/i);
});

Deno.test({ name: "e2e: --version and --help", ignore }, async () => {
  const run = async (flag: string) => {
    const { code, stdout, stderr } = await new Deno.Command(BINARY, { args: [flag] }).output();
    return [code, new TextDecoder().decode(stdout), new TextDecoder().decode(stderr)] as const;
  };
  const { version } = JSON.parse(await Deno.readTextFile(`${import.meta.dirname}/../../deno.json`));
  const [code, text, errors] = await run("--version");
  assert.deepEqual([code, errors], [0, ""]);
  assert.ok(text.includes(version) && /\b[0-9a-f]{40}\b|unknown/.test(text), `version and revision: ${text}`);
  const [helpCode, help] = await run("--help");
  assert.equal(helpCode, 0);
  assert.match(help, /--web\.listen-address/);
});
