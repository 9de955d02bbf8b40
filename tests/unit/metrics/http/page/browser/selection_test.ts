import assert from "node:assert/strict";
import { addressOf, ALL, type Selection, selectionOf } from "../../../../../../metrics/http/page/browser/selection.ts";

const read = (address: string): Selection => {
  const parameters = new URLSearchParams(address.slice(1));
  return selectionOf((name) => parameters.get(name));
};

Deno.test("a selection stands in the address, and comes back from there", () => {
  const cases: readonly (readonly [Partial<Selection>, string])[] = [
    [{}, "/"],
    [{ text: 'a&b=c#%"<é ' }, "/?q=a%26b%3Dc%23%25%22%3C%C3%A9%20"],
    [{ kind: "new file" }, "/?kind=new%20file"],
    [{ sort: "launches" }, "/?sort=launches"],
    [{ sort: "launches", isRising: true }, "/?sort=launches.up"],
    [{ sort: "tree", isRising: true }, "/?sort=tree.up"],
    [
      { text: "x", kind: "random", sort: "cpu", open: "/random/a/*/b?c" },
      "/?q=x&kind=random&sort=cpu&open=%2Frandom%2Fa%2F*%2Fb%3Fc",
    ],
  ];
  for (const [part, address] of cases) {
    const selection = { ...ALL, ...part };
    assert.equal(addressOf(selection), address);
    assert.deepEqual(read(address), selection);
  }
});

Deno.test("what isn't understood is left out, and what is too long is cut", () => {
  assert.deepEqual(read("/?sort=__proto__"), ALL);
  assert.deepEqual(read("/?sort=constructor.up"), { ...ALL, isRising: true });
  assert.equal(read(`/?q=${"x".repeat(9999)}`).text.length, 200);
  assert.equal(read(`/?open=${"x".repeat(9999)}`).open.length, 4096);
});
