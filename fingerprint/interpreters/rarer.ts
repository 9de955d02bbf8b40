/**
 * Interpreters that few machines have: a row each. Options that take no value need no mention.
 *
 * @module
 */

import type { Interpreter } from "./grammar.ts";

/** Languages, and tools whose scripts have a first line of their own. */
export const RARER: readonly Interpreter[] = [
  {
    names: ["ocaml"],
    manual: "ocaml(1)",
    words: {
      inline: "-e",
      value: "-I -H -init -open -pp -ppx -w -warn-error -alert -color -error-style -inline -unboxed-types",
      ends: "-version -vnum -where -config -help --help",
    },
    before: { place: "-I -init" },
  },
  {
    names: ["ocamlrun", "ocamlrund", "ocamlruni"],
    manual: "ocamlrun(1): also the first line of what ocamlc(1) makes",
    words: { value: "-I", ends: "-p -version -vnum -help --help -config" },
    before: { place: "-I" },
  },
  {
    names: ["mruby"],
    manual: "mruby(1)",
    letters: { inline: "e", value: "r", ends: "h" },
    words: { ends: "--version --copyright" },
    before: { place: "-r" },
  },
  {
    names: ["mozjs"],
    isBundled: true,
    pattern: /^js\d{2,3}$/,
    manual: "js(1), SpiderMonkey: js102",
    letters: { inline: "e", part: "f", value: "m" },
    words: { inline: "--execute", part: "--file", value: "--module --load-path", ends: "--version --help -v -h" },
  },
  {
    names: ["hhvm"],
    manual: "hhvm(1)",
    letters: { script: "f", value: "mcdvup", ends: "h" },
    words: {
      script: "--file",
      value: "--mode --config --define --config-value --user --port",
      ends: "--version --help",
    },
  },
  {
    names: ["pike"],
    manual: "pike(1)",
    letters: { inline: "e", module: "x", value: "DIMPma" },
    words: { ends: "--version --help -v" },
    before: { place: "-M -I -P -m" },
  },
  {
    names: ["gforth", "gforth-fast", "gforth-itc", "gforth-ditc"],
    manual: "gforth(1)",
    words: {
      inline: "-e --evaluate",
      value: "-i --image-file -p --path -d --data-stack-size -f --fp-stack-size -l --locals-stack-size -m " +
        "--dictionary-size -r --return-stack-size",
      ends: "-v --version -h --help",
    },
    before: { place: "-i --image-file -p --path" },
  },
  {
    names: ["gst"],
    manual: "gst(1), GNU Smalltalk",
    letters: { script: "fK", value: "I", ends: "vh" },
    words: {
      script: "--file --kernel-file",
      value: "--image-file --image-directory --kernel-directory",
      ends: "--version --help",
    },
  },
  {
    names: ["newlisp"],
    manual: "newlisp(1)",
    letters: { inline: "e", value: "lLmpsStuwx", ends: "h" },
  },
  {
    names: ["regina", "rexx"],
    manual: "regina(1)",
    letters: { attached: "t", ends: "v" },
  },
  {
    names: ["txr"],
    manual: "txr(1)",
    letters: { inline: "cept", script: "f", value: "C", attached: "DaO" },
    words: { ends: "--version --help --license" },
  },
  {
    names: ["tcc"],
    manual: "tcc(1): compiles, unless it is told to run",
    operand: "none",
    words: { script: "-run" },
  },
  {
    names: ["bpftrace"],
    manual: "bpftrace(8)",
    letters: { inline: "e", value: "pcofBI", ends: "hlV" },
    words: { value: "--include --usdt-file-activation --aot", ends: "--help --version --info" },
  },
  {
    names: ["stap"],
    manual: "stap(1)",
    letters: { inline: "e", value: "pIDBamocxrsSdGRET", ends: "VhlL" },
    before: { code: "-E", place: "-I" },
  },
  {
    names: ["runghc", "runhaskell"],
    manual: "https://downloads.haskell.org/ghc/latest/docs/users_guide/runghc.html",
    letters: { value: "f" },
    words: { value: "--ghc-arg", ends: "--help --version" },
  },
  {
    names: ["dart", "dartvm"],
    isBundled: true,
    manual: "https://dart.dev/tools/dart-run; dart --help --verbose",
    letters: { value: "D", ends: "h" },
    words: { value: "--define --packages -r --directory", ends: "--version --help" },
    commands: {
      run: "run",
      own:
        "analyze build compilation-server compile create cloud development-service devtools doc fix format info install " +
        "language-server mcp-server pub test tooling-daemon",
    },
  },
  {
    names: ["swift-frontend"],
    isBundled: true,
    manual: "https://github.com/swiftlang/swift, docs/Driver.md: what swift FILE becomes",
    operand: "none",
    words: { script: "-interpret" },
  },
  {
    names: ["squirrel", "sq"],
    manual: "squirrel3(1): other options than to compile say what else is shown",
    letters: { ends: "cvh" },
  },
  {
    names: ["wren_cli", "wrenc"],
    manual: "https://wren.io/cli/usage.html",
    words: { inline: "-e", ends: "--version --help" },
  },
  {
    names: ["ucode"],
    manual: "https://ucode.mein.io, ucode -h: what OpenWrt's scripts are written in",
    letters: { inline: "ep", value: "gDFlLo", attached: "T", ends: "hc" },
    before: { beside: "-l" },
  },
  {
    names: ["nim"],
    isBundled: true,
    manual: "https://nim-lang.org/docs/nims.html: other commands than e compile",
    commands: { run: "e" },
    isTool: true,
  },
  {
    names: ["vvp"],
    manual: "vvp(1): also the first line of what iverilog(1) makes",
    letters: { value: "lMm", ends: "hV" },
  },
  {
    names: ["slsh"],
    manual: "slsh(1)",
    letters: { inline: "e", value: "i" },
    words: { value: "--init", ends: "--help --version" },
    before: { place: "-i --init" },
  },
  {
    names: ["gbr3"],
    manual: "gbr3(1), Gambas: what the first line of its executables has run",
    words: { ends: "--version -V --help -h" },
  },
  {
    names: ["gp"],
    manual: "gp(1), PARI",
    letters: { value: "spD" },
    words: { value: "--stacksize --primelimit --default", ends: "--help --version --version-short" },
  },
  {
    names: ["neko"],
    manual: "neko(1)",
    words: { ends: "-version" },
  },
  {
    names: ["gnuplot"],
    manual: "gnuplot(1)",
    letters: { value: "e", script: "c", ends: "hV" },
    words: { ends: "--help --version" },
    before: { code: "-e" },
  },
];
