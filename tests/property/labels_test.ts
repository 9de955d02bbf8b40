import assert from "node:assert/strict";
import fc from "fast-check";
import { findInterpreter, findProgram } from "../../fingerprint/interpreters/command_line.ts";
import { INTERPRETERS } from "../../fingerprint/interpreters/table.ts";
import { escapeLabel, escapeName } from "../../fingerprint/labels/escape.ts";
import { Labeller } from "../../fingerprint/labels/labeller.ts";
import { BasePaths } from "../../fingerprint/base/programs.ts";
import { MapFiles } from "../unit/fingerprint/map_files.ts";
import { runs } from "./runs.ts";

const base = BasePaths.load(new MapFiles());

/** Any 16-bit units, lone surrogates too, with those that matter to labels more often than others. */
const anyText = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    fc.constantFrom(
      "/",
      "\\",
      "\n",
      " ",
      "-",
      "=",
      ".",
      "\0",
      "\ufffd",
      "\udc80",
      "🙂",
      "deleted)",
      " (deleted)",
      "/memfd:",
    ),
  ),
  { maxLength: 300, size: "max" },
).map((units) => units.join(""));

/** Arguments as interpreters know them, and anything else. */
const words = INTERPRETERS.flatMap((row) => [
  ...Object.values(row.words ?? {}).flatMap((list: string) => list.split(" ")),
  ...Object.values(row.commands ?? {}).flatMap((list: string) => list.split(" ")),
  ...Object.values(row.letters ?? {}).flatMap((list: string) => [...list].map((letter) => `-${letter}`)),
]);
const argument = fc.oneof(fc.constantFrom(...words, "-", "--", "", "x.sh", "./y", "/z"), anyText);
const executable = fc.constantFrom(...INTERPRETERS.flatMap((row) => row.names));

/** What a label may consist of: plain characters and whole escapes. */
const LABEL =
  /^(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\ufffd/\\]|\\(?:\\|x[0-9a-f]{2}|u\{[0-9a-f]{1,6}\}))+$|^\\(?:0|base|random|other|unknown|systemd)$/u;

Deno.test("any text makes a clean label of at most 64 characters", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const label of [escapeLabel(text), escapeName(text)]) {
        assert.match(label, LABEL);
        assert.ok([...label].length <= 64);
        assert.ok(label.isWellFormed());
        assert.ok(!label.startsWith(" ") && !label.endsWith(" "));
      }
    }),
    { numRuns: runs(2000) },
  );
});

Deno.test("different short texts have different labels, so that no name passes for another", () => {
  const short = fc.string({ unit: "binary", minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(short, short, (one, other) => {
      assert.equal(escapeLabel(one) === escapeLabel(other), one === other);
    }),
    { numRuns: runs(2000) },
  );
});

Deno.test("any executable with any command line in any folder gets a label", () => {
  const labeller = new Labeller(base);
  const path = fc.oneof(anyText, fc.tuple(anyText, executable).map(([folder, name]) => `/${folder}/${name}`));
  fc.assert(
    fc.property(path, fc.array(argument, { maxLength: 12 }), fc.option(anyText), (exe, argv, cwd) => {
      const known = labeller.executable(exe);
      const found = labeller.program(known, argv, () => cwd ?? undefined);
      for (const one of [known, found]) {
        assert.match(one.label, LABEL);
        assert.ok([...one.label].length <= 64);
        assert.equal(one.base, one.label === "base");
        assert.ok(!(one.base && one.random));
      }
    }),
    { numRuns: runs(3000) },
  );
});

Deno.test("what an interpreter runs is one of its arguments, or a part of one", () => {
  fc.assert(
    fc.property(executable, fc.array(argument, { maxLength: 12 }), (name, argv) => {
      const program = findProgram(findInterpreter(name)!, argv);
      if (program === undefined || program.kind === "unknown" || program.kind === "inline") return;
      const text = "path" in program ? program.path : program.name;
      assert.notEqual(text, "");
      // A script may be told together with a folder that stands in an argument before it.
      assert.ok(
        argv.some((one) => text.endsWith(one) || one.includes(text) || one.replaceAll("/", ".").includes(text)),
        text,
      );
    }),
    { numRuns: runs(3000) },
  );
});

Deno.test("options before a script never change which script it is", () => {
  const flags: { readonly [name: string]: readonly string[] } = {
    bash: ["-e", "-x", "-eu", "+x", "--norc", "-o pipefail", "-euo pipefail", "--rcfile f", "-O extglob"],
    dash: ["-e", "-x", "-eu", "+x", "-o errexit"],
    "python3.12": ["-u", "-B", "-IE", "-W ignore", "-Wx", "-X dev", "-bb", "-OO"],
    perl: ["-w", "-T", "-Ilib", "-I lib", "-Mstrict", "-i.bak", "-0777", "-l012", "-d:Trace"],
    ruby: ["-w", "-W0", "-I lib", "-rset", "--enable x", "--encoding=u"],
    node: ["-r m", "--require=m", "--import m", "--inspect", "--max-old-space-size=9", "--title t", "-C c"],
    php: ["-n", "-d a=b", "-da=b", "-c f", "-q"],
    lua: ["-i", "-e x=1", "-lm", "-l m", "-W"],
  };
  for (const [name, options] of Object.entries(flags)) {
    const interpreter = findInterpreter(name)!;
    fc.assert(fc.property(fc.array(fc.constantFrom(...options), { maxLength: 8 }), (chosen) => {
      const argv = [name, ...chosen.flatMap((option) => option.split(" ")), "/srv/run.x", "-c", "-m", "other"];
      const program = findProgram(interpreter, argv);
      assert.deepEqual(program?.kind === "script" && program.path, "/srv/run.x", argv.join(" "));
    }));
  }
});

Deno.test("a command line of 2 MB costs no more than its first arguments", () => {
  const labeller = new Labeller(base);
  const bash = labeller.executable("/usr/bin/bash");
  const lines = [Array<string>(1_000_000).fill("-x"), ["bash", "-".repeat(2_000_000)], [
    "bash",
    `--${"=".repeat(2_000_000)}`,
  ], [
    "bash",
    "/".repeat(2_000_000),
  ]];
  for (const argv of lines) {
    labeller.program(bash, argv, () => undefined);
    const start = performance.now();
    for (let i = 0; i < 10; i++) labeller.program(bash, argv, () => undefined);
    assert.ok(performance.now() - start < 1000, `${argv.length} arguments`);
  }
});
