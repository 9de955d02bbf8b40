import assert from "node:assert/strict";
import {
  type Arrow,
  checkArrow,
  circle,
  eagerImports,
  type ModuleInfo,
  ROOMS,
} from "../../../scripts/check_imports.ts";

const arrows: ReadonlyArray<readonly [name: string, from: string, to: string, want: string | undefined]> = [
  ["down, through the door", "metrics/http/app.ts", "metrics/exposition/mod.ts", undefined],
  ["down, past the door", "metrics/http/app.ts", "metrics/exposition/scraper.ts", "metrics/exposition/mod.ts"],
  ["up", "metrics/exposition/scraper.ts", "metrics/http/mod.ts", "above"],
  ["up to the room around it", "fingerprint/base/rpm/bdb.ts", "fingerprint/base/mod.ts", "above"],
  ["in one room", "netlink/socket.ts", "netlink/wire.ts", undefined],
  ["to the house below", "metrics/registry/registry.ts", "fingerprint/mod.ts", undefined],
  ["into the house below", "metrics/registry/registry.ts", "fingerprint/trees/mod.ts", "fingerprint/mod.ts only"],
  ["up to another house", "netlink/socket.ts", "fingerprint/mod.ts", "its own house only"],
  ["over one's head", "metrics/http/app.ts", "netlink/mod.ts", "fingerprint/mod.ts only"],
  ["back to main", "metrics/http/app.ts", "main.ts", "fingerprint/mod.ts only"],
  ["into the tests", "netlink/socket.ts", "tests/require.ts", "no room|a room of"],
  ["main to all", "main.ts", "netlink/mod.ts", undefined],
  ["main past a door", "main.ts", "metrics/http/mod.ts", "metrics/mod.ts"],
  ["a folder that is no room", "metrics/new/a.ts", "metrics/text/mod.ts", "no room"],
];

for (const [name, from, to, want] of arrows) {
  Deno.test(`checkArrow: ${name}`, () => {
    const found = checkArrow({ from, to, line: 1 });
    if (want === undefined) assert.equal(found, undefined);
    else assert.match(found ?? "", new RegExp(want));
  });
}

const arrow = (from: string, to: string): Arrow => ({ from, to, line: 1 });

Deno.test("circle finds files that import each other, however far around", () => {
  assert.deepEqual(circle([arrow("a", "b"), arrow("b", "c"), arrow("a", "c")]), []);
  assert.deepEqual(circle([arrow("x", "a"), arrow("a", "b"), arrow("b", "c"), arrow("c", "a")]), ["a", "b", "c"]);
  assert.deepEqual(circle([arrow("a", "a")]), ["a"]);
});

Deno.test("eagerImports finds what imports a large library at once, not what does so by import()", () => {
  const module = (specifier: string, to: Record<string, boolean>): ModuleInfo => ({
    specifier,
    dependencies: Object.entries(to).map(([specifier, isDynamic]) => ({
      isDynamic,
      code: { specifier, span: { start: { line: 0 } } },
    })),
  });
  const modules = [
    module("a", { b: false, c: true, "npm:re2js@2.10.0": true }),
    module("b", { "npm:hono@4.13.19": false }),
    module("c", { "npm:yaml@2.9.1": false }),
  ];
  assert.deepEqual(eagerImports(modules, "a"), []);
  assert.deepEqual(eagerImports(modules, "c"), ["c"]);
  assert.deepEqual(eagerImports([...modules, module("d", { a: false, c: false })], "d"), ["c"]);
});

Deno.test("every folder of sources is a room", async () => {
  const root = new URL("../../../", import.meta.url);
  const folders = async (folder: string): Promise<string[]> => {
    const found = [folder];
    for await (const { name, isDirectory } of Deno.readDir(new URL(`${folder}/`, root))) {
      if (isDirectory) found.push(...await folders(`${folder}/${name}`));
    }
    return found;
  };
  const all = ["", ...(await Promise.all(["netlink", "fingerprint", "metrics"].map(folders))).flat()];
  assert.deepEqual([...ROOMS].sort(), all.sort());
});
