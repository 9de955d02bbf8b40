import assert from "node:assert/strict";
import { columnsOf, fitted } from "../../../../metrics/commands/terminal.ts";

Deno.test("what is too wide loses its middle, and keeps more of its end", () => {
  const cases: [text: string, columns: number, want: string][] = [
    ["/sshd/base", 10, "/sshd/base"],
    ["/sshd/base", Infinity, "/sshd/base"],
    ["/sshd/base/server.sh/sudo", 16, "/sshd…er.sh/sudo"],
    ["/cron/привет.sh", 10, "/cr…вет.sh"],
    ["/a/漢字漢字漢字", 10, "/a/…字漢字"],
    ["/a/e\u0301e\u0301", 5, "/a/e\u0301e\u0301"],
    ["/abc", 1, "…"],
  ];
  for (const [text, columns, want] of cases) {
    assert.equal(fitted(text, columns), want);
    assert.ok(columnsOf(want) <= columns, want);
  }
});

Deno.test("widths are those of terminals", () => {
  for (const [text, columns] of [["abc", 3], ["漢", 2], ["🚀", 2], ["e\u0301", 1], ["ｓ", 2], ["–…", 2]] as const) {
    assert.equal(columnsOf(text), columns, text);
  }
});
