/** The configuration file: read at the start, read again by SIGHUP under load, refused when it is broken. */

import assert from "node:assert/strict";
import type { Scrape } from "../live/exposition.ts";
import { Exporter, poll } from "../live/exporter.ts";
import { Forest } from "../live/forest.ts";
import { BINARY, requireBinary, traces } from "./binary.ts";

const ignore = requireBinary();
const LAUNCHES = 4000;

/** A configuration file in a folder of its own. */
class ConfigFile implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  static async make(text: string): Promise<ConfigFile> {
    const file = new ConfigFile(await Deno.makeTempDir());
    await file.write(text);
    return file;
  }

  get path(): string {
    return `${this.folder}/rules.yml`;
  }

  get flag(): string {
    return `--config.file=${this.path}`;
  }

  async write(text: string): Promise<void> {
    await Deno.writeTextFile(this.path, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Writes the file, sends SIGHUP, and waits until the exporter has said how that went. */
async function reload(exporter: Exporter, file: ConfigFile, text: string): Promise<string> {
  await file.write(text);
  const said = () => exporter.log.filter((line) => /Reloaded the configuration|Cannot reload/.test(line));
  const before = said().length;
  exporter.kill("SIGHUP");
  return await poll("an answer to SIGHUP", () => said()[before]);
}

const SUCCESSFUL = "cnproc_config_last_reload_successful";
const TIMESTAMP = "cnproc_config_last_reload_success_timestamp_seconds";

Deno.test({ name: "e2e: SIGHUP under load loses no count", ignore }, async () => {
  await using file = await ConfigFile.make("");
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ command: [BINARY], flags: ["--source=connector", file.flag] });
  const running = await forest.start("reloaded", "launch", "base", String(LAUNCHES), "1000", "/bin/true");
  let reloads = 0;
  const finished = running.end();
  let isOver = false;
  finished.finally(() => isOver = true).catch(() => {});
  while (!isOver) {
    const rules = [
      "base: { remove: [/bin/true] }",
      "",
      "rename: [{ program: /usr/bin/(t)rue, as: $1-rue }]",
    ][reloads++ % 3]!;
    assert.match(await reload(exporter, file, rules), /Reloaded the configuration/);
  }
  await finished;
  const below = (scrape: Scrape) =>
    scrape.below(scrape.treeNamed(running.name)!.path).filter(({ path }) => /\/(base|true|t-rue)$/.test(path));
  const sum = (scrape: Scrape) => below(scrape).reduce((total, tree) => total + (tree.exits.success ?? 0), 0);
  const scrape = await exporter.scrapeUntil("the end of all", (scrape) => sum(scrape) >= LAUNCHES);
  console.log(
    `${reloads} reloads:`,
    below(scrape).map(({ path, launches }) => `${path.split("/").at(-1)} ${launches}`),
  );
  assert.equal(below(scrape).length, 3, "each of the rules was followed");
  assert.equal(sum(scrape), LAUNCHES);
  assert.equal(below(scrape).reduce((total, { launches }) => total + launches, 0), LAUNCHES);
  assert.equal(below(scrape).reduce((total, { running }) => total + running, 0), 0);
  assert.equal(scrape.value("cnproc_events_lost_total"), 0);
  assert.equal(scrape.value(SUCCESSFUL), 1);
  assert.ok(reloads >= 6, `${reloads} reloads`);
});

Deno.test({ name: "e2e: below an ignored tree everything counts in it", ignore }, async () => {
  await using file = await ConfigFile.make('ignore: ["/**/quiet-one*"]');
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ command: [BINARY], flags: ["--source=connector", file.flag] });
  const { name } = await forest.run("quiet-one", "launch", "base", "300", "1000", "/bin/true");
  const scrape = await exporter.scrapeUntil(
    "the end of all",
    (now) => (now.treeNamed(name)?.exits.success ?? 0) >= 301,
  );
  const tree = scrape.treeNamed(name)!;
  assert.deepEqual([tree.launches, tree.running, tree.exits.success], [301, 0, 301]);
  assert.deepEqual(scrape.below(tree.path).map(({ path }) => path).filter((path) => path !== tree.path), []);
});

Deno.test({ name: "e2e: a broken file keeps the rules in use and says what is wrong where", ignore }, async () => {
  await using file = await ConfigFile.make("roots: [none]");
  await using exporter = await Exporter.start({ command: [BINARY], flags: [file.flag] });
  const began = (await exporter.scrape()).value(TIMESTAMP);
  assert.ok(Math.abs(began - Date.now() / 1000) < 60);
  const line = await reload(exporter, file, "roots:\n  - a\nrenam: []\n");
  assert.match(line, /level=error msg="Cannot reload: everything stays as it was"/);
  assert.ok(line.includes(`reason="Cannot use ${file.path}:3:1: the key `), line);
  assert.match(line, /did you mean rename\?"$/);
  const broken = await exporter.scrape();
  assert.deepEqual([broken.value(SUCCESSFUL), broken.value(TIMESTAMP)], [0, began]);
  await reload(exporter, file, "roots: [a]");
  const mended = await exporter.scrape();
  assert.equal(mended.value(SUCCESSFUL), 1);
  assert.ok(mended.value(TIMESTAMP) > began);
  await file.write("ignore: nothing");
  const refused = Exporter.launch({ command: [BINARY], flags: ["--web.listen-address=127.0.0.1:0", file.flag] });
  assert.equal((await refused.ended()).code, 1);
  const errors = refused.log.filter((line) => !line.includes("level=info"));
  assert.equal(errors.length, 1, errors.join("\n"));
  assert.match(errors[0]!, /level=error msg="Cannot use .*rules\.yml:1:9: \\"ignore\\": want a list"$/);
  assert.deepEqual(traces([...exporter.log, ...refused.log]), []);
});

Deno.test({ name: "e2e: what runs keeps its tree when it is renamed, by polls of /proc too", ignore }, async () => {
  for (const source of ["connector", "poll"]) {
    await using file = await ConfigFile.make("");
    await using forest = await Forest.build();
    const running = await forest.start(`keeps-${source}`, "sleepers", "50");
    try {
      await running.ready();
      const flags = [`--source=${source}`, "--source.poll-interval=20ms", file.flag];
      await using exporter = await Exporter.start({ command: [BINARY], flags });
      const sleepers = (scrape: Scrape) => scrape.below(scrape.treeNamed(running.name)!.path);
      const before = sleepers(await exporter.scrape()).map(({ path, launches, running }) => [path, launches, running]);
      assert.match(await reload(exporter, file, "rename: [{ label: sleeper, as: dozer }]"), /Reloaded/);
      if (source === "poll") {
        const polls = async () => (await exporter.scrape()).value("cnproc_polls_total");
        const seen = await polls();
        await poll("further polls", async () => await polls() > seen + 3);
      }
      const after = sleepers(await exporter.scrape()).map(({ path, launches, running }) => [path, launches, running]);
      assert.deepEqual(after, before);
      assert.ok(
        after.some(([path, launches, running]) =>
          String(path).endsWith("/sleeper") && launches === 50 && running === 50
        ),
      );
    } finally {
      await running.end();
    }
  }
});
