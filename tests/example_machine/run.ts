/**
 * Lets two days pass on an ordinary Debian machine, and tells which trees the exporter had seen after each:
 *
 *     deno task example-machine [--cache=FOLDER] [--events=FOLDER] [--update]
 *
 * The first day's trees and what the second one adds are compared with the lists in tests/fixtures/example_machine, which
 * docs/example-machine.md explains; `--update` writes them there. Another exporter has the rules that are recommended there.
 * `--events` keeps each day's launches as lines of JSON (docs/siem.md). Needs root (on the machine itself: the kernel tells nobody
 * else of all launches), mmdebstrap, gpgv and openssh-client. The exit status is 1 where trees differ, or the second day has five
 * new ones or more by those rules.
 *
 * @module
 */

import { Exporter } from "../live/exporter.ts";
import { run } from "../vm/command.ts";
import { DAY_COUNT, live } from "./day.ts";
import { rootOf } from "./image.ts";
import { Machine } from "./machine.ts";
import { type List, LISTS, page, record, recorded, rulesOn } from "./page.ts";
import { eventsWithin, familiesOf, isBelowRandom, type Size, sizeOfFamilies, sizeOfText, treesOf } from "./reading.ts";

/** How long an exporter may take to start, on a busy machine. */
const START_MS = 300_000;
/** So many new trees on the second day are too many, by the rules that are recommended. */
const TOO_MANY_NEW = 5;

interface Options {
  cache: string;
  events: string | undefined;
  update: boolean;
}

function parse(args: readonly string[]): Options {
  const options: Options = { cache: "/var/cache/cnproc-exporter-vm", events: undefined, update: false };
  for (const arg of args) {
    const [name, value = ""] = arg.split(/=(.*)/s, 2);
    if (name === "--cache" && value !== "") options.cache = value;
    else if (name === "--events" && value !== "") options.events = value;
    else if (arg === "--update") options.update = true;
    else {
      console.error(`Cannot read ${arg}: want --cache=FOLDER --events=FOLDER --update`);
      Deno.exit(2);
    }
  }
  return options;
}

/** Prints what one list has and the other hasn't; gives how many that are. */
function printDifference(seen: readonly string[], expected: readonly string[]): number {
  const isNew = seen.filter((tree) => !expected.includes(tree));
  const isGone = expected.filter((tree) => !seen.includes(tree));
  for (const tree of isNew) console.log(`+ ${tree}`);
  for (const tree of isGone) console.log(`- ${tree}`);
  return isNew.length + isGone.length;
}

/** Prints how large the scrapes of a profile are, for docs/fleet.md. */
async function printSizes(profile: string, exporter: Exporter): Promise<void> {
  const { text } = await exporter.get("/metrics"), trees = treesOf(text).length;
  const sizes: Record<string, Size> = { text: sizeOfText(text), protobuf: sizeOfFamilies(await familiesOf(exporter)) };
  for (const [format, { series, own, bytes }] of Object.entries(sizes)) {
    const perTree = (series / trees).toFixed(1);
    console.log(`${profile}, ${format}: ${perTree} series a tree, ${own} of the exporter, ${bytes} bytes`);
  }
}

/** Fails when somebody ends this process, so that what was started ends before it. */
function interruption(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => reject(new Error(`Cannot go on: ${signal}`)));
  }
  return promise;
}

/** The trees that there are after a day, without rules and with those that are recommended. */
type Day = Readonly<Record<"plain" | "ruled", readonly string[]>>;

/** Lets the days pass. */
async function passDays(folder: string, { cache, events }: Options): Promise<Day[]> {
  const key = `${folder}/key`, log = `${folder}/events`, rules = `${folder}/rules.yml`, days: Day[] = [];
  await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key]);
  const root = await rootOf(folder, cache, await Deno.readTextFile(`${key}.pub`));
  await using machine = await Machine.prepare(root);
  // The machine that it all runs on may have more trees than the example.
  const start = (...flags: string[]) =>
    Exporter.start({ flags: ["--trees.max=10000", "--trees.max-once=256", ...flags], timeoutMs: START_MS });
  await using full = await start(`--event-log=${log}`, "--event-log.only=all");
  await using small = await start("--metrics.profile=small");
  await Deno.writeTextFile(rules, rulesOn(await page()));
  await using ruled = await start(`--config.file=${rules}`);
  if (isBelowRandom((await full.get("/metrics")).text)) {
    throw new Error(
      "Cannot tell what is random there: this runs below a machine-made name; start it with setsid --fork",
    );
  }
  const began = performance.now();
  const interrupted = interruption();
  await Promise.race([machine.boot(), interrupted]);
  let told = 0;
  for (let day = 0; day < DAY_COUNT; day++) {
    const upgraded = await Promise.race([live(machine, day, key), interrupted]);
    const trees = async (exporter: Exporter) => treesOf((await exporter.get("/metrics")).text);
    const passed = { plain: await trees(full), ruled: await trees(ruled) };
    days.push(passed);
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(`day ${day + 1}: ${upgraded} packages upgraded, ${seconds} s since the boot`);
    console.log(`day ${day + 1}: ${passed.plain.length} trees, ${passed.ruled.length} with the rules`);
    const text = await Deno.readTextFile(log), end = text.lastIndexOf("\n") + 1;
    const lines = [...eventsWithin(text.slice(told, end))];
    told = end;
    if (events !== undefined) await Deno.writeTextFile(`${events}/day-${day + 1}.jsonl`, `${lines.join("\n")}\n`);
  }
  for (const [profile, exporter] of Object.entries({ full, small })) await printSizes(profile, exporter);
  return days;
}

async function main(options: Options): Promise<boolean> {
  await Deno.mkdir(options.cache, { recursive: true });
  const folder = await Deno.makeTempDir({ prefix: "example-machine-", dir: options.cache });
  try {
    const [first, second] = await passDays(folder, options) as [Day, Day];
    const added = (which: keyof Day) => second[which].filter((tree) => !first[which].includes(tree));
    const lists: Record<List, readonly string[]> = { trees: first.plain, second_day: added("plain") };
    let differences = 0;
    for (const list of LISTS) {
      if (options.update) await record(list, lists[list]);
      console.log(`differences from ${list}.txt:`);
      differences += printDifference(lists[list], await recorded(list));
    }
    const ruled = added("ruled");
    console.log(`the second day's new trees with the rules:\n${ruled.join("\n")}`);
    console.log(`${differences} differ; ${added("plain").length} were new, ${ruled.length} with the rules`);
    return differences === 0 && ruled.length < TOO_MANY_NEW;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const isAsRecorded = await main(parse(Deno.args));
  Deno.exit(isAsRecorded ? 0 : 1);
}
