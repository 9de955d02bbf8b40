/**
 * The names under which distributions and builders install a program: with a version, a machine type and words of their own
 * around the name that its authors gave it.
 *
 * @module
 */

/** No longer name is taken apart. */
const MAX_NAME = 64;

/**
 * What stands in for a program that was moved aside for a script of its name: Nix (makeWrapper, wrapProgram) and Guix
 * (wrap-program) put a dot in front and a word behind, others the word alone; `.distrib` is dpkg-divert(1)'s.
 */
const WRAPPED = /^(?:\.(.+)-(?:wrapped|real)_*|([^.].*)[.-](?:real|wrapped|unwrapped|distrib))$/;

/** The name of a program, of a file that a wrapper stands in for. */
export function unwrapped(name: string): string {
  if (!/real|wrapped|distrib/.test(name)) return name;
  const match = WRAPPED.exec(name);
  return match?.[1] ?? match?.[2] ?? name;
}

/**
 * Words in front of the name, with a hyphen: RHEL 8's and Fedora's Pythons for the system itself, Debian's csh and awk of BSD
 * and Bell Labs, Arch's and Gentoo's builds.
 */
const PREFIX = /^(?:platform|system|bsd|original|native|zts)-/;

/**
 * Words behind it: how it was built (`busybox.static`, `python3-dbg`, `mono-sgen`, `pypy3-c`, `ruby-mri`, `emacs-nox`), which
 * part of it this is (BusyBox in Yocto: `.nosuid`, `.suid`; in Alpine: `-extras`; `gjs-console`), that there is a newer one
 * (Arch: `php-legacy`), or for which Ruby (openSUSE: `bundle.ruby3.1`).
 */
const WORDS: ReadonlySet<string> = new Set(
  ("static unstripped nosuid suid extras full minimal mini tiny dbg debug nogil freethreaded c mri jit sgen boehm console gtk nox qt lucid pgtk " +
    "x11 zts preview legacy stable devel lts system default native ruby").split(" "),
);

/** A version, or a part of one between dots: `3`, `11m`, `13t`, `0rc1`, `beta3`. */
const VERSION = /^(?:\d+(?:[dmtu]{1,2})?|\d*(?:alpha|beta|rc)\d*)$/;

/** Machine types and what stands around them, as in GNU's triplets and the binaries of busybox.net and landley.net. */
const MACHINE = new RegExp(
  "^(?:x86|amd64|i[3-6]86|arm(?:v\\d\\w{0,2}|eb|el|hf|64)?|aarch64|be|mips\\w{0,6}|powerpc\\w{0,8}|440fp|ppc\\w{0,4}|riscv\\d\\d|s390x?|" +
    "sparc\\w{0,6}|sh\\d\\w{0,2}|m68k|microblaze\\w{0,2}|or1k|hppa|alpha|loongarch\\d\\d|xtensa\\w{0,2}|linux|gnu\\w{0,6}|" +
    "musl\\w{0,6}|eabi\\w{0,2})$",
);

/**
 * The row of a program by its file's name: the name itself, or one of the shape `[word-]name[version][-word|-machine|-version]…`,
 * in which a part may be the name again (openSUSE: `ruby.ruby3.1`). Where more would do, the longest.
 */
export function byName<Row extends { readonly names: readonly string[] }>(
  rows: ReadonlyMap<string, Row>,
  fileName: string,
): Row | undefined {
  const exact = rows.get(fileName);
  if (exact !== undefined || fileName.length > MAX_NAME) return exact;
  const name = unwrapped(fileName).replace(PREFIX, "");
  for (let end = name.length; end > 0; end--) {
    // A name ends with a letter, behind which something else stands.
    if (!isLetter(name, end - 1) || end < name.length && isLetter(name, end)) continue;
    const row = rows.get(name.slice(0, end));
    if (row !== undefined && isDecoration(name.slice(end), row.names)) return row;
  }
  return undefined;
}

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 0x20;
  return code >= 0x61 && code <= 0x7a;
}

/** Whether what follows a name says nothing but which build of it this is. */
function isDecoration(tail: string, names: readonly string[]): boolean {
  if (tail === "") return true;
  if (isLetter(tail, 0)) return false;
  const parts = tail.split(/[-._]/);
  if (parts[0] === "") parts.shift();
  return parts.every((part) => {
    const word = part.toLowerCase();
    const plain = part.replace(/\d+$/, "");
    return VERSION.test(part) || WORDS.has(word) || WORDS.has(plain) || MACHINE.test(word) || names.includes(plain);
  });
}
