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
    // glibc's by its machine, and by its release before 2.33, LSB's; musl's, which is its C library as well; uClibc's; Android's.
    pattern: new RegExp(
      "^(?:ld(?:64|32|-\\d+\\.\\d+|-(?:linux|lsb|musl)[\\w-]*)?\\.so(?:\\.[12356])?|ld(?:64)?-uClibc(?:-[\\d.]+)?\\.so(?:\\.[01])?|" +
        "libc(?:\\.musl-\\w+)?\\.so(?:\\.1)?|linker(?:64)?)$",
    ),
    manual: "ld.so(8); musl, ldso/dynlink.c; uClibc-ng, ldso; LSB core specification, 5.1",
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
    // The machines of QEMU's targets for Linux programs; `-static` and `-binfmt` are Debian's and openSUSE's, the rest BuildKit's.
    pattern: new RegExp(
      "^\\.buildkit_qemu_emulator$|^(?:buildkit-)?qemu-(?:aarch64(?:_be)?|alpha|arm(?:eb)?|cris|hexagon|hppa|i386|loongarch64|m68k|microblaze(?:el)?|mips(?:64|n32)?(?:el)?|" +
        "nios2|or1k|ppc(?:64(?:abi32|le)?)?|riscv(?:32|64)|s390x|sh4(?:eb)?|sparc(?:32plus|64)?|tilegx|x86_64|xtensa(?:eb)?)" +
        "(?:-static|-binfmt(?:-P)?)?$",
    ),
    manual: "https://www.qemu.org/docs/master/user/main.html; moby/buildkit, solver/llbsolver/ops: its emulator",
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
    names: ["rosetta"],
    manual: "https://developer.apple.com/documentation/virtualization/running-intel-binaries-in-linux-vms-with-rosetta",
    operand: "executable",
    keepsName: true,
  },
  {
    names: ["houdini", "houdini64"],
    pattern: /^ndk_translation_program_runner_binfmt_misc(?:_arm64)?$/,
    manual: "Android-x86 and Waydroid: their binfmt_misc registrations",
    operand: "executable",
    keepsName: true,
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
  {
    names: ["wasmtime"],
    isBundled: true,
    manual: "https://docs.wasmtime.dev/cli-options.html",
    letters: { value: "CDOWS", ends: "hV" },
    words: {
      value:
        "--dir --env --invoke --preload --argv0 --config --addr --codegen --debug --optimize --wasm --wasi --target",
      ends: "--help --version",
    },
    before: { place: "--preload" },
    commands: { run: "run serve", own: "compile completion config explore help objdump settings wast wizer" },
  },
  {
    names: ["wasmer"],
    isBundled: true,
    manual: "https://docs.wasmer.io/runtime/cli",
    letters: { value: "ei", ends: "hV" },
    words: {
      value:
        "--entrypoint --invoke --dir --mapdir --volume --env --use --command-name --stack-size --cache-dir --registry",
      ends: "--help --version",
    },
    commands: {
      run: "run",
      own:
        "add app auth binfmt cache compile config connect container create-exe create-obj deploy domain gen-completions " +
        "help init inspect login namespace package publish self-update ssh validate wast whoami",
    },
  },
  {
    names: ["wasmedge"],
    isBundled: true,
    manual: "https://wasmedge.org/docs/start/build-and-run/cli",
    letters: { ends: "hv" },
    words: {
      value: "--dir --env --allow-command --forbidden-plugin --gas-limit --memory-page-limit --time-limit",
      ends: "--help --version",
    },
    commands: { run: "run", own: "compile instantiate parse validate" },
  },
  {
    names: ["iwasm"],
    isBundled: true,
    manual: "https://wamr.gitbook.io/document/wamr-in-practice/tutorial: its options have values behind `=`",
    letters: {},
    words: { value: "-f --function", ends: "--help --version" },
  },
];
