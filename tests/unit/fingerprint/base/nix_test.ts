import assert from "node:assert/strict";
import { BasePaths } from "../../../../fingerprint/base/programs.ts";
import { MapFiles } from "../map_files.ts";

const STORE = "/nix/store/0s66mzxpvicwk07gjbjfw9izjfa797vs-";

Deno.test("NixOS: known programs where the machine's profile leads, and nothing else in the store", () => {
  const files = new MapFiles({ "/nix/var/nix/profiles/system": "" });
  const bin = "/run/current-system/sw/bin";
  files.link(`${bin}/ls`, `${STORE}coreutils-full-9.5/bin/coreutils`);
  files.link(`${bin}/sh`, `${STORE}bash-interactive-5.2p37/bin/bash`);
  files.link(`${bin}/su`, `${STORE}shadow-4.16.0-su/bin/su`);
  files.link(`${bin}/htop`, `${STORE}htop-3.3.0/bin/htop`);
  files.link(`${bin}/cat`, "/home/u/cat");
  files.set(`${bin}/rm`, "");
  const base = BasePaths.load(files);
  assert.equal(base.origin, "nix");
  const kinds = [
    `${STORE}coreutils-full-9.5/bin/coreutils`,
    `${STORE}bash-interactive-5.2p37/bin/bash`,
    `${STORE}shadow-4.16.0-su/bin/su`,
    `${STORE}htop-3.3.0/bin/htop`,
    "/nix/store/1s66mzxpvicwk07gjbjfw9izjfa797vs-coreutils-full-9.5/bin/coreutils",
    "/home/u/cat",
    `${bin}/rm`,
    "/usr/bin/ls",
  ].map((path) => base.kind(path));
  assert.deepEqual(kinds, ["base", "base", "service", "other", "other", "other", "other", "other"]);
  assert.equal(base.packageOf(`${STORE}coreutils-full-9.5/bin/coreutils`), undefined);
  assert.equal(base.changed(), false);
  files.set("/nix/var/nix/profiles", "");
  assert.equal(base.changed(), true, "another generation");
});

Deno.test("Guix System: its own profile and store", () => {
  const files = new MapFiles(), program = "/gnu/store/0s66mzxpvicwk07gjbjfw9izjfa797vs-coreutils-9.1/bin/ls";
  files.link("/run/current-system/profile/bin/ls", program);
  const base = BasePaths.load(files);
  assert.deepEqual([base.origin, base.kind(program)], ["nix", "base"]);
});

Deno.test("a machine that only has Nix has no profile of its own: the built-in list", () => {
  const files = new MapFiles({ "/nix/var/nix/profiles/default": "" });
  assert.equal(BasePaths.load(files).origin, "built-in");
});
