/**
 * How well the exporter's evidence tells intrusions from ordinary work: replays recorded weeks through its own code and the shipped
 * rules, and prints what docs/detection.md has. Ends with 1 where a figure isn't what it has to be.
 *
 * `deno task detection` evaluates, without root; `--write` puts the figures into the page; `--record[=ordinary,techniques,chains]`
 * records anew, as root.
 *
 * @module
 */

import { isolationForest } from "./detection/isolation_forest.ts";
import { record, recordApart } from "./detection/record.ts";
import { KINDS } from "./detection/recording.ts";
import { reportText, shownShare, WANTED } from "./detection/report.ts";
import { figuresOf, FLEET, readCorpus } from "./detection/week.ts";

const PAGE = new URL("../docs/detection.md", import.meta.url);
/** What stands around the figures in the page. */
const AROUND = /(<!-- deno-fmt-ignore-start -->\n)[\s\S]*(\n<!-- deno-fmt-ignore-end -->)/;

async function evaluateAll(isWritten: boolean): Promise<number> {
  const figures = await figuresOf(
    await readCorpus(),
    FLEET,
    (learn, score) => isolationForest(learn, score, FLEET.seed),
  );
  const text = reportText(figures), { techniques, chains, alerts, rankings } = figures;
  console.log(text);
  if (rankings.length < 4) {
    console.error("detection: without an isolation forest: scikit-learn can't be had (python3, venv, pip)");
  }
  if (isWritten) {
    const page = await Deno.readTextFile(PAGE);
    await Deno.writeTextFile(PAGE, page.replace(AROUND, (_, before, after) => before + text + after));
  }
  const best = rankings[0]!,
    isEnough = shownShare(techniques) >= WANTED.techniques && shownShare(chains) >= WANTED.chains &&
      alerts.all < WANTED.alerts && best.deeds >= WANTED.auroc;
  if (!isEnough) console.error("detection: a figure isn't what it has to be");
  return isEnough ? 0 : 1;
}

if (import.meta.main) {
  const [argument = ""] = Deno.args, kinds = KINDS.filter((kind) => !argument.includes("=") || argument.includes(kind));
  if (argument.startsWith("--record-here")) await record(kinds);
  else if (argument.startsWith("--record")) Deno.exit(await recordApart(import.meta.filename!, kinds));
  else if (argument === "" || argument === "--write") Deno.exit(await evaluateAll(argument === "--write"));
  else {
    console.error("usage: detection.ts [--write | --record[=ordinary,techniques,chains]]");
    Deno.exit(2);
  }
}
