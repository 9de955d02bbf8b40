import assert from "node:assert/strict";
import { BasePaths } from "../../../../../fingerprint/base/programs.ts";
import { MapFiles } from "../../map_files.ts";
import { database, header } from "./written_rpm.ts";

Deno.test("rpm: SUSE's ndb, the core packages and what they need", () => {
  const files = new MapFiles({
    "/usr/lib/sysimage/rpm/Packages.db": database([
      header("bash", ["/usr/bin/bash", "/usr/bin/sh"], ["libreadline-api"]),
      header("libreadline", ["/usr/libexec/helper"]),
      header("nginx", ["/usr/sbin/nginx"], ["bash"]),
      header("util-linux", ["/usr/sbin/agetty", "/usr/sbin/fsfreeze"]),
    ]),
  });
  const base = BasePaths.load(files);
  assert.equal(base.origin, "rpm");
  const kinds = ["/bin/sh", "/usr/libexec/helper", "/usr/sbin/nginx", "/sbin/agetty", "/sbin/fsfreeze"].map((path) =>
    base.kind(path)
  );
  assert.deepEqual(kinds, ["base", "base", "other", "service", "base"]);
});

Deno.test("rpm: a file of another format is passed over", () => {
  const files = new MapFiles({
    "/var/lib/rpm/Packages.db": new Uint8Array(8192),
    "/var/lib/rpm/rpmdb.sqlite": "SQLite format 3\0",
  });
  assert.equal(BasePaths.load(files).origin, "built-in");
});
