import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { finish } from "../../../../../fingerprint/base/database/mod.ts";
import { lockFiles, readDigests } from "../../../../../fingerprint/base/digests/mod.ts";
import { BasePaths, denoFiles, type Files, type Origin } from "../../../../../fingerprint/base/mod.ts";
import { MapFiles } from "../../map_files.ts";

const fixture = (name: string) =>
  denoFiles(new URL(`../../../../fixtures/packages/${name}`, import.meta.url).pathname.replace(/\/$/, ""));

function read(origin: Origin, files: Files, ...packages: string[]) {
  return Object.fromEntries(finish(readDigests(origin, files, packages)));
}

const INFO = "/var/lib/dpkg/info";
const A = "7a4179e324c784b99e98fedee05260f7", B = "db0817401cfd9c5a818ae919d10ba7c5";

Deno.test("dpkg: lines of md5sums, in either spelling of a merged folder, and what the administrator may edit", () => {
  const files = new MapFiles({
    [`${INFO}/coreutils.md5sums`]:
      `${A}  bin/cat\n${B}  usr/bin/env\n${B}  usr/share/doc/coreutils/README.gz\nno line\n`,
    [`${INFO}/cron.md5sums`]: `${A} *./usr/sbin/cron\n`,
    [`${INFO}/cron.conffiles`]: "/etc/init.d/cron\n/etc/default/cron\nremove-on-upgrade /etc/cron.daily/old\n",
    [`${INFO}/nginx.md5sums`]: `${A}  usr/sbin/nginx\n`,
  });
  assert.deepEqual(read("dpkg", files, "coreutils", "cron", "missing"), {
    "/usr/bin/cat": [{ algorithm: "md5", digest: A }],
    "/usr/bin/env": [{ algorithm: "md5", digest: B }],
    "/usr/sbin/cron": [{ algorithm: "md5", digest: A }],
    "/etc/init.d/cron": ["configuration"],
    "/etc/cron.daily/old": ["configuration"],
  });
});

Deno.test("dpkg: a diverted file lies elsewhere, and the place is the diverting package's", () => {
  const files = new MapFiles({
    "/var/lib/dpkg/status":
      "Package: dash\nStatus: install ok installed\nPriority: required\n\nPackage: bash\nStatus: install ok installed\nPriority: required\n\n",
    "/var/lib/dpkg/diversions": "/bin/sh\n/bin/sh.distrib\ndash\n/usr/bin/tool\n/usr/bin/tool.real\n:\n",
    [`${INFO}/dash.list`]: "/bin/sh\n/bin/dash\n",
    [`${INFO}/dash.md5sums`]: `${A}  bin/sh\n${A}  bin/dash\n`,
    [`${INFO}/bash.list`]: "/bin/sh\n/usr/bin/tool\n",
    [`${INFO}/bash.md5sums`]: `${B}  bin/sh\n${B}  usr/bin/tool\n`,
  });
  const own = [{ algorithm: "md5", digest: A }], other = [{ algorithm: "md5", digest: B }];
  assert.deepEqual(read("dpkg", files, "dash"), { "/usr/bin/sh": own, "/usr/bin/dash": own });
  assert.deepEqual(read("dpkg", files, "bash"), { "/usr/bin/sh.distrib": other, "/usr/bin/tool.real": other });
  const base = BasePaths.load(files);
  assert.equal(base.packageOf("/bin/sh"), "dash");
  assert.equal(base.packageOf("/bin/sh.distrib"), "bash");
  // What the administrator put in a package's place is no package's.
  assert.equal(base.kind("/usr/bin/tool"), "other");
  assert.equal(base.packageOf("/usr/bin/tool.real"), "bash");
});

Deno.test("apk: digests in Base64, of the packages asked for", () => {
  assert.deepEqual(read("apk", fixture("apk"), "busybox"), {
    "/usr/bin/busybox": [{ algorithm: "sha1", digest: "f9d772d9c908dfc5150aa0c68616915c7a7795fd" }],
    "/usr/share/udhcpc/default.script": [{
      algorithm: "sha1",
      digest: "b7dbe2aff66b5f79db488613f410cb5997a79154",
    }],
    "/etc/securetty": ["configuration"],
  });
});

Deno.test("apk: SHA-256 too; a kind that is unknown, and a damaged digest, say nothing", () => {
  const hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const base64 = btoa(String.fromCharCode(...hex.match(/../g)!.map((byte) => parseInt(byte, 16))));
  const files = new MapFiles({
    "/lib/apk/db/installed":
      `P:x\nF:usr/bin\nR:a\nZ:Q2${base64}\nR:b\nZ:Q3${base64}\nR:c\nZ:Q1${base64}\nR:d\nZ:Q1?\n\n`,
  });
  assert.deepEqual(read("apk", files, "x"), { "/usr/bin/a": [{ algorithm: "sha256", digest: hex }] });
});

// The digest of "#!/bin/sh\n"; `rpm --root R --dbpath /usr/lib/sysimage/rpm -q --dump bash` of rpm 4.18 says so of each.
const SHELL = [{
  algorithm: "sha256",
  digest: "a8076d3d28d21e02012b20eaf7dbf75409a6277134439025f282e368e3305abf",
}];

for (const name of ["rpm", "rpm-bdb"]) {
  Deno.test(`${name}: digests out of the headers`, () => {
    const digests = read("rpm", fixture(name), "bash", "util-linux");
    assert.deepEqual(digests["/usr/bin/bash"], SHELL);
    assert.deepEqual(digests["/usr/bin/sh"], SHELL);
    assert.equal(digests["/usr/bin/dd"], undefined);
    assert.deepEqual(read("rpm", fixture(name), "coreutils")["/usr/bin/dd"], SHELL);
  });
}

const FOLDER = "/var/lib/pacman/local/bash-5.2-1";
// In the form that bsdtar 3.6 writes for makepkg.
const MTREE = `#mtree
/set type=file uid=0 gid=0 mode=644
./.PKGINFO time=1700000000.0 size=10 sha256digest=${SHELL[0]!.digest}
/set mode=755
./etc time=1700000000.0 type=dir
./etc/rc time=1700000000.0 size=10 sha256digest=${SHELL[0]!.digest}
./usr/bin/bash time=1700000000.0 size=10 md5digest=${A} sha256digest=${SHELL[0]!.digest}
./usr/bin/a\\040b time=1700000000.0 size=10 md5digest=${A}
./usr/bin/sh time=1700000000.0 mode=777 type=link link=bash
./usr/bin/old time=1700000001.5 size=42
`;

Deno.test("pacman: the file mtree, with what the administrator may edit; length and time where there is no digest", () => {
  const files = new MapFiles({
    [`${FOLDER}/mtree`]: gzipSync(MTREE),
    [`${FOLDER}/files`]: "%FILES%\netc/rc\nusr/bin/bash\n\n%BACKUP%\netc/rc\t7a4179e324c784b99e98fedee05260f7\n",
  });
  assert.deepEqual(read("pacman", files, "bash"), {
    "/.PKGINFO": SHELL,
    "/etc/rc": ["configuration"],
    "/usr/bin/bash": SHELL,
    "/usr/bin/a b": [{ algorithm: "md5", digest: A }],
    "/usr/bin/old": [{ bytes: 42, modifiedSeconds: 1700000001 }],
  });
});

Deno.test("what is locked while packages are installed", () => {
  assert.deepEqual(lockFiles("dpkg"), { paths: ["/var/lib/dpkg/lock"], byExistence: false });
  assert.deepEqual(lockFiles("pacman"), { paths: ["/var/lib/pacman/db.lck"], byExistence: true });
  // Beside the database, wherever that lies: /var/lib/rpm need not be there on SUSE, and on Fedora from 36 on.
  assert.deepEqual(lockFiles("rpm").paths, ["/usr/lib/sysimage/rpm/.rpm.lock", "/var/lib/rpm/.rpm.lock"]);
  assert.deepEqual(lockFiles("built-in").paths, []);
});

Deno.test("without a database nothing is known", () => {
  for (const origin of ["dpkg", "apk", "rpm", "pacman", "nix", "built-in"] as const) {
    assert.deepEqual(read(origin, new MapFiles(), "bash"), {});
  }
});

Deno.test("every truncation of a database gives digests that the whole one has, or none", () => {
  const load = (path: string) => Deno.readFileSync(new URL(`../../../../fixtures/packages/${path}`, import.meta.url));
  const cases: readonly (readonly [Origin, string, Uint8Array, string, number])[] = [
    ["dpkg", `${INFO}/x.md5sums`, new TextEncoder().encode(`${A}  bin/cat\n${B}  usr/bin/env\n`), "x", 1],
    ["apk", "/lib/apk/db/installed", load("apk/lib/apk/db/installed"), "busybox", 1],
    ["pacman", `${FOLDER}/mtree`, gzipSync(MTREE), "bash", 1],
    ["rpm", "/usr/lib/sysimage/rpm/rpmdb.sqlite", load("rpm/usr/lib/sysimage/rpm/rpmdb.sqlite"), "bash", 509],
    ["rpm", "/var/lib/rpm/Packages", load("rpm-bdb/var/lib/rpm/Packages"), "bash", 509],
  ];
  for (const [origin, path, whole, name, step] of cases) {
    const want = read(origin, new MapFiles({ [path]: whole }), name);
    const known = new Set([...Object.values(want).flat(), "configuration"].map((one) => JSON.stringify(one)));
    assert.ok(Object.keys(want).length > 0, path);
    for (let length = 0; length < whole.length; length += step) {
      const found = read(origin, new MapFiles({ [path]: whole.slice(0, length) }), name);
      // A path may be cut, a digest may not.
      for (const expected of Object.values(found).flat()) {
        assert.ok(known.has(JSON.stringify(expected)), `${path}, ${length} bytes: ${JSON.stringify(found)}`);
      }
    }
  }
});
