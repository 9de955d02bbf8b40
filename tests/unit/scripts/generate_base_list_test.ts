import assert from "node:assert/strict";
import { ADMINISTRATOR_COMMANDS, COMMANDS } from "../../../fingerprint/base/built_in_list.ts";
import { generate } from "../../../scripts/generate_base_list.ts";

const fixture = new URL("../../fixtures/packages/dpkg", import.meta.url).pathname;

/** The words of an exported constant in generated source text. */
function words(source: string, name: string): string[] {
  const start = source.indexOf(`export const ${name} =`);
  const literals = source.slice(start, source.indexOf(";", start)).match(/"[^"]*"/g) ?? [];
  return literals.map((literal) => JSON.parse(literal)).join("").split(" ");
}

Deno.test("the generated list holds the base programs of a root, without what only its units call services", () => {
  const source = generate(fixture);
  assert.deepEqual(
    words(source, "COMMANDS"),
    "dash dbus-send dd env mount sh sleep su tempfile which which.debianutils".split(" "),
  );
  assert.deepEqual(
    words(source, "ADMINISTRATOR_COMMANDS"),
    "adduser agetty blkdiscard chroot runuser serviced unix_chkpwd".split(" "),
  );
});

Deno.test("a root without a database is an error that says so", () => {
  assert.throws(() => generate("/nonexistent"), /Cannot read \/nonexistent: .*dpkg/);
});

Deno.test("the committed list is sorted, has no name twice and no folder in a name", () => {
  for (const list of [COMMANDS, ADMINISTRATOR_COMMANDS]) {
    const names = list.split(" ");
    assert.deepEqual(names, [...new Set(names)].sort());
    assert.deepEqual(names.filter((name) => !/^[\w[.+-]+$/.test(name)), []);
  }
  for (const name of ["bash", "dd", "ls", "sed", "awk", "dpkg", "su"]) {
    assert.ok(COMMANDS.split(" ").includes(name), name);
  }
});
