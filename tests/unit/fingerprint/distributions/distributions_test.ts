/**
 * The recorded forests on other distributions, by the database of each: the same trees, but for names that there are only there.
 *
 * @module
 */

import assert from "node:assert/strict";
import { EXPECTED } from "../expected_forests.ts";
import { recordedForests, Replay } from "../recorded_forest.ts";
import { machines } from "./machines.ts";

/** Tree → its launches where it was recorded, and on the other machine. */
type Difference = Readonly<Record<string, readonly [recorded: number, there: number]>>;

/** Busybox is no package of the base there. */
const BUSYBOX_APART: Difference = {
  "/unshare/base": [1, 0],
  "/unshare/busybox": [0, 1],
};

/** Its cron is called crond, and run-parts is no package of the base there. */
const CRONIE: Difference = {
  "/base/cron": [1, 0],
  "/base/cron/base": [8, 0],
  "/base/cron/base/nightly.sh": [2, 0],
  "/base/cron/base/nightly.sh/base": [2, 0],
  "/base/cron/base/nightly.sh/python": [2, 0],
  "/base/crond": [0, 1],
  "/base/crond/base": [0, 6],
  "/base/crond/base/nightly.sh": [0, 2],
  "/base/crond/base/nightly.sh/base": [0, 2],
  "/base/crond/base/nightly.sh/python": [0, 2],
  "/base/crond/base/run-parts": [0, 2],
  "/random/base/cron/base/rotate": [2, 0],
  "/random/base/cron/base/rotate/base": [2, 0],
  "/random/base/cron/base/top.py": [2, 0],
  "/random/base/cron/base/top.py/base": [2, 0],
  "/random/base/crond/base/run-parts/rotate": [0, 2],
  "/random/base/crond/base/run-parts/rotate/base": [0, 2],
  "/random/base/crond/base/top.py": [0, 2],
  "/random/base/crond/base/top.py/base": [0, 2],
};

/** There is no apt: its programs are a name each, and mandb is no package of the base. */
const NO_APT: Difference = {
  "/apt-get": [0, 1],
  "/apt-get/base": [0, 7],
  "/apt-get/base/dpkg-preconfigure": [0, 1],
  "/apt-get/base/dpkg-preconfigure/base": [0, 1],
  "/apt-get/dpkg": [0, 7],
  "/apt-get/dpkg/base": [0, 1],
  "/apt-get/dpkg/dpkg-deb": [0, 2],
  "/apt-get/dpkg/dpkg-deb/base": [0, 1],
  "/apt-get/dpkg/dpkg-split": [0, 1],
  "/apt-get/dpkg/man-db.postinst": [0, 1],
  "/apt-get/dpkg/man-db.postinst/mandb": [0, 1],
  "/apt-get/dpkg/man-db.postinst/setpriv": [0, 1],
  "/apt-get/http": [0, 2],
  "/base": [22, 0],
  "/base/http": [2, 0],
  "/base/man-db.postinst": [1, 0],
  "/base/man-db.postinst/base": [1, 0],
  "/base/man-db.postinst/setpriv": [1, 0],
};

/** Machine → forest → the trees that are others there, with their launches where it was recorded and there. */
const DIFFERENCES: Readonly<Record<string, Readonly<Record<string, Difference>>>> = {
  "Debian, by dpkg": {
    "apt-install": {
      "/base": [22, 26],
      "/base/http": [2, 0],
      "/base/man-db.postinst": [1, 0],
      "/base/man-db.postinst/base": [1, 0],
      "/base/man-db.postinst/setpriv": [1, 0],
      "/base/setpriv": [0, 1],
    },
    "container": BUSYBOX_APART,
  },
  "Alpine, by apk": {
    "apt-install": {
      "/apt-get": [0, 1],
      "/apt-get/base": [0, 7],
      "/apt-get/base/dpkg-preconfigure": [0, 1],
      "/apt-get/base/dpkg-preconfigure/locale": [0, 1],
      "/apt-get/dpkg": [0, 7],
      "/apt-get/dpkg/base": [0, 1],
      "/apt-get/dpkg/dpkg-deb": [0, 2],
      "/apt-get/dpkg/dpkg-deb/base": [0, 1],
      "/apt-get/dpkg/dpkg-split": [0, 1],
      "/apt-get/dpkg/man-db.postinst": [0, 1],
      "/apt-get/dpkg/man-db.postinst/mandb": [0, 1],
      "/apt-get/dpkg/man-db.postinst/setpriv": [0, 1],
      "/apt-get/http": [0, 2],
      "/base": [22, 0],
      "/base/http": [2, 0],
      "/base/man-db.postinst": [1, 0],
      "/base/man-db.postinst/base": [1, 0],
      "/base/man-db.postinst/setpriv": [1, 0],
    },
    "cron": {
      "/base/cron": [1, 0],
      "/base/cron/base": [8, 0],
      "/base/cron/base/nightly.sh": [2, 0],
      "/base/cron/base/nightly.sh/base": [2, 0],
      "/base/cron/base/nightly.sh/python": [2, 0],
      "/base/crond": [0, 1],
      "/base/crond/base": [0, 8],
      "/base/crond/base/nightly.sh": [0, 2],
      "/base/crond/base/nightly.sh/base": [0, 2],
      "/base/crond/base/nightly.sh/python": [0, 2],
      "/random/base/cron/base/rotate": [2, 0],
      "/random/base/cron/base/rotate/base": [2, 0],
      "/random/base/cron/base/top.py": [2, 0],
      "/random/base/cron/base/top.py/base": [2, 0],
      "/random/base/crond/base/rotate": [0, 2],
      "/random/base/crond/base/rotate/base": [0, 2],
      "/random/base/crond/base/top.py": [0, 2],
      "/random/base/crond/base/top.py/base": [0, 2],
    },
  },
  "Fedora, by rpm": {
    "apt-install": {
      "/apt-get": [0, 1],
      "/apt-get/base": [0, 7],
      "/apt-get/base/dpkg-preconfigure": [0, 1],
      "/apt-get/base/dpkg-preconfigure/base": [0, 1],
      "/apt-get/dpkg": [0, 7],
      "/apt-get/dpkg/base": [0, 3],
      "/apt-get/dpkg/base/setpriv": [0, 1],
      "/apt-get/dpkg/dpkg-deb": [0, 2],
      "/apt-get/dpkg/dpkg-deb/base": [0, 1],
      "/apt-get/dpkg/dpkg-split": [0, 1],
      "/apt-get/http": [0, 2],
      "/base": [22, 0],
      "/base/http": [2, 0],
      "/base/man-db.postinst": [1, 0],
      "/base/man-db.postinst/base": [1, 0],
      "/base/man-db.postinst/setpriv": [1, 0],
    },
    "container": BUSYBOX_APART,
    "cron": CRONIE,
  },
  "UBI, by rpm": {
    "apt-install": NO_APT,
    "container": BUSYBOX_APART,
    "cron": CRONIE,
  },
  "Arch, by pacman": {
    "apt-install": NO_APT,
    "container": BUSYBOX_APART,
    "cron": CRONIE,
  },
  "NixOS, by its profile": {
    "apt-install": {
      "/apt-get": [0, 1],
      "/apt-get/base": [0, 7],
      "/apt-get/base/dpkg-preconfigure": [0, 1],
      "/apt-get/base/dpkg-preconfigure/base": [0, 1],
      "/apt-get/dpkg": [0, 7],
      "/apt-get/dpkg/base": [0, 1],
      "/apt-get/dpkg/dpkg-deb": [0, 2],
      "/apt-get/dpkg/dpkg-deb/base": [0, 1],
      "/apt-get/dpkg/dpkg-split": [0, 1],
      "/apt-get/dpkg/man-db.postinst": [0, 1],
      "/apt-get/dpkg/man-db.postinst/base": [0, 1],
      "/apt-get/dpkg/man-db.postinst/setpriv": [0, 1],
      "/apt-get/http": [0, 2],
      "/base": [22, 0],
      "/base/http": [2, 0],
      "/base/man-db.postinst": [1, 0],
      "/base/man-db.postinst/base": [1, 0],
      "/base/man-db.postinst/setpriv": [1, 0],
    },
    "container": BUSYBOX_APART,
    "cron": {
      "/base/cron/base": [8, 6],
      "/base/cron/base/run-parts": [0, 2],
      "/random/base/cron/base/rotate": [2, 0],
      "/random/base/cron/base/rotate/base": [2, 0],
      "/random/base/cron/base/run-parts/rotate": [0, 2],
      "/random/base/cron/base/run-parts/rotate/base": [0, 2],
    },
  },
};

for (const { name, base, move } of machines()) {
  Deno.test(`${name}: the forests are the same but for the table`, () => {
    for (const [forest, recorded] of recordedForests()) {
      const replay = new Replay(base), expected = new Map(Object.entries(EXPECTED[forest]!));
      replay.replay(recorded, undefined, move);
      const trees = replay.trees(), found: Record<string, readonly [number, number]> = {};
      for (const tree of new Set([...expected.keys(), ...trees.keys()])) {
        const there = [expected.get(tree) ?? 0, trees.get(tree) ?? 0] as const;
        if (there[0] !== there[1]) found[tree] = there;
      }
      assert.deepEqual(found, DIFFERENCES[name]?.[forest] ?? {}, forest);
    }
  });
}

Deno.test("each machine was read by its own database", () => {
  assert.deepEqual(machines().map(({ base }) => base.origin), ["dpkg", "apk", "rpm", "rpm", "pacman", "nix"]);
});
