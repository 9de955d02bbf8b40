/**
 * Package managers of JavaScript, Ruby and Dart, and version managers.
 *
 * @module
 */

import { CACHE, DATA, HOME, PROJECT, STATE } from "./anchors.ts";
import { type ByDesign, row, SHA1 } from "./row.ts";

/** Its rows, in the order in which they are tried. */
export const SCRIPTS: readonly ByDesign[] = [
  row(
    "npx",
    "_npx",
    `${HOME}/\\.npm/_npx`,
    "()(?:[0-9a-f]{16}|\\d+)()",
    "~/.npm/_npx/{hex16}",
    "docs.npmjs.com: npx, cache; npm/cli libnpmexec",
  ),
  row(
    "pnpm",
    "dlx",
    `${CACHE}/pnpm/dlx`,
    "()(?:[0-9a-f]{64}|[0-9a-z]{26,32})()",
    "~/.cache/pnpm/dlx/{base36-26}",
    "pnpm.io: dlx, cacheDir; pnpm/pnpm #8611, #9912",
  ),
  row(
    "pnpm",
    "dlx",
    `${CACHE}/pnpm/dlx/[0-9a-z]+`,
    "()[0-9a-f]{11,12}-[0-9a-f]{2,7}()",
    "~/.cache/pnpm/dlx/cywey2pircc73svwjusktx4fzq/1925a05254a-{hex6}",
    "pnpm/pnpm #8611, #9912",
  ),
  row(
    "pnpm",
    ".pnpm",
    `${PROJECT}/node_modules/\\.pnpm`,
    "([^/]+_)[0-9a-z]{26,32}()",
    "/srv/site/node_modules/.pnpm/vite@5.4.2_{base36-26}",
    "pnpm.io: symlinked node_modules structure",
  ),
  row(
    "pnpm",
    ".pnpm",
    `${CACHE}/pnpm/dlx/[^/]+/[^/]+/node_modules/\\.pnpm`,
    "([^/]+_)[0-9a-z]{26,32}()",
    "~/.cache/pnpm/dlx/cywey2pircc73svwjusktx4fzq/1925a05254a-29dac9/node_modules/.pnpm/vite@5.4.2_{base36-26}",
    "pnpm.io: symlinked node_modules structure",
  ),
  row(
    "yarn",
    "unplugged",
    `${PROJECT}/\\.yarn/unplugged`,
    "([^/]+-)[0-9a-f]{10}()",
    "/srv/site/.yarn/unplugged/esbuild-npm-0.21.5-{hex10}",
    "yarnpkg.com: pnpUnpluggedFolder",
  ),
  row(
    "yarn",
    "__virtual__",
    `${PROJECT}/\\.yarn/__virtual__`,
    "([^/]+-virtual-)[0-9a-f]{10}()",
    "/srv/site/.yarn/__virtual__/vite-virtual-{hex10}",
    "yarnpkg.com: Plug'n'Play, virtual packages",
  ),
  row(
    "yarn",
    "yarn",
    `(?:${CACHE}|/usr/local/share/\\.cache)/yarn/v\\d+`,
    `(npm-[^/]+-)${SHA1}((?:-integrity)?)`,
    "~/.cache/yarn/v6/npm-esbuild-0.8.2-{hex40}-integrity",
    "classic.yarnpkg.com: yarn cache",
  ),
  row(
    "deno",
    "npm",
    `${CACHE}/deno/npm`,
    "(registry\\.)npmjs(\\.org)",
    "~/.cache/deno/npm/registry.npmjs.org",
    "docs.deno.com: DENO_DIR; a host's name that looks drawn",
  ),
  row(
    "fnm",
    "fnm_multishells",
    `(?:/run/user/\\d+|${STATE}|${CACHE})/fnm_multishells`,
    "()\\d+_\\d{13}()",
    "/run/user/1000/fnm_multishells/{n}_1700000000000",
    "Schniz/fnm: directories",
  ),
  row(
    "asdf",
    "installs",
    `(?:${HOME}/\\.asdf|${DATA}/(?:mise|rtx|asdf))/installs/[^/]+`,
    "(ref-)[0-9a-f]{7,40}()",
    "~/.asdf/installs/elixir/ref-{hex40}",
    "asdf-vm.com: install from a ref; mise.jdx.dev: ref versions",
  ),
  row(
    "bundler",
    "bundler",
    `${PROJECT}/bundler/gems`,
    "([^/]+-)[0-9a-f]{7,12}()",
    "/srv/shop/vendor/bundle/ruby/3.1.0/bundler/gems/rails-{hex12}",
    "bundler.io: gems from git repositories",
  ),
  row(
    "pub",
    ".pub-cache",
    `${HOME}/\\.pub-cache/git`,
    `([^/]+-)${SHA1}()`,
    "~/.pub-cache/git/mason-{hex40}",
    "dart.dev: pub, system package cache",
  ),
  row(
    "meteor",
    "meteor-tool",
    `${HOME}/\\.meteor/packages/meteor-tool`,
    "(\\.\\d[\\w.-]*\\.)[0-9a-z]{5,8}(?:\\.[0-9a-z]{3,6})?(\\+\\+[^/]+)",
    "~/.meteor/packages/meteor-tool/.2.8.0.1{base36-6}.{base36-4}++os.linux.x86_64+web.browser",
    "meteor/meteor #5237: where its tool is unpacked",
  ),
  row(
    "puppeteer",
    "puppeteer",
    `${CACHE}/puppeteer/(?:chrome|chromium|chrome-headless-shell)`,
    "(linux(?:_arm)?-)\\d+()",
    "~/.cache/puppeteer/chrome/linux-{n}",
    "pptr.dev: installation, browsers' cache; a snapshot of Chromium",
  ),
];
