/**
 * Names, command lines and files that a careless reader stumbles over: clean labels, exact counts, an exposition that holds.
 * What runs lives for less than a millisecond: where names come from /proc, most have theirs.
 */

import assert from "node:assert/strict";
import { requireRoot, requireTool } from "../require.ts";
import { Exporter, NAMED_BY_PROC, testCaptures } from "./exporter.ts";
import { parseSamples, type Scrape } from "./exposition.ts";
import { Forest } from "./forest.ts";

const bytes = (text: string) => [...new TextEncoder().encode(text)];
const hex = (values: readonly number[]) => values.map((value) => value.toString(16).padStart(2, "0")).join("");

/** File names, and their labels. */
const NAMES: readonly (readonly [name: readonly number[], label: string])[] = [
  [bytes("two\nlines"), "two\\x0alines"],
  [bytes(`it's "quoted"`), `it's "quoted"`],
  [[...bytes("not-"), 0xff, 0xfe, 0x80, ...bytes("-utf")], "not-\\u{fffd}\\u{fffd}\\u{fffd}-utf"],
  [bytes("\x1b[31mred\x07\x1b]0;title\x07"), "\\x1b[31mred\\x07\\x1b]0;title\\x07"],
  [bytes(`{tree="spoofed",le=","};`), `{tree="spoofed",le=","};`],
  [bytes('x" 1\n# EOF\nprocess_spoofed 1'), 'x" 1\\x0a# EOF\\x0aprocess_spoofed 1'],
  [bytes("back\\slash"), "back\\\\slash"],
  [bytes(" leading and trailing "), "\\x20leading and trailing\\x20"],
  [bytes("right\u202eleft"), "right\\u{202e}left"],
  [bytes("a) R 1 (b"), "a) R 1 (b"],
  [bytes("\r\t\x01\x7f"), "\\x0d\\x09\\x01\\x7f"],
  [bytes("base"), "\\base"],
  [bytes("unknown"), "\\unknown"],
  [bytes("a very long name ".repeat(15)), `${"a very long name ".repeat(4).slice(0, 63)}…`],
  [bytes("größe-測る"), "größe-測る"],
  [bytes("измерять-測る"), "измерять-測る"],
  [bytes("\u0441at"), "\\u{441}at"], // a letter that looks like another
];

/** Runs of hostile.c: mode, argument, and the tree below it; in the order of the tests. */
interface Case {
  readonly what: string;
  readonly args: readonly string[];
  readonly label: string;
}

const CASES: readonly Case[] = [
  ...NAMES.map(([name, label]) => ({ what: `the name ${label}`, args: ["name", hex(name)], label })),
  ...NAMES.map(([name, label]) => ({ what: `the script ${label}`, args: ["script", hex(name)], label })),
  // What sh was given is no script, so it is the shell itself, which is of the base system.
  { what: "no argument at all", args: ["empty"], label: "base" },
  { what: "an empty argument", args: ["argv", hex(bytes("sh\0\0"))], label: "base" },
  {
    what: "a name of the process that is no name",
    args: ["argv", hex([0xff, 0x0a, 0, ...bytes("-c"), 0, ...bytes(":"), 0])],
    label: "base",
  },
  { what: "a command line of nearly 2 MB", args: ["long"], label: "base" },
  {
    what: "a script that does not exist",
    args: ["argv", hex([...bytes("sh\0missing-\n.sh\0")])],
    label: "missing-\\x0a.sh",
  },
  { what: "a deleted executable", args: ["deleted"], label: "vanishing" },
  { what: "an executable in memory", args: ["memfd", hex(bytes('anonymous "\n'))], label: 'memfd:anonymous "\\x0a' },
];

/** Whether a text could do harm in a terminal, or break a line. */
const UNCLEAN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\ufffd]/u;

function assertClean(scrape: Scrape): void {
  for (const tree of scrape.trees.keys()) {
    assert.ok(!UNCLEAN.test(tree), JSON.stringify(tree));
    for (const label of tree.slice(1).split("/")) assert.ok(label.length > 0 && [...label].length <= 64, tree);
  }
  assert.ok(!scrape.text.split("\n").some((line) => /^process_spoofed|^# EOF./.test(line)));
}

/** Starts a mode that waits, and waits until it does. Gives what ends it. */
async function start(forest: Forest, ...args: string[]): Promise<() => Promise<void>> {
  const child = new Deno.Command(forest.path("hostile"), { args, cwd: forest.folder, stdin: "piped", stdout: "piped" })
    .spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value).trim(), "ready");
  return async () => {
    await reader.cancel();
    await child.stdin.close();
    await child.status;
  };
}

testCaptures("live: hostile names and command lines", requireRoot() || requireTool("cc", "gcc"), async (capture, t) => {
  await using forest = await Forest.build();
  const { success, stderr } = await new Deno.Command("cc", {
    args: ["-O1", "-o", forest.path("hostile"), `${import.meta.dirname}/hostile.c`],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const ends = [
    await start(forest, "comm", hex(bytes("x) Z 1 (\n y"))),
    await start(forest, "rewrite"),
  ];
  try {
    await using exporter = await Exporter.start({ capture, flags: ["--trees.max=10000"] });
    let named = 0;

    await t.step(
      "processes that were there before: a thread's name and a command line that were written over",
      async () => {
        const scrape = await exporter.scrape();
        const root = scrape.treeNamed("hostile")!;
        assert.equal(root.running, 2);
        assert.equal(scrape.trees.get(`${root.path}/python3@tmp`)?.running, 1); // it only calls itself so
        assertClean(scrape);
      },
    );

    for (const { what, args, label } of CASES) {
      await t.step(what, async () => {
        const before = await exporter.scrape();
        const { code } = await new Deno.Command(forest.path("hostile"), {
          args: [...args],
          cwd: forest.folder,
          stdin: "null",
          stderr: "null",
        })
          .output();
        assert.equal(code, 0);
        const path = `${before.treeNamed("hostile")!.path}/${label}`;
        const launches = (scrape: Scrape) => scrape.trees.get(path)?.launches ?? 0;
        const all = (scrape: Scrape) => scrape.treesThrough("hostile").reduce((sum, tree) => sum + tree.launches, 0);
        const scrape = await exporter.scrapeUntil("both launches", (scrape) => all(scrape) >= all(before) + 2);
        assert.equal(all(scrape), all(before) + 2);
        const isNamed = launches(scrape) === launches(before) + 1;
        const figures = () => JSON.stringify(scrape.treesThrough("hostile").map((tree) => [tree.path, tree.launches]));
        if (capture === "bpf") assert.ok(isNamed, `a launch of ${path} among ${figures()}`);
        if (isNamed) named++;
        assertClean(scrape);
      });
    }

    await t.step("all have their names, or most", () => {
      const least = capture === "bpf" ? CASES.length : NAMED_BY_PROC * CASES.length;
      assert.ok(named >= least, `${named} of ${CASES.length} named`);
    });

    await t.step("each was counted once, in both formats, and nothing was complained about", async () => {
      const scrape = await exporter.scrapeUntil("the ends", (scrape) => scrape.treeNamed("hostile")!.running === 2);
      const launches = scrape.treesThrough("hostile").reduce((sum, tree) => sum + tree.launches, 0);
      assert.equal(launches, 3 + 2 * CASES.length);
      const { text } = await exporter.get("/metrics", { Accept: "application/openmetrics-text; version=1.0.0" });
      assert.ok(text.endsWith("\n# EOF\n") && text.indexOf("\n# EOF") === text.length - 7);
      assert.equal(parseSamples(text).filter(({ name }) => name === "process_spoofed").length, 0);
      assert.deepEqual(exporter.log.filter((line) => /level=(?:warn|error)/.test(line)), []);
      assert.ok(!exporter.log.some((line) => UNCLEAN.test(line)));
    });
  } finally {
    for (const end of ends) await end();
  }
});
