import assert from "node:assert/strict";
import { Labeller } from "../../../../fingerprint/labels/labeller.ts";
import { BasePaths } from "../../../../fingerprint/base/programs.ts";
import { loadExpressions } from "../../../../fingerprint/labels/expressions.ts";
import { CompiledRules, NO_RULES, RuleError, type Rules } from "../../../../fingerprint/labels/rules.ts";
import { MapFiles } from "../map_files.ts";

await loadExpressions();

function compiled(rules: Partial<Rules>): CompiledRules {
  return new CompiledRules({ ...NO_RULES, ...rules });
}

function labeller(rules: Partial<Rules>): Labeller {
  const all = compiled(rules);
  return new Labeller(BasePaths.load(new MapFiles(), all), "", all);
}

Deno.test("the first rule that matches the whole path or label gives the label", () => {
  const rules = compiled({
    rename: [
      { of: "program", expression: "/opt/acme/[^/]+/bin/([a-z-]+)", as: "acme-$1" },
      { of: "program", expression: "/opt/acme/.*", as: "never first" },
      { of: "label", expression: "worker-(?P<number>\\d)\\d*", as: "worker${number}x$$1" },
      { of: "label", expression: "prom_cnproc-*", as: "exporter$0" },
    ],
  });
  const cases: [program: string, label: string, want: string | undefined][] = [
    ["/opt/acme/1.2/bin/run-it", "run-it", "acme-run-it"],
    ["/opt/acme/1.2/bin/run-it/", "run-it", "never first"],
    ["x/opt/acme/1.2/bin/run-it", "run-it", undefined],
    ["/srv/worker-77", "worker-77", "worker7x$1"],
    ["/srv/worker-77", "my-worker-77", undefined],
    ["/srv/(a", "prom_cnproc-*", "exporter"],
    [`/opt/acme/${"x".repeat(2000)}`, "x", undefined],
  ];
  for (const [program, label, want] of cases) {
    for (let again = 0; again < 2; again++) assert.equal(rules.rename(program, label), want, program);
  }
});

Deno.test("labels by rules: executables, scripts, modules; never random, always escaped", () => {
  const label = labeller({
    rename: [
      { of: "program", expression: "/tmp/[^/]+/(top\\.py)", as: "my-$1" },
      { of: "program", expression: "http\\.server", as: "web" },
      { of: "program", expression: "/srv/(.*)", as: "$1" },
      { of: "label", expression: "dd", as: "never: dd is base" },
    ],
  });
  const python = label.executable("/usr/bin/python3.11");
  const script = label.program(python, ["python3", "/tmp/ZW50cm9weQo/top.py"], () => "/");
  assert.deepEqual([script.label, script.random, script.rule], ["my-top.py", false, "renamed"]);
  assert.equal(label.program(python, ["python3", "-m", "http.server"], () => "/").label, "web");
  assert.equal(label.executable("/srv/base").label, "\\base");
  assert.equal(label.executable("/srv/a\x1b").label, "a\\x1b");
  assert.equal(label.executable("/usr/bin/dd").label, "base");
  label.renames = undefined;
  assert.equal(label.program(python, ["python3", "/tmp/ZW50cm9weQo/top.py"], () => "/").label, "top.py");
});

Deno.test("base programs: what the rules say against the list", () => {
  const label = labeller({
    base: { add: ["/opt/*/tools/**", "/usr/sbin/cron", "/bin/dd"], remove: ["/bin/dd", "/usr/bin/l*"] },
  });
  const cases: [path: string, want: string][] = [
    ["/opt/a/tools/x/y", "base"],
    ["/opt/a/b/tools/x", "x"],
    ["/usr/sbin/cron", "base"],
    ["/usr/bin/dd", "dd"],
    ["/bin/ls", "ls"],
    ["/bin/cat", "base"],
  ];
  for (const [path, want] of cases) assert.equal(label.executable(path).label, want, path);
});

Deno.test("an ignored tree is ignored itself, and whatever its labels have is meant", () => {
  const cases: [ignore: string, tree: string, want: boolean][] = [
    ["/nginx/**", "/nginx", true],
    ["/nginx/**", "/nginx/base/x", true],
    ["/nginx/**", "/nginxd", false],
    ["/a/\\x20b", "/a/\\x20b", true],
    ["/a/[x]", "/a/[x]", true],
    ["/a/{b}", "/a/{b}", true],
    ["/a/*", "/a/*", true],
    ["/a/b", "/a/b/c", false],
  ];
  for (const [ignore, tree, want] of cases) {
    assert.equal(compiled({ ignore: [ignore] }).ignores(tree), want, `${ignore} ${tree}`);
  }
});

Deno.test("a rule that can't be followed is told with its place", () => {
  const rename = (expression: string, as: string): Partial<Rules> => ({ rename: [{ of: "label", expression, as }] });
  const cases: [rules: Partial<Rules>, path: string, want: RegExp][] = [
    [rename("(a", "x"), "rename.0.expression", /missing closing \)/],
    [rename("(?=a)", "x"), "rename.0.expression", /invalid/],
    [rename("(((((a{100}){100}){100})))", "x"), "rename.0.expression", /repeat/],
    [rename("a".repeat(1001), "x"), "rename.0.expression", /1001 characters, want at most 1000/],
    [rename("(a)", "$2"), "rename.0.as", /1 groups, and no number 2/],
    [rename("(a)", "${n}"), "rename.0.as", /no group called n/],
    [rename("a", ""), "rename.0.as", /empty/],
    [rename("a", "base"), "rename.0.as", /want base\.add/],
    [rename("a", "systemd"), "rename.0.as", /want roots/],
    [{ ignore: ["/ok", "cron"] }, "ignore.1", /begins with \//],
    [{ ignore: ["/"] }, "ignore.0", /begins with \//],
    [{ base: { add: [], remove: ["/x", "/a//b"] } }, "base.remove.1", /it has an empty label/],
    [{ ignore: [`/${"x".repeat(8192)}`] }, "ignore.0", /8193 characters, want at most 8192/],
    [{ roots: Array.from({ length: 1001 }, (_, i) => `r${i}`) }, "roots", /1001 entries, want at most 1000/],
  ];
  for (const [rules, path, want] of cases) {
    assert.throws(() => compiled(rules), (error) => {
      assert.ok(error instanceof RuleError, String(error));
      assert.equal(error.path.join("."), path);
      assert.match(error.message, want);
      return true;
    });
  }
});

Deno.test("an expression that would take others forever takes no time", () => {
  const rules = compiled({
    rename: [{ of: "program", expression: "/(a+)+b", as: "x" }],
    ignore: ["/*a*a*a*a*a*a*a*a*b"],
  });
  const start = performance.now();
  for (let i = 0; i < 20; i++) {
    assert.equal(rules.rename(`/${"a".repeat(1000)}${i}`, "x"), undefined);
    assert.equal(rules.ignores(`/${"a".repeat(1000)}${i}`), false);
  }
  assert.ok(performance.now() - start < 2000, `${performance.now() - start} ms`);
});
