import assert from "node:assert/strict";
import { writableLayer } from "../../../../fingerprint/programs/overlay.ts";

const OPTIONS = "rw,lowerdir=/v/l/A:/v/l/B,upperdir=/v/overlay2/1/diff,workdir=/v/overlay2/1/work,nouserxattr";

Deno.test("the writable layer is that of the overlay at the root, the last one", () => {
  const cases: [lines: string[], layer: string | undefined][] = [
    [[`600 599 0:50 / / rw,relatime master:3 - overlay overlay ${OPTIONS}`], "/v/overlay2/1/diff"],
    [
      [`600 599 0:50 / / rw,relatime - overlay x ${OPTIONS}`, "601 600 0:51 / /proc rw - proc proc rw"],
      "/v/overlay2/1/diff",
    ],
    // Mounted somewhere else, covered by another, not to be written to, by a path that isn't whole.
    [["599 1 8:1 / / rw - ext4 /dev/sda1 rw", `600 599 0:50 / /mnt rw - overlay x ${OPTIONS}`], undefined],
    [[`600 599 0:50 / / rw - overlay x ${OPTIONS}`, "601 600 0:51 / / rw - tmpfs tmpfs rw"], undefined],
    [["600 599 0:50 / / ro - overlay x ro,lowerdir=/v/l/A:/v/l/B"], undefined],
    [["600 599 0:50 / / rw - overlay x rw,lowerdir=l,upperdir=diff,workdir=work"], undefined],
    // Blanks and commas in it.
    [["600 599 0:50 / / rw - overlay x rw,lowerdir=/a,upperdir=/u\\040v\\054w,workdir=/x"], "/u v,w"],
    // Another file system that says so.
    [["600 599 0:50 / / rw - fuse.overlay x rw,upperdir=/etc"], undefined],
    [[], undefined],
    [["600"], undefined],
  ];
  for (const [lines, layer] of cases) assert.equal(writableLayer(`${lines.join("\n")}\n`), layer, lines.join("; "));
});
