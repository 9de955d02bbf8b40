import assert from "node:assert/strict";
import { climbs, isShared, isSystem, isTemporary, isVouched } from "../../../../fingerprint/places/mod.ts";

Deno.test("a folder is the distribution's, for all users, a known tool's, everybody's, or a user's own", () => {
  const cases: [path: string, want: string][] = [
    ["/usr/bin/ls", "system"],
    ["/sbin/init", "system"],
    ["/lib64/ld-linux-x86-64.so.2", "system"],
    ["/etc/cron.daily/apt", "system"],
    ["/package/admin/execline-2.9.6.1/command/execlineb", "system"],
    ["/system/bin/toybox", "system"],
    ["/usr/local/bin/x", "shared"],
    ["/run/rosetta/rosetta", "shared"],
    ["/mnt/lima-rosetta/rosetta", "shared"],
    ["/dev/.buildkit_qemu_emulator", "shared"],
    ["/dev/.buildkit_qemu_emulator/x", "own"],
    ["/opt/x/bin/y", "shared"],
    ["/nix/store/0c-python/bin/python3", "shared"],
    ["/home/linuxbrew/.linuxbrew/bin/x", "shared"],
    ["/home/u/.pyenv/versions/3.12.1/bin/python3", "vouched"],
    ["/root/.pyenv/shims/python3", "vouched"],
    ["/home/u/.vscode-server/bin/0ba0ca52/node", "vouched"],
    ["/home/u/.trae-server/bin/0ba0ca52/node", "vouched"],
    ["/home/u/.local/share/cursor-agent/versions/2025.08.08-0ba0ca5/node", "vouched"],
    ["/home/u/.julia/juliaup/julia-1.10.0+0.x64.linux.gnu/bin/julia", "vouched"],
    ["/home/u/perl5/perlbrew/perls/perl-5.36.0/bin/perl", "vouched"],
    ["/home/runner/actions-runner/externals/node20/bin/node", "vouched"],
    ["/tmp/.venv/bin/python3", "temporary"],
    ["/dev/shm/.vscode-server/bin/0ba0ca52/node", "temporary"],
    ["/home/u/bin/x", "own"],
    ["/srv/x", "own"],
    ["/usrx/bin/x", "own"],
    ["/usr", "own"],
    ["usr/bin/ls", "own"],
    ["", "own"],
  ];
  for (const [path, want] of cases) {
    const found = isSystem(path)
      ? "system"
      : isShared(path)
      ? "shared"
      : isVouched(path)
      ? "vouched"
      : isTemporary(path)
      ? "temporary"
      : "own";
    assert.equal(found, want, path);
  }
});

Deno.test("only `..` behind a folder's name may lead through a link", () => {
  for (const path of ["/a/../b", "a/..", "./a//../b", "a/./../b", "/a/b/../..", "..a/../b", "../a/../b"]) {
    assert.ok(climbs(path), path);
  }
  for (const path of ["/a/b", "../a", "../../a/b", "./../a", "/../a", "a/..b", "a..", "..", ""]) {
    assert.ok(!climbs(path), path);
  }
});
