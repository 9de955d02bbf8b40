/**
 * What the recorded forests are on a machine of which nothing else is known.
 *
 * @module
 */

/** Every tree of each forest, with its launches. */
export const EXPECTED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "apt-install": {
    "/base": 22,
    "/base/http": 2,
    "/base/man-db.postinst": 1,
    "/base/man-db.postinst/setpriv": 1,
    "/base/man-db.postinst/base": 1,
  },
  "container": {
    "/unshare": 1,
    "/random/unshare/enter.sh": 1,
    "/random/unshare/enter.sh/base": 2,
    "/unshare/base": 1,
    "/unshare/entrypoint.sh": 1,
    "/random/unshare/entrypoint.sh/sleep@tmp": 1,
  },
  "cron": {
    "/base": 1,
    "/base/cron": 1,
    "/base/cron/base": 8,
    "/base/cron/base/nightly.sh": 2,
    "/base/cron/base/nightly.sh/base": 2,
    "/base/cron/base/nightly.sh/python": 2,
    "/random/base/cron/base/rotate": 2,
    "/random/base/cron/base/rotate/base": 2,
    "/random/base/cron/base/top.py": 2,
    "/random/base/cron/base/top.py/base": 2,
  },
  "login-build": {
    "/su": 1,
    "/su/base": 2,
    "/su/make": 1,
    "/su/make/base": 1,
    "/su/make/gcc": 3,
    "/su/make/gcc/cc1": 2,
    "/su/make/gcc/as": 2,
    "/su/make/gcc/collect2": 1,
    "/su/make/gcc/collect2/ld.bfd": 1,
    "/su/make/app": 1,
    "/su/make/check.sh": 1,
    "/su/make/check.sh/base": 3,
    "/random/su/make/check.sh/app": 1,
    "/random/su/make/check.sh/run.sh": 1,
  },
  "npm-install": {
    "/su": 1,
    "/su/base": 5,
    "/su/base/npm": 2,
    "/su/base/npm/base": 3,
    "/su/base/npm/base/install.js": 1,
    "/su/base/npm/base/install.js/esbuild": 1,
    "/su/base/npm/base/semver": 1,
    "/su/npx": 1,
    "/su/npx/base": 2,
    "/su/npx/base/semver": 1,
  },
  "pip-install": {
    "/base": 1,
    "/base/six": 1,
    "/random/base/pip": 2,
    "/random/base/pip/base": 2,
    "/random/base/pip/lsb_release": 2,
    "/random/base/pip/lsb_release/base": 12,
    "/random/base/pip/__pip-runner__.py": 5,
    "/random/base/pip/__pip-runner__.py/base": 5,
    "/random/base/pip/__pip-runner__.py/lsb_release": 5,
    "/random/base/pip/__pip-runner__.py/lsb_release/base": 30,
    "/random/base/pip/__pip-runner__.py/_in_process.py": 27,
    "/random/base/pip/_in_process.py": 3,
  },
};
