import assert from "node:assert/strict";
import * as v from "valibot";
import { parseSettings } from "../../../../metrics/settings/mod.ts";
import { ConfigError } from "../../../../metrics/text/mod.ts";

const SCHEMA = v.strictObject({
  user: v.optional(v.strictObject({ password: v.optional(v.string("want a text")), cost: v.optional(v.number()) })),
  list: v.nullish(v.array(v.string("want a text"), "want a list"), []),
});

/** The error that a text gives. */
function errorOf(text: string, limits = {}): ConfigError {
  try {
    parseSettings(text, "x.yml", SCHEMA, limits);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    assert.equal(error.message, `Cannot use x.yml:${error.line}:${error.column}: ${error.problem}`);
    return error;
  }
  return assert.fail(`${text} can be used`);
}

Deno.test("a value, its line, and errors about it", () => {
  const { value, lineOf, error } = parseSettings("# a\nlist:\n  - b\nuser:\n  cost: 5\n", "x.yml", SCHEMA);
  assert.deepEqual(value, { list: ["b"], user: { cost: 5 } });
  assert.equal(lineOf(["list", 0]), 3);
  const places = [["user", "cost"], ["user"], ["user", "password"], ["list", 0], ["list", 7], []].map((path) => {
    const { line, column } = error(path, "no");
    return `${line}:${column}`;
  });
  assert.deepEqual(places, ["5:9", "4:1", "5:3", "3:5", "3:3", "2:1"]);
  assert.deepEqual(parseSettings("", "x.yml", SCHEMA).value, { list: [] });
});

Deno.test("what is wrong is said with its place and what is wanted, never with the value", () => {
  const cases: [text: string, place: string, want: string][] = [
    ["user: {passwort: hunter2}", "1:8", 'the key "passwort" is unknown; did you mean password?'],
    ["user: hunter2", "1:7", '"user": want a map with password, cost'],
    ["user: [hunter2]", "1:1", "want a map with password, cost"],
    ["user: {cost: hunter2}", "1:14", '"cost": want number'],
    ["user: {password: 5}", "1:18", '"password": want a text'],
    ["hunter2", "1:1", "want a map with user, list"],
    ["[hunter2]", "1:1", "want a map with user, list"],
    ["list: [&hunter2 a, *hunter2]", "1:20", "an alias can't stand here, want the value itself"],
    ["list: [*hunter2]", "1:8", "Unresolved alias (the anchor must be set before the alias)"],
    ["list: [a]\nlist: [hunter2]", "2:1", "Map keys must be unique"],
    ["list: !hunter2 [a]", "1:7", "Unresolved tag, want none"],
    [
      'user: {password: "\\hunter2"}',
      "1:19",
      "a backslash in double quotes begins no escape; want two of them, or single quotes",
    ],
    ["a: b\n---\nhunter2", "2:1", "there are several documents, want one"],
    ["? [hunter2]\n: a", "1:3", "want a text as the key"],
  ];
  for (const [text, place, want] of cases) {
    const { line, column, problem } = errorOf(text);
    assert.deepEqual([`${line}:${column}`, problem], [place, want], text);
  }
});

Deno.test("size, aliases and depth are bounded", () => {
  assert.throws(
    () => parseSettings("list: [abc]", "x.yml", SCHEMA, { length: 10 }),
    /it has 11 characters, want at most 10$/,
  );
  assert.deepEqual(parseSettings("list: [&x a, *x]", "x.yml", SCHEMA, { aliases: true }).value.list, ["a", "a"]);
  const bomb = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]`).join("\n");
  assert.match(errorOf(`l0: &l0 [x]\n${bomb}\n`, { aliases: true }).problem, /alias count/);
  for (const [open, close] of [["[", "]"], ["{a: ", "}"], ["- ", ""], ["? ", ""]] as const) {
    for (const depth of [1000, 30_000]) errorOf(`list: ${open.repeat(depth)}${close.repeat(depth)}`);
    errorOf(open.repeat(30_000));
  }
  assert.equal(errorOf(`${"[".repeat(4000)}${"]".repeat(4000)}`).problem, "it is nested too deeply");
});
