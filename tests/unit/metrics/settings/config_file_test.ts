import assert from "node:assert/strict";
import { CompiledRules, NO_RULES } from "../../../../fingerprint/mod.ts";
import { readRules, rulesOf } from "../../../../metrics/settings/config_file.ts";
import { ConfigError } from "../../../../metrics/text/mod.ts";
import { loadExpressions } from "../../../../fingerprint/labels/expressions.ts";

await loadExpressions();

const parse = (text: string) => rulesOf(text, "config.yml");

Deno.test("the example holds every key, and its rules do what it says", async () => {
  const rules = await readRules(`${import.meta.dirname}/../../../../deploy/cnproc-exporter.yml`);
  assert.deepEqual(Object.keys(rules), Object.keys(NO_RULES));
  for (const list of [rules.rename, rules.base.add, rules.base.remove, rules.ignore, rules.roots]) {
    assert.ok(list.length > 0);
  }
  const compiled = new CompiledRules(rules);
  assert.equal(compiled.rename("/opt/acme/releases/2026-11-25/bin/api-server", "api-server"), "acme-api-server");
  assert.equal(compiled.rename("/usr/sbin/php-fpm8.2", "php-fpm8.2"), "php-fpm");
  assert.ok(compiled.adds("/opt/company/tools/a/b"));
  assert.ok(compiled.adds("/usr/local/sbin/company-[x]") && !compiled.adds("/usr/local/sbin/company/x"));
  assert.ok(compiled.removes("/usr/bin/nc"));
  assert.ok(compiled.ignores("/sshd/jenkins-agent") && !compiled.ignores("/a/sshd/jenkins-agent"));
  assert.ok(compiled.ignores("/cron/base") && !compiled.ignores("/cron"));
  assert.ok(compiled.roots.has("runit"));
});

Deno.test("every key may be left out or empty", () => {
  for (const text of ["", "# nothing\n", "---\n", "rename:\nbase:\nignore:\nroots:\n", "{}", "base: {add: }"]) {
    assert.deepEqual(parse(text), NO_RULES, text);
  }
  assert.deepEqual(parse("roots: [a]\nbase: {remove: [/x]}"), {
    ...NO_RULES,
    roots: ["a"],
    base: { add: [], remove: ["/x"] },
  });
});

Deno.test("what can't be used is told in one line, with its place and what was wanted", () => {
  const cases: [text: string, place: string, want: RegExp][] = [
    ["roots: [a]\nrenam: []\n", "2:1", /the key "renam" is unknown; did you mean rename\?$/],
    ["base:\n  zzz: []\n", "2:3", /the key "zzz" is unknown; want add, remove$/],
    ["rename:\n  - program: /x\n    to: y\n", "3:5", /the key "to" is unknown; want program, label, as$/],
    ["- a\n", "1:1", /want a map with rename, base, ignore, roots$/],
    ["4711", "1:1", /want a map/],
    ["ignore: /cron\n", "1:9", /want a list$/],
    ["ignore:\n  - 4711\n", "2:5", /want a text; a number/],
    ["ignore:\n  - true\n", "2:5", /want a text/],
    ["ignore:\n  - [a]\n", "2:5", /want a text/],
    ["ignore:\n  - cron\n", "2:5", /begins with \/$/],
    ["rename:\n  - as: x\n", "2:5", /either program or label/],
    ["rename:\n  - program: a\n    label: b\n    as: x\n", "2:5", /either program or label/],
    ["rename:\n  - label: b\n", "2:5", /want as/],
    ["rename:\n  - label: (b\n    as: x\n", "2:12", /missing closing \)/],
    ["rename:\n  - label: b\n    as: $1\n", "3:9", /0 groups, and no number 1$/],
    ["rename:\n  - label:\n    as: x\n", "2:11", /want a text/],
    ["roots: [a]\nroots: [b]\n", "2:1", /unique/],
    ["roots: [a\n", "2:1", /./],
    ["a: &x [1]\nroots: *x\n", "1:1", /the key "a" is unknown/],
    ["ignore: [&x /a, *x]\n", "1:17", /an alias can't stand here/],
    ["ignore: !foo [/a]\n", "1:9", /Unresolved tag/],
    ["\x1b[31m: x\n", "1:1", /./],
  ];
  for (const [text, place, want] of cases) {
    assert.throws(() => parse(text), (error) => {
      assert.ok(error instanceof ConfigError, `${text}: ${error}`);
      assert.match(error.message, want);
      assert.ok(error.message.startsWith(`Cannot use config.yml:${place}: `), `${error.message}, want ${place}`);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(error.message, /[\u0000-\u001f\u007f-\u009f]/);
      return true;
    });
  }
});

Deno.test("a file that can't be read says why", async () => {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeFile(file, new Uint8Array([0x72, 0xff]));
    await assert.rejects(readRules(file), /^ConfigError: Cannot use .*: it is no UTF-8$/);
    await Deno.writeTextFile(file, `# ${"x".repeat(300_000)}`);
    await assert.rejects(readRules(file), /it has 300002 characters, want at most 262144$/);
  } finally {
    await Deno.remove(file);
  }
  await assert.rejects(
    readRules("/nowhere/x.yml"),
    /Cannot use \/nowhere\/x\.yml: it can't be read \(there is no such file\)$/,
  );
  await assert.rejects(readRules("/"), /it is a folder/);
});
