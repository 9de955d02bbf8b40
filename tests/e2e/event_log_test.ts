/** The event log of the compiled exporter: its lines, its rotation, a full disk, and the rights it is opened with. */

import assert from "node:assert/strict";
import { Exporter, poll } from "../live/exporter.ts";
import { assertSchema } from "../unit/metrics/api_schema.ts";
import { BINARY, requireBinary, traces } from "./binary.ts";

const ignore = requireBinary();
const SECRET = "--password=hunter2-never-logged";
/** Any user but root. */
const NOBODY = 65_534;

/** Names of words alone, since others might be taken for machine-made ones, and no longer than a thread's name (15 bytes). */
const FIRST = "logged-at-first", SECOND = "logged-later";

/** A folder with programs of these names, which end at once. */
async function withPrograms(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "event-log-" });
  try {
    for (const name of [FIRST, SECOND]) await Deno.copyFile("/bin/true", `${folder}/${name}`);
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const run = (program: string) => new Deno.Command(program, { args: [SECRET] }).output();

/** The events of a file, each held against the schema. */
async function linesOf(file: string): Promise<Record<string, unknown>[]> {
  const text = await Deno.readTextFile(file).catch(() => "");
  assert.ok(!text.includes("hunter2"), "command lines are never in it");
  const lines = text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  for (const line of lines) assertSchema("line", line);
  return lines;
}

const launchesOf = (lines: Record<string, unknown>[], name: string) =>
  lines.filter(({ tree }) => String(tree).endsWith(`/${name}`));

/** The value of a metric, without labels but `labels`. */
async function metric(exporter: Exporter, name: string, labels = ""): Promise<number> {
  const { text } = await exporter.get("/metrics");
  return Number(text.split("\n").find((line) => line.startsWith(`${name}${labels} `))?.split(" ")[1]);
}

Deno.test({ name: "e2e: first launches are lines of the event log, which is rotated at SIGHUP", ignore }, async () => {
  await withPrograms(async (folder) => {
    const file = `${folder}/events.jsonl`;
    await using exporter = await Exporter.start({ command: [BINARY], flags: [`--event-log=${file}`] });
    await run(`${folder}/${FIRST}`);
    await run(`${folder}/${FIRST}`);
    const [line] = await poll("its line", async () => {
      const lines = launchesOf(await linesOf(file), FIRST);
      return lines.length > 0 && lines;
    });
    assert.deepEqual([line!["type"], line!["reasons"]], ["launch", ["new"]]);
    assert.equal((await Deno.stat(file)).mode! & 0o7, 0);
    await Deno.rename(file, `${file}.1`);
    exporter.kill("SIGHUP");
    await poll("another file", () => Deno.stat(file).then(() => true, () => false));
    await run(`${folder}/${SECOND}`);
    await poll("its line", async () => launchesOf(await linesOf(file), SECOND).length === 1);
    const all = [...await linesOf(`${file}.1`), ...await linesOf(file)];
    assert.equal(launchesOf(all, FIRST).length, 1, "only the first launch is new");
    assert.deepEqual(all.map(({ seq }) => Number(seq)), all.map(({ seq }) => Number(seq)).sort((a, b) => a - b));
    assert.ok(await metric(exporter, "cnproc_event_log_lines_total") >= all.length);
    assert.equal((await exporter.stop()).code, 0);
    assert.deepEqual(traces(exporter.log), []);
  });
});

Deno.test({ name: "e2e: a full disk loses lines of the event log, counted, and no launch", ignore }, async () => {
  await withPrograms(async (folder) => {
    const flags = ["--event-log=/dev/full", "--event-log.only=all"], LAUNCHES = 50;
    await using exporter = await Exporter.start({ command: [BINARY], flags });
    for (let i = 0; i < LAUNCHES; i++) await run(`${folder}/${FIRST}`);
    const lost = '{reason="write"}';
    await poll(
      "lines lost",
      async () => await metric(exporter, "cnproc_event_log_lines_lost_total", lost) >= 2 * LAUNCHES,
    );
    assert.equal(await metric(exporter, "cnproc_event_log_lines_total"), 0);
    const { text } = await exporter.get("/metrics");
    const counted = new RegExp(`^cnproc_tree_launches_total\\{tree="[^"]*/${FIRST}"\\} (\\d+)$`, "m").exec(text);
    assert.equal(Number(counted?.[1]), LAUNCHES);
    assert.equal(exporter.log.filter((line) => /Cannot write the event log.*ENOSPC/.test(line)).length, 1);
    assert.equal((await exporter.stop()).code, 0);
  });
});

Deno.test({ name: "e2e: the event log is opened before rights are given up, and stays open", ignore }, async () => {
  await withPrograms(async (folder) => {
    const closed = `${folder}/closed`, file = `${closed}/events.jsonl`;
    await Deno.mkdir(closed, { mode: 0o700 });
    await Deno.chown(closed, NOBODY, NOBODY);
    await using exporter = await Exporter.start({ command: [BINARY], flags: [`--event-log=${file}`] });
    exporter.kill("SIGHUP"); // user 0 without its rights can't open it again
    await poll("what it says", () => exporter.log.some((line) => /Cannot open the event log again.*EACCES/.test(line)));
    await run(`${folder}/${FIRST}`);
    await poll("its line", async () => launchesOf(await linesOf(file), FIRST).length === 1);
    assert.equal((await exporter.stop()).code, 0);
  });
});

Deno.test({ name: "e2e: --event-log=- is standard output, all of it until the end", ignore }, async () => {
  await withPrograms(async (folder) => {
    const args = ["--web.listen-address=127.0.0.1:0", "--event-log=-", "--event-log.only=all"];
    await using child = new Deno.Command(BINARY, { args, stdout: "piped", stderr: "piped" }).spawn();
    let text = "", log = "";
    const read = async (stream: ReadableStream<Uint8Array>, take: (chunk: string) => void) => {
      for await (const chunk of stream.pipeThrough(new TextDecoderStream())) take(chunk);
    };
    const reading = Promise.all([
      read(child.stdout, (chunk) => text += chunk),
      read(child.stderr, (chunk) => log += chunk),
    ]);
    await poll("the exporter ready", () => log.includes("Watching processes"));
    await run(`${folder}/${FIRST}`);
    child.kill("SIGTERM");
    assert.equal((await child.status).code, 0);
    await reading;
    const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    for (const line of lines) assertSchema("line", line);
    assert.deepEqual(launchesOf(lines, FIRST).map(({ type }) => type), ["launch", "ending"]);
  });
});
