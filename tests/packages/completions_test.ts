/** Completions in the shells themselves. */

import assert from "node:assert/strict";
import { completions } from "../../scripts/completions.ts";
import { requireTool } from "../require.ts";
import { FAKE_SET } from "../unit/metrics/command_line/fake_set.ts";
import { must, temporaryFolder } from "./artifacts.ts";

/** What was typed, the last word being completed, and what is offered. */
const CASES: ReadonlyArray<readonly [typed: string[], offered: string[]]> = [
  [["--l"], ["--level="]],
  [["sh"], ["show"]],
  [[""], ["list", "run", "show"]],
  [["list", ""], ["all"]],
  [["list", "all", "--l"], ["--limit="]],
  [["show", "--"], ["--file=", "--help", "--limit=", "--no-color", "--version"]],
  [["--level", "h"], ["high"]],
  [["run", "--level", ""], ["high", "low"]],
];

/** Without what only some shells offer: files, and the = of a flag with a value. */
function plain(offers: readonly string[]): string[] {
  return offers.map((offer) => offer.split("\t")[0]!.replace(/=$/, "")).filter((offer) => offer !== "").sort();
}

Deno.test({ name: "packages: bash completes", ignore: requireTool("bash") }, async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/completion`, completions("bash", FAKE_SET));
  const ask = async (words: readonly string[]) => {
    const quoted = ["cnproc-exporter", ...words].map((word) => `'${word}'`).join(" ");
    const script =
      `compopt() { :; }; source ${folder.path}/completion; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; ` +
      '_cnproc_exporter; printf "%s\\n" "${COMPREPLY[@]}"';
    return plain((await must(["bash", "-c", script])).split("\n"));
  };
  for (const [typed, offered] of CASES) assert.deepEqual(await ask(typed), plain(offered), typed.join(" "));
  assert.deepEqual(await ask(["--level", "=", "l"]), ["low"], "bash divides words at =");
  assert.deepEqual(await ask(["--level", "="]), ["high", "low"]);
});

Deno.test({ name: "packages: fish completes", ignore: requireTool("fish") }, async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/completion`, completions("fish", FAKE_SET));
  const ask = async (words: readonly string[]) => {
    const script = `source ${folder.path}/completion; complete -C 'cnproc-exporter ${words.join(" ")}'`;
    return plain((await must(["fish", "--no-config", "-c", script], { env: { HOME: folder.path } })).split("\n"));
  };
  // It offers -h beside --help, and needs two dashes to offer flags alone.
  for (const [typed, offered] of CASES) assert.deepEqual(await ask(typed), plain(offered), typed.join(" "));
  assert.deepEqual(await ask(["--level=l"]), ["--level=low"]);
});

Deno.test({ name: "packages: zsh completes", ignore: requireTool("zsh") }, async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/_cnproc-exporter`, completions("zsh", FAKE_SET));
  // A shell in a pseudo terminal in which Tab is pressed; what is offered goes to a file, one word a line.
  const script = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PROMPT=; fpath=(${folder.path} $fpath); autoload -U compinit; compinit -u -D; zstyle ":completion:*" list-colors ""'
zpty -w shell 'compadd() { builtin compadd -O offers "$@"; print -rl -- $offers >> ${folder.path}/offers; builtin compadd "$@" }'
zpty -w shell 'print READY > ${folder.path}/ready'
until [[ -s ${folder.path}/ready ]]; do sleep 0.02; done
zpty -w -n shell "cnproc-exporter $1"$'\\t'
for try in {1..100}; do [[ -s ${folder.path}/offers ]] && break; sleep 0.05; done
zpty -d shell`;
  for (
    const [typed, offered] of [[["--lev"], ["--level"]], [["run", "--level="], ["high", "low"]], [["list", ""], [
      "all",
    ]]] as const
  ) {
    await Deno.remove(`${folder.path}/offers`).catch(() => {});
    await Deno.remove(`${folder.path}/ready`).catch(() => {});
    await must(["zsh", "-f", "-c", script, "zsh", typed.join(" ")], { env: { HOME: folder.path, TERM: "dumb" } });
    const offers = new Set(
      plain((await Deno.readTextFile(`${folder.path}/offers`)).split("\n")).map((offer) => offer.split(":")[0]!),
    );
    for (const offer of offered) assert.ok(offers.has(offer), `${typed.join(" ")}: ${[...offers].join(" ")}`);
  }
});
