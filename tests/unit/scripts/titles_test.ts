import assert from "node:assert/strict";
import { formsOf } from "../../../scripts/randomness/titles.ts";

Deno.test("a title gives its words in one, its initials, its first word with the others' initials, capitals", () => {
  const bare = (title: string) =>
    formsOf(title).map(([form, name]) => [form, name.toLowerCase().replace(/(?:\.exe|\.x86_64)$/, "")] as const);
  const forms = new Map(bare("Castle Ruby Story 2"));
  assert.deepEqual([...forms.keys()], ["joined", "initials", "first"]);
  assert.ok(forms.get("joined")!.startsWith("castlerubystory2"), forms.get("joined"));
  assert.ok(forms.get("initials")!.startsWith("crs2"), forms.get("initials"));
  assert.ok(forms.get("first")!.startsWith("castlers2"), forms.get("first"));
  assert.deepEqual(bare("Abc Def").map(([form]) => form), ["joined", "capitals"]);
});

Deno.test("titles of other letters give nothing, and the same title always the same", () => {
  assert.deepEqual(formsOf("암전"), []);
  assert.deepEqual(formsOf("™"), []);
  assert.deepEqual(formsOf("Some Long Game"), formsOf("Some Long Game"));
});
