import assert from "node:assert/strict";
import type { Facts } from "../../../../../../metrics/http/page/browser/facts.ts";
import { ALL, type Selection } from "../../../../../../metrics/http/page/browser/selection.ts";
import { stripView } from "../../../../../../metrics/http/page/browser/strip.ts";
import { elementsOf, textOf } from "./views.ts";

const facts = [[], ["new", "memfd"], ["unexpected", "failing", "new file"], ["unexpected", "memfd"]].map((
  kinds,
  i,
): Facts => ({ path: `/${i}`, kinds, numbers: [] }));

const chips = (selection: Partial<Selection> = {}, hasBaseline = true) =>
  elementsOf(stripView(facts, { ...ALL, ...selection }, hasBaseline), "a").map((chip) => {
    const { href, class: weight, "aria-current": current } = chip.attributes;
    return `${textOf(chip)} ${weight} ${href}${current === undefined ? "" : " *"}`;
  });

Deno.test("the strip counts what is odd; each count leads to what it counts, and back", () => {
  assert.deepEqual(chips(), [
    "4 trees plain / *",
    "1 new ordinary /?kind=new",
    "2 unexpected grave /?kind=unexpected",
    "0 random none /?kind=random",
    "1 failing grave /?kind=failing",
    "2 memfd grave /?kind=memfd",
    "1 new file ordinary /?kind=new%20file",
  ]);
  const selected = chips({ kind: "memfd", text: "x", sort: "cpu" });
  assert.equal(selected[0], "4 trees plain /?q=x&sort=cpu");
  assert.equal(selected[5], "2 memfd grave /?q=x&sort=cpu *");
  // One that is selected stays where there are no such trees, so that the reader sees what is selected.
  assert.ok(chips({ kind: "setuid" }).includes("0 setuid none / *"));
  assert.equal(chips({}, false).some((chip) => chip.includes("unexpected")), false);
});
