/**
 * What runs the machine code of another file, and files that are many programs in one: a row each.
 *
 * @module
 */

import type { Interpreter } from "./grammar.ts";

/** Loaders, emulators and files with many programs. */
export const LOADERS: readonly Interpreter[] = [
  {
    names: ["busybox", "toybox", "toolbox", "sbase-box", "ubase-box", "dropbearmulti"],
    manual: "busybox(1), Usage; https://landley.net/toybox/faq.html; sbase and ubase, README; dropbear, MULTI.md",
    operand: "none",
    applets: [],
  },
  {
    names: ["coreutils", "uutils", "findutils", "diffutils"],
    manual: "coreutils(1); https://uutils.github.io/coreutils/docs/multicall.html",
    operand: "none",
    applets: ["--coreutils-prog=", "--coreutils-prog-shebang="],
  },
  {
    names: ["ld.so"],
    // glibc's by its machine, and by its release before 2.33; musl's, which is its C library as well; uClibc's; Android's.
    pattern:
      /^(?:ld(?:64|32|-\d+\.\d+|-(?:linux|musl)[\w-]*|-uClibc[\w.-]*)?\.so(?:\.[12356])?|ld64-uClibc\.so\.[01]|libc\.so|linker(?:64)?)$/,
    manual: "ld.so(8); musl, ldso/dynlink.c",
    operand: "executable",
    words: {
      value: "--library-path --inhibit-rpath --audit --preload --argv0 --glibc-hwcaps-prepend --glibc-hwcaps-mask",
      ends: "--list --verify --list-tunables --list-diagnostics --version --help",
    },
    before: { library: "--preload --audit", place: "--library-path" },
  },
  {
    names: ["qemu-user"],
    isBundled: true,
    // The machines of QEMU's targets for Linux programs; `-static` and `-binfmt` are Debian's and openSUSE's.
    pattern: new RegExp(
      "^qemu-(?:aarch64(?:_be)?|alpha|arm(?:eb)?|cris|hexagon|hppa|i386|loongarch64|m68k|microblaze(?:el)?|mips(?:64|n32)?(?:el)?|" +
        "nios2|or1k|ppc(?:64(?:abi32|le)?)?|riscv(?:32|64)|s390x|sh4(?:eb)?|sparc(?:32plus|64)?|tilegx|x86_64|xtensa(?:eb)?)" +
        "(?:-static|-binfmt(?:-P)?)?$",
    ),
    manual: "https://www.qemu.org/docs/master/user/main.html",
    operand: "executable",
    keepsName: true,
    words: {
      value: "-g -L -s -cpu -E -U -0 -r -B -R -d -dfilter -D -p -seed -plugin -rtsig-map -t -tb-size",
      ends: "-h -help --help -version --version",
    },
    before: { place: "-L", library: "-plugin" },
    settings: "LD_PRELOAD LD_AUDIT",
  },
  {
    names: ["box64", "box86"],
    isBundled: true,
    manual: "https://github.com/ptitSeb/box64/blob/main/docs/box64.pod",
    operand: "executable",
    words: { ends: "-v --version -h --help -k --kill-all" },
  },
  {
    names: ["FEX", "FEXInterpreter", "FEXLoader"],
    isBundled: true,
    manual: "https://github.com/FEX-Emu/FEX",
    operand: "executable",
    keepsName: true,
    letters: { value: "crRoe" },
  },
  {
    names: ["valgrind"],
    isBundled: true,
    // What valgrind(1) becomes: a tool for one machine.
    pattern:
      /^(?:valgrind(?:\.bin)?|(?:memcheck|cachegrind|callgrind|helgrind|drd|massif|dhat|lackey|none|exp-bbv)-(?:amd64|x86|arm|arm64|ppc32|ppc64be|ppc64le|s390x|mips32|mips64|nanomips|riscv64)-linux)$/,
    manual: "valgrind(1)",
    operand: "executable",
    words: { ends: "-h --help --help-debug --help-dyn-options --version" },
  },
  {
    names: ["wine"],
    isBundled: true,
    pattern: /^wine(?:32|64)?(?:-(?:preloader|stable|development|devel|staging|vanilla|proton|tkg|ge)){0,3}$/,
    manual: "wine(1)",
    custom: "windows",
  },
];
