import assert from "node:assert/strict";
import { rootTrust } from "../../../../fingerprint/programs/root_trust.ts";

const OWN = 4026531837, OTHER = 4026532000;

/** What is found of a process: number and owner of its user namespace, and its map of users. */
const CASES: readonly (readonly [name: string, number: number, owner: number, map: string, owners?: number[]])[] = [
  ["the machine's own user namespace", OWN, 0, "0 0 4294967295", [0]],
  ["one of the administrator's, whose root is another user", OTHER, 0, "         0     100000      65536\n", [
    0,
    100000,
  ]],
  ["one of the administrator's, with root in the second line", OTHER, 0, "1 200000 5\n0 300000 1\n", [0, 300000]],
  ["one of the administrator's, whose root is the administrator", OTHER, 0, "0 0 1\n", [0]],
  ["one of the administrator's, without a map yet", OTHER, 0, "", [0]],
  ["one of the administrator's, without a root", OTHER, 0, "1000 100000 1\n", [0]],
  ["an ordinary user's", OTHER, 1000, "0 1000 1\n"],
  ["one of which nothing can be told", 0, -1, ""],
  ["one whose owner can't be told", OTHER, -1, "0 1000 1\n"],
];

for (const [name, number, owner, map, owners] of CASES) {
  Deno.test(`whose files count in a root: ${name}`, () => {
    const ownersOf = rootTrust({
      readNamespace: (pid) => pid === 0 ? OWN : number,
      readNamespaceOwner: () => owner,
      readText: () => map,
    });
    assert.deepEqual(ownersOf(7), owners);
  });
}
