/** Nothing that README and docs tell people to type is made up: commands, flags, tasks, files, links. */

import assert from "node:assert/strict";
import { parse } from "yaml";
import { COMMAND_SET, parseCommandLine, SWITCHES } from "../../../metrics/command_line/mod.ts";
import { blocksOf, documents, inlineCode, invocations, textOf, typedIn } from "../../documents/mod.ts";
import { treatmentOf, unused } from "../../documents/treatment.ts";

const BLOCKS = documents().flatMap((file) => blocksOf(file));
const TYPED = BLOCKS.flatMap(typedIn);
const SETTINGS = JSON.parse(textOf("deno.json")) as { version: string; tasks: Record<string, unknown> };

/** Flags of other programs that documents speak of, with whose they are. */
const FOREIGN = new Map([
  ...["ffi", "net", "read", "write", "env"].map((name) => [`allow-${name}`, "deno"] as const),
  ["enable-feature", "prometheus"],
  ["evaluate", "scripts/train_randomness.ts"],
  ["no-left-out", "scripts/train_randomness.ts"],
  ["verify", "scripts/compile.ts, dpkg"],
  ["cache", "tests/vm/run.ts"],
  ["kernels", "tests/vm/run.ts"],
  ["jobs", "tests/vm/run.ts"],
  ["quick", "tests/vm/run.ts"],
  ["pid", "docker"],
]);

Deno.test("a session's commands and their output are told apart, a script's runs of the exporter found", () => {
  const [session, script] = blocksOf("x.md", "a\n```console\n$ a \\\n  b\n1\n2\n# c\n```\n  ```sh\nx\n  ```\n");
  assert.deepEqual(
    typedIn(session!),
    [
      { file: "x.md", line: 3, command: "a \\\n  b", output: "1\n2\n" },
      { file: "x.md", line: 7, command: "c", output: "" },
    ].map((typed) => ({ ...typed })),
  );
  assert.deepEqual([script!.line, typedIn(script!).map(({ command }) => command)], [9, ["x"]]);
  assert.deepEqual(
    invocations(
      `sudo cnproc-exporter trace --filter='a b' | head\n"$exporter" x 2> log &\n./dist/cnproc-exporter\n` +
        "systemctl restart cnproc-exporter # cnproc-exporter y\ncat cnproc-exporter.yml\n(cnproc-exporter z)\n",
    ),
    [["trace", "--filter=a b"], ["x"], [], ["z"]],
  );
});

Deno.test("every command of README and docs is executed by a test, or named with the reason why not", () => {
  const forgotten = TYPED.filter((typed) => treatmentOf(typed) === undefined);
  assert.deepEqual(forgotten.map(({ file, line, command }) => `${file}:${line}: ${command}`), []);
  assert.deepEqual(unused(TYPED), []);
  const executed = TYPED.filter((typed) => !("because" in treatmentOf(typed)!));
  // A document that loses its commands isn't one whose commands are right.
  assert.ok(executed.length >= 25, `${executed.length} of ${TYPED.length}`);
});

Deno.test("every run of the exporter, in blocks and between backticks, is one that the program takes", () => {
  const blocks = TYPED.map(({ file, line, command }) => ({ at: `${file}:${line}`, script: command }));
  const inline = documents().flatMap((file) =>
    // What may be left out, or stands for several words, is a synopsis.
    inlineCode(textOf(file)).filter((code) => !/[[…]/.test(code)).map((script) => ({ at: file, script }))
  );
  let count = 0;
  for (const { at, script } of [...blocks, ...inline]) {
    for (const args of invocations(script)) {
      count++;
      assert.doesNotThrow(() => parseCommandLine(args), `${at}: cnproc-exporter ${args.join(" ")}`);
    }
  }
  assert.ok(count >= 40, `${count}`);
});

Deno.test("every flag that is spoken of is one", () => {
  const flags = COMMAND_SET.commands.flatMap((command) => Object.values(command.flags).map(({ name }) => name));
  const known = new Set([...flags, ...SWITCHES.map(({ name }) => name), ...FOREIGN.keys()]);
  for (const file of documents()) {
    for (const code of inlineCode(textOf(file))) {
      const [, flag] = /^--([a-z][a-z.-]*)/.exec(code) ?? [];
      if (flag !== undefined) assert.ok(known.has(flag), `${file}: --${flag}`);
    }
  }
});

Deno.test("every task that is spoken of is one", () => {
  for (const file of documents()) {
    for (const [, task] of textOf(file).matchAll(/\bdeno(?:@[\d.]+)? task ([a-z][a-z0-9:-]*)/g)) {
      assert.ok(task! in SETTINGS.tasks, `${file}: deno task ${task}`);
    }
  }
});

Deno.test("every link leads to a file, and to a heading in it", async () => {
  for (const file of documents()) {
    for (const [, path, anchor] of textOf(file).matchAll(/\]\((?![a-z]+:)([^)#]*)#?([^)]*)\)/g)) {
      const target = path === "" ? file : new URL(path!, `file:///${file}`).pathname.slice(1);
      await assert.doesNotReject(Deno.stat(new URL(`../../../${target}`, import.meta.url)), `${file}: ${path}`);
      if (anchor !== "") assert.ok(anchorsOf(textOf(target)).includes(anchor!), `${file}: ${path}#${anchor}`);
    }
  }
});

/** The anchors that GitHub makes of headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
  );
}

Deno.test("what is shown as YAML or JSON is", () => {
  for (const { file, line, language, text } of BLOCKS) {
    if (language === "yaml") assert.doesNotThrow(() => parse(text), `${file}:${line}`);
    const lines = language === "json" ? text.trim().split("\n") : [];
    for (const json of lines) assert.doesNotThrow(() => JSON.parse(json), `${file}:${line}`);
  }
});

Deno.test("README fits on five screens, and its packages have the names that are built", () => {
  const readme = textOf("README.md"), { version } = SETTINGS;
  assert.ok(readme.split("\n").length <= 150);
  const names = [...readme.matchAll(/releases\/download\/v([\d.]+)\/(\S+)/g)].map(([, tag, name]) => [tag, name]);
  assert.deepEqual(names, [
    [version, `cnproc-exporter_${version}-1_amd64.deb`],
    [version, `cnproc-exporter-${version}-1.x86_64.rpm`],
  ]);
});
