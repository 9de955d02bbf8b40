/**
 * What builds leave in a project's folder, and packages of C and C++.
 *
 * @module
 */

import { CACHE, HOME, PROJECT } from "./anchors.ts";
import { type ByDesign, row, SHA1 } from "./row.ts";

/** Its rows, in the order in which they are tried. */
export const OUTPUTS: readonly ByDesign[] = [
  row(
    "cargo",
    "target",
    `${PROJECT}/target(?:/[^/]+){1,3}/build(?:/[^/]+)?`,
    "((?:[^/]+-)?)[0-9a-f]{16}()",
    "/srv/app/target/release/build/ring-{hex16}",
    "doc.rust-lang.org/cargo: build cache",
  ),
  row(
    "zig",
    ".zig-cache",
    `${PROJECT}/\\.zig-cache/(?:o|tmp)`,
    "()[0-9a-f]{16,32}()",
    "/srv/app/.zig-cache/o/{hex32}",
    "ziglang.org: build system, cache; release notes 0.13",
  ),
  row(
    "zig",
    "zig-cache",
    `${PROJECT}/zig-cache/(?:o|tmp)`,
    "()[0-9a-f]{16,32}()",
    "/srv/app/zig-cache/o/{hex32}",
    "ziglang.org: build system, cache",
  ),
  row(
    "zig",
    "zig",
    `${CACHE}/zig/o`,
    "()[0-9a-f]{32}()",
    "~/.cache/zig/o/{hex32}",
    "ziglang.org: build system, global cache",
  ),
  row(
    "zig",
    "zig",
    `${CACHE}/zig/p`,
    "()1220[0-9a-f]{64}()",
    "~/.cache/zig/p/1220{hex64}",
    "ziglang.org: package management, hashes",
  ),
  row(
    "cmake",
    "CMakeFiles",
    `${PROJECT}/CMakeFiles/CMakeScratch`,
    "(TryCompile-)[A-Za-z0-9]{6}()",
    "/srv/app/build/CMakeFiles/CMakeScratch/TryCompile-{base62-6}",
    "cmake.org: try_run, its working directory",
  ),
  row(
    "cmake",
    "CMakeFiles",
    `${PROJECT}/CMakeFiles/(?:CMakeTmp|CMakeScratch/TryCompile-[A-Za-z0-9]{6})`,
    "(cmTC_)[0-9a-f]{5}()",
    "/srv/app/build/CMakeFiles/CMakeTmp/cmTC_{hex5}",
    "cmake.org: try_run, its working directory",
  ),
  row(
    "buck2",
    "buck-out",
    `${PROJECT}/buck-out/v2/(?:gen|art)/[^/]+`,
    "()[0-9a-f]{16}()",
    "/srv/app/buck-out/v2/gen/root/{hex16}",
    "buck2.build: buck-out",
  ),
  row(
    "conan",
    ".conan2",
    `${HOME}/\\.conan2/p(?:/b)?`,
    "([\\w.+-]{1,5}?)[0-9a-f]{13}()",
    "~/.conan2/p/b/cmake{hex13}",
    "docs.conan.io: conan cache path",
  ),
  row(
    "conan",
    ".conan",
    `${HOME}/\\.conan/data(?:/[^/]+){4}/(?:package|build)`,
    `()${SHA1}()`,
    "~/.conan/data/cmake/3.25/_/_/package/{hex40}",
    "docs.conan.io/1: package folders",
  ),
  row(
    "hunter",
    "_Base",
    `${HOME}/\\.hunter/_Base(?:/[0-9a-f]{7}){0,2}`,
    "()[0-9a-f]{7}()",
    "~/.hunter/_Base/{hex7}",
    "hunter.readthedocs.io: layout",
  ),
  row(
    "esy",
    ".esy",
    `${HOME}/\\.esy/3_+/[ibs]`,
    "([^/]+-)[0-9a-f]{8}()",
    "~/.esy/3__________/i/ocaml-4.14.0-{hex8}",
    "esy.sh: concepts, global cache",
  ),
];
