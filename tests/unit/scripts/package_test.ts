import assert from "node:assert/strict";
import { debianChangelog } from "../../../scripts/changelog.ts";
import { commentedOut } from "../../../scripts/package.ts";

Deno.test("an example whose lines are comments keeps its comments and blank lines", () => {
  assert.equal(commentedOut("# Why.\na:\n  - b\n\n  # c\n"), "# Why.\n# a:\n#   - b\n\n#   # c\n");
});

Deno.test("the Debian changelog has the commit's time in RFC 5322", () => {
  const entry = debianChangelog("1.2.3", "4", 1_700_000_000);
  assert.match(entry, /^cnproc-exporter \(1\.2\.3-4\) unstable; urgency=medium\n/);
  assert.match(entry, /\n -- .+ <.+@.+> {2}Tue, 14 Nov 2023 22:13:20 \+0000\n$/);
});
