import assert from "node:assert/strict";
import { escapeArgument, escapeText, manualPage } from "../../../scripts/manual.ts";
import { parseCommandLine } from "../../../metrics/command_line/mod.ts";
import { invocations } from "../../documents/mod.ts";
import { FAKE_SET } from "../metrics/command_line/fake_set.ts";

Deno.test("text of the manual page holds no markup of its own", () => {
  assert.equal(escapeText("a\\b…"), "a\\eb\\&...");
  assert.equal(escapeText(".Sh x"), "\\&.Sh x");
  assert.equal(escapeText("'quoted'"), "\\&'quoted'");
  assert.equal(escapeArgument("web.listen-address"), "web.listen\\-address");
  assert.equal(escapeArgument("Ar"), "\\&Ar");
  assert.equal(escapeArgument('a "b"'), '"a \\(dqb\\(dq"');
});

Deno.test("the manual page has each command and flag, and every sentence on a line of its own", () => {
  const page = manualPage(1_700_000_000, FAKE_SET);
  assert.match(page, /^\.Dd November 14, 2023$/m);
  assert.match(page, /^\.Ss run \(the default\)$/m);
  assert.match(page, /^\.Ss list all$/m);
  assert.match(page, /^\.It Fl \\-level Ns = Ns Cm low Ns \| Ns Cm high\nHow much\.\nDefault: low$/m);
  assert.match(page, /^\.It Fl \\-no\\-color\nPaint it\.\nOn by default\.$/m);
  assert.ok(page.split("\n").every((line) => line.length <= 80 || line.startsWith(".")));
});

Deno.test("the page's examples are command lines that the program takes", () => {
  const page = manualPage(1_700_000_000);
  const examples = [...page.matchAll(/^\.Bd .*\n([^]*?)^\.Ed$/gm)].map(([, text]) => text!.replaceAll("\\-", "-"));
  const runs = examples.flatMap(invocations);
  assert.ok(runs.length >= 9, `${runs.length}`);
  for (const args of runs) assert.doesNotThrow(() => parseCommandLine(args), args.join(" "));
});
