import assert from "node:assert/strict";
import { BasePaths, denoFiles } from "../../../../fingerprint/base/mod.ts";
import { MapFiles } from "../map_files.ts";

const fixture = (name: string) =>
  denoFiles(new URL(`../../../fixtures/packages/${name}`, import.meta.url).pathname.replace(/\/$/, ""));

const status = (name: string, priority: string) =>
  `Package: ${name}\nStatus: install ok installed\nPriority: ${priority}\nArchitecture: amd64\n\n`;

function kinds(base: BasePaths, want: { readonly [path: string]: string }): void {
  const found = Object.keys(want).map((path) => [path, base.kind(path)]);
  assert.deepEqual(Object.fromEntries(found), want);
}

Deno.test("dpkg: programs of required, important and standard packages are base; services and gates keep their names", () => {
  const base = BasePaths.load(fixture("dpkg"));
  assert.equal(base.origin, "dpkg");
  kinds(base, {
    "/bin/dd": "base",
    "/usr/bin/dd": "base",
    "/usr/bin/dd-outer": "other",
    "/bin/sh": "base",
    "/usr/bin/env": "base",
    // A description that mentions a priority is no priority, a package that was removed none.
    "/usr/bin/removed": "other",
    "/usr/sbin/nginx": "other",
    // Multi-Arch: same
    "/usr/sbin/unix_chkpwd": "base",
    // Folders and data are no programs.
    "/usr/bin": "other",
    "/usr/share/doc/coreutils/README.gz": "other",
    "/lib/x86_64-linux-gnu/security/pam_unix.so": "other",
    // Scripts that lie anywhere are.
    "/usr/share/util-linux/helper": "base",
    // Gates, by name
    "/bin/su": "service",
    "/usr/sbin/runuser": "service",
    "/usr/sbin/chroot": "service",
    "/usr/lib/dbus-1.0/dbus-daemon-launch-helper": "service",
    // Daemons, by unit, by init script, by the name of a script that a unit's interpreter runs
    "/sbin/agetty": "service",
    "/usr/bin/dbus-daemon": "service",
    "/usr/bin/dbus-send": "base",
    "/usr/sbin/serviced": "service",
    "/usr/share/adduser/worker.py": "service",
    // Ends in d, and is none
    "/usr/sbin/adduser": "base",
    "/sbin/blkdiscard": "base",
    // In units of others, which start a tool: keepalive.service, mnt.service, shell.service, fstrim.service (oneshot)
    "/bin/sleep": "base",
    "/bin/mount": "base",
    "/bin/dash": "base",
    // Links by update-alternatives, where every choice is base
    "/usr/bin/which": "base",
    "/usr/bin/pager": "other",
    // Scripts that packages bring for their own set-up
    "/var/lib/dpkg/info/coreutils.postinst": "base",
    "/var/lib/dpkg/info/libpam-modules:amd64.prerm": "base",
    "/var/lib/dpkg/info/coreutils.config": "base",
    "/var/lib/dpkg/info/nginx.postinst": "other",
    "/var/lib/dpkg/info/nginx.config": "other",
    "/var/lib/dpkg/info/coreutils.list": "other",
    "": "other",
    "/": "other",
    "dd": "other",
    "/bindd": "other",
  });
});

Deno.test("dpkg: a package counts while it is upgraded or triggered, and not when it is gone", () => {
  // All states of dpkg(1).
  const states: readonly [state: string, kind: string][] = [
    ["not-installed", "other"],
    ["config-files", "other"],
    ["half-installed", "base"],
    ["unpacked", "base"],
    ["half-configured", "base"],
    ["triggers-awaited", "base"],
    ["triggers-pending", "base"],
    ["installed", "base"],
  ];
  for (const [state, kind] of states) {
    const files = new MapFiles({
      "/var/lib/dpkg/status": status("coreutils", "required") +
        status("man-db", "standard").replace("ok installed", `ok ${state}`),
      "/var/lib/dpkg/info/coreutils.list": "/bin/dd\n",
      "/var/lib/dpkg/info/man-db.list": "/usr/bin/apropos\n",
      "/var/lib/dpkg/info/man-db.postinst": "",
    });
    const base = BasePaths.load(files);
    kinds(base, { "/bin/dd": "base", "/usr/bin/apropos": kind, "/var/lib/dpkg/info/man-db.postinst": kind });
  }
});

Deno.test("apk: the packages of a bare system and what they need", () => {
  const base = BasePaths.load(fixture("apk"));
  assert.equal(base.origin, "apk");
  kinds(base, {
    "/bin/busybox": "base",
    "/usr/share/udhcpc/default.script": "base",
    "/usr/bin/getent": "base",
    "/sbin/ldconfig": "base",
    "/sbin/openrc-run": "base",
    "/sbin/supervise-daemon": "service",
    // needed by musl-utils, as cmd:scanelf
    "/usr/bin/scanelf": "base",
    // The loader runs any program: its name is worth seeing.
    "/lib/ld-musl-x86_64.so.1": "other",
    // not a program by its mode
    "/usr/bin/notes": "other",
    "/etc/securetty": "other",
    "/usr/sbin/nginx": "other",
  });
});

Deno.test("pacman: the package base and what it needs", () => {
  const base = BasePaths.load(fixture("pacman"));
  assert.equal(base.origin, "pacman");
  kinds(base, {
    "/usr/bin/bash": "base",
    "/usr/bin/dd": "base",
    "/usr/bin/mount": "base",
    "/usr/bin/su": "service",
    "/usr/bin/agetty": "service",
    // by base's need of libcap.so=2-64
    "/usr/bin/getcap": "base",
    // by bash's need of glibc
    "/usr/bin/ldd": "base",
    "/usr/bin/nginx": "other",
    "/usr/lib/systemd/system/fstrim.service": "other",
  });
});

Deno.test("rpm: the core packages and what they need, from SQLite", () => {
  const base = BasePaths.load(fixture("rpm"));
  assert.equal(base.origin, "rpm");
  kinds(base, {
    "/usr/bin/bash": "base",
    "/bin/sh": "base",
    // in a header of several overflow pages, the first and the last
    "/usr/bin/dd": "base",
    "/usr/bin/tool1": "base",
    "/usr/bin/tool90": "base",
    "/usr/bin/su": "service",
    "/usr/sbin/agetty": "service",
    // by bash's need of libtinfo.so.6()(64bit)
    "/usr/libexec/ncurses/helper": "base",
    "/usr/sbin/nginx": "other",
    "/etc/skel/.bashrc": "other",
    "/usr/share/doc/coreutils/README": "other",
  });
  assert.notEqual(base.kind("/usr/bin/tool91"), "base");
});

Deno.test("rpm: the same from Berkeley DB", () => {
  const base = BasePaths.load(fixture("rpm-bdb")), same = BasePaths.load(fixture("rpm"));
  assert.deepEqual([base.origin, base.size], ["rpm", same.size]);
  kinds(base, {
    "/usr/bin/bash": "base",
    "/usr/bin/dd": "base",
    "/usr/bin/tool90": "base",
    "/usr/bin/su": "service",
    "/usr/libexec/ncurses/helper": "base",
    "/usr/sbin/nginx": "other",
  });
});

Deno.test("without a database the built-in list stands in", () => {
  const base = BasePaths.load(new MapFiles());
  assert.equal(base.origin, "built-in");
  kinds(base, {
    "/bin/dd": "base",
    "/usr/bin/bash": "base",
    "/bin/busybox": "base",
    "/usr/sbin/adduser": "base",
    "/usr/bin/adduser": "base",
    "/usr/bin/su": "service",
    "/usr/sbin/cron": "service",
    "/usr/bin/dd-outer": "other",
    "/usr/sbin/nginx": "other",
    "/usr/bin/python3": "other",
  });
  assert.equal(base.changed(), false);
});

Deno.test("a database that names no base package is passed over", () => {
  const files = new MapFiles({
    "/var/lib/dpkg/status": status("nginx", "optional"),
    "/var/lib/dpkg/info/nginx.list": "/usr/sbin/nginx\n",
    "/lib/apk/db/installed": "P:busybox\nF:bin\nR:busybox\na:0:0:755\n\n",
  });
  assert.equal(BasePaths.load(files).origin, "apk");
});

Deno.test("a change of the database is seen, for a stat of each of a few files", () => {
  const files = new MapFiles({
    "/var/lib/dpkg/status": status("coreutils", "required"),
    "/var/lib/dpkg/info/coreutils.list": "/bin\n/bin/dd\n",
  });
  const base = BasePaths.load(files);
  assert.equal(base.size, 1);
  files.stats = 0;
  assert.equal(base.changed(), false);
  assert.ok(files.stats <= 5);
  files.set("/var/lib/dpkg/status", status("coreutils", "required") + status("hello", "important"));
  files.set("/var/lib/dpkg/info/hello.list", "/usr/bin/hello\n");
  assert.equal(base.changed(), true);
  assert.notEqual(base.kind("/usr/bin/hello"), "base");
  const again = BasePaths.load(files);
  assert.equal(again.kind("/usr/bin/hello"), "base");
  assert.equal(again.changed(), false);
  files.set("/etc/init.d", "");
  assert.equal(again.changed(), true);
});

Deno.test("an operator adds and removes programs, whatever the database says", () => {
  const files = new MapFiles({
    "/var/lib/dpkg/status": status("coreutils", "required") + status("cron", "important"),
    "/var/lib/dpkg/info/coreutils.list": "/bin/dd\n/bin/ls\n/bin/su\n",
    "/var/lib/dpkg/info/cron.list": "/usr/sbin/cron\n",
  });
  const overrides = {
    adds: (path: string) => path.startsWith("/opt/tools/") || path === "/usr/sbin/cron",
    removes: (path: string) => path === "/usr/bin/dd" || path === "/opt/tools/secret",
  };
  const plain = BasePaths.load(files);
  for (const base of [BasePaths.load(files, overrides), plain.withOverrides(overrides)]) {
    kinds(base, {
      "/bin/dd": "other",
      "/usr/bin/dd": "other",
      "/bin/ls": "base",
      "/bin/su": "service",
      "/usr/sbin/cron": "base",
      "/opt/tools/x": "base",
      "/opt/tools/secret": "other",
    });
    assert.deepEqual([base.origin, base.overrides, base.changed()], ["dpkg", overrides, false]);
  }
  kinds(plain, { "/bin/dd": "base", "/opt/tools/x": "other" });
});

Deno.test("a change while the database is being read is seen afterwards", () => {
  const files = new MapFiles({
    "/var/lib/dpkg/status": status("coreutils", "required"),
    "/var/lib/dpkg/info/coreutils.list": "/bin/dd\n",
  });
  const read = files.readText.bind(files);
  files.readText = (path) => {
    const text = read(path);
    if (path.endsWith(".list")) files.set("/var/lib/dpkg/status", "");
    return text;
  };
  assert.equal(BasePaths.load(files).changed(), true);
});
