/**
 * Shells, and what runs one line after the other: a row each. Options that take no value need no mention.
 *
 * @module
 */

import type { Interpreter } from "./grammar.ts";

/** Shells and their kin. */
export const SHELLS: readonly Interpreter[] = [
  {
    names: ["sh", "dash", "ash", "hush", "posh", "yash", "mrsh", "bosh", "pbosh"],
    manual: "dash(1); POSIX.1-2017, sh",
    hyphen: "end",
    plus: true,
    letters: { inline: "c", stdin: "s", next: "o" },
  },
  {
    names: ["bash", "rbash"],
    manual: "bash(1), Options and Arguments",
    hyphen: "end",
    plus: true,
    letters: { inline: "c", stdin: "s", next: "oO" },
    words: { value: "--rcfile --init-file", ends: "--version --help" },
    before: { place: "--rcfile --init-file" },
  },
  {
    names: ["zsh", "rzsh"],
    manual: "zshoptions(1), zsh(1) Invocation",
    hyphen: "end",
    plus: true,
    letters: { inline: "c", stdin: "s", value: "o", end: "b" },
    words: { value: "--emulate", ends: "--version --help" },
  },
  {
    names: ["ksh", "ksh93", "rksh", "mksh", "lksh", "pdksh", "oksh", "loksh"],
    manual: "ksh93(1) Invocation; mksh(1)",
    hyphen: "end",
    plus: true,
    letters: { inline: "c", stdin: "s", value: "oTR" },
  },
  {
    names: ["fish"],
    manual: "fish(1)",
    letters: { inline: "c", ends: "vh", value: "Cdfop" },
    before: { code: "-C --init-command" },
    words: {
      inline: "--command",
      ends: "--version --help",
      value: "--init-command --debug --features --debug-output --profile --profile-startup --debug-stack-frames",
    },
  },
  {
    names: ["csh", "tcsh"],
    manual: "tcsh(1), Argument list processing",
    letters: { inline: "c", stdin: "s", end: "b" },
    words: { ends: "--version --help" },
  },
  {
    names: ["awk", "gawk", "mawk", "nawk", "bwk", "goawk"],
    manual: "gawk(1), mawk(1); POSIX.1-2017, awk: the first operand is the program's text",
    operand: "text",
    letters: { part: "f", script: "E", value: "FvilWe", attached: "dDopL", ends: "Vh" },
    before: { code: "-e --source", beside: "-i -l --include --load" },
    words: {
      part: "--file",
      script: "--exec",
      value: "--field-separator --assign --include --load --source",
      ends: "--version --help",
    },
  },
  {
    names: ["expect"],
    manual: "expect(1): a script runs after the commands of -c",
    letters: { value: "cD", script: "fb", ends: "v" },
    before: { code: "-c" },
  },
  {
    names: ["tclsh", "wish", "jimsh"],
    manual: "tclsh(1), wish(1): `-encoding name` is the only option",
    hyphens: "stdin",
    unlisted: "stdin",
    words: { value: "-encoding" },
  },
  {
    names: ["nu"],
    isBundled: true,
    manual: "nu(1), Nushell",
    letters: { inline: "c", value: "etmI", ends: "vh" },
    words: {
      inline: "--commands",
      value:
        "--execute --table-mode --error-style --config --env-config --plugin-config --plugins --log-level --log-target " +
        "--include-path --threads",
      ends: "--version --help",
    },
    before: { code: "-e --execute", place: "--config --env-config" },
  },
  {
    names: ["elvish"],
    isBundled: true,
    manual: "https://elv.sh/ref/command.html",
    words: {
      inline: "-c --c",
      value: "-rc --rc -db --db -log --log -sock --sock",
      ends: "-version --version -help --help",
    },
    before: { place: "-rc --rc" },
  },
  {
    names: ["osh", "ysh"],
    isBundled: true,
    manual: "https://oils.pub/release/latest/doc/",
    hyphen: "end",
    plus: true,
    letters: { inline: "c", stdin: "s", next: "oO" },
    words: { value: "--rcfile --rcdir", ends: "--version --help" },
    before: { place: "--rcfile --rcdir" },
  },
  {
    names: ["execlineb"],
    manual: "https://skarnet.org/software/execline/execlineb.html",
    letters: { inline: "c", value: "sS" },
  },
  {
    names: ["openrc-run", "runscript"],
    manual: "openrc-run(8): the interpreter of its init scripts",
    letters: { ends: "hV" },
    words: { ends: "--help --version" },
  },
];
