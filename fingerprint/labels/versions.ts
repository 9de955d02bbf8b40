/**
 * Versions and machine types in the names of installed programs: what differs from one machine to another, and from one
 * release to the next, of the same program.
 *
 * @module
 */

/** The machine type in front of a tool's name, as Debian's and GNU's tool chains have it: `x86_64-linux-gnu-gcc-12`. */
const MACHINE =
  /^(?:x86_64|i[3-6]86|aarch64|arm|riscv64|powerpc64(?:le)?|s390x|mips\w*|loongarch64)-linux-(?:gnu|musl)\w*-(?=[a-z])/;
/** A version behind a name: `gcc-12`, `clang-14.0`, `lua5.4`, `php8.2`. Digits alone belong to the name: `bzip2`, `mkfs.ext4`. */
const VERSION = /(?<=[a-z+])(?:-\d{1,2}(?:\.\d+)*|-?\d+(?:\.\d+)+)$/i;

/** Which Ruby a script of a gem is for, in openSUSE: `rake.ruby3.1`, `rake.ruby3.1-13.0.6`. */
const RUBY = /\.ruby\d+(?:\.\d+)*(?:-\d[\d.]*)?$/;

export function withoutVersion(name: string): string {
  return name.replace(MACHINE, "").replace(RUBY, "").replace(VERSION, "");
}
