import assert from "node:assert/strict";
import { withoutVersion } from "../../../../fingerprint/labels/versions.ts";

Deno.test("versions and machine types are no part of an installed program's name", () => {
  const cases: readonly (readonly [name: string, want: string])[] = [
    ["x86_64-linux-gnu-gcc-12", "gcc"],
    ["aarch64-linux-gnu-ld.bfd", "ld.bfd"],
    ["arm-linux-gnueabihf-g++-13", "g++"],
    ["i686-linux-musl-as", "as"],
    ["clang-format-14", "clang-format"],
    ["automake-1.16", "automake"],
    ["php-fpm8.2", "php-fpm"],
    ["perl5.36.0", "perl"],
    ["clang++-15", "clang++"],
    ["rake.ruby3.1", "rake"],
    ["rake.ruby2.5-12.3.0", "rake"],
    // Digits that are a part of the name.
    ["bzip2", "bzip2"],
    ["x86_64", "x86_64"],
    ["mkfs.ext4", "mkfs.ext4"],
    ["sha256sum", "sha256sum"],
    ["cd-hit-454", "cd-hit-454"],
    ["7z", "7z"],
    ["ld-linux-x86-64.so.2", "ld-linux-x86-64.so.2"],
    ["x86_64-linux-gnu-", "x86_64-linux-gnu-"],
    ["-12", "-12"],
    ["1.2.3", "1.2.3"],
    ["", ""],
  ];
  for (const [name, want] of cases) assert.equal(withoutVersion(name), want, name);
});
