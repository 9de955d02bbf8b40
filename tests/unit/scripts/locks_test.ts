import assert from "node:assert/strict";

const ROOT = new URL("../../../", import.meta.url);

interface Lock {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<Record<string, { readonly integrity: string }>>;
  readonly workspace: { readonly dependencies: readonly string[] };
}

interface ImportMap {
  readonly imports: Readonly<Record<string, string>>;
  readonly scopes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

async function read<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(path, ROOT))) as T;
}

/** The packages that an import map names, as a lock file writes them: `npm:ajv@8.20.0` for `npm:/ajv@8.20.0/`. */
function packages(imports: Readonly<Record<string, string>>): Set<string> {
  const addresses = Object.values(imports).filter((address) => address.startsWith("npm:"));
  return new Set(addresses.map((address) => address.replace(/^npm:\/?/, "npm:").replace(/\/$/, "")));
}

const map = await read<ImportMap>("import_map.json");
const program = await read<Lock>("deno.lock"), all = await read<Lock>("tests/deno.lock");

Deno.test("deno.lock has the packages of the program alone: deno fetches whatever is in it", () => {
  assert.deepEqual(new Set(Object.keys(program.specifiers)), packages(map.imports));
});

Deno.test("tests/deno.lock has all packages, those of the program with the same bytes", () => {
  const { imports, scopes } = map;
  const wanted = [imports, ...Object.values(scopes)].map(packages).reduce((some, more) => some.union(more));
  assert.deepEqual(new Set(Object.keys(all.specifiers)), wanted);
  for (const [name, { integrity }] of Object.entries(program.npm)) {
    assert.equal(all.npm[name]?.integrity, integrity, name);
  }
});

Deno.test("both list every package that is named: a compilation refuses a lock that differs from the import map", () => {
  const named = [map.imports, ...Object.values(map.scopes)].map(packages).reduce((some, more) => some.union(more));
  for (const { workspace } of [program, all]) assert.deepEqual(new Set(workspace.dependencies), named);
});

Deno.test("tests and scripts import the same packages, which the program can't", () => {
  const [tests, scripts] = [map.scopes["./tests/"]!, map.scopes["./scripts/"]!];
  assert.deepEqual(tests, scripts);
  for (const name of Object.keys(tests)) assert.equal(map.imports[name], undefined, name);
});
