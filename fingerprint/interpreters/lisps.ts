/**
 * Interpreters of Lisp, Scheme and Prolog: a row each. Options that take no value need no mention.
 *
 * @module
 */

import type { Interpreter } from "./grammar.ts";

/** Lisps and their kin. */
export const LISPS: readonly Interpreter[] = [
  {
    names: ["guile"],
    manual: "guile(1): what follows -- isn't looked at, as without a script",
    hyphens: "stdin",
    words: {
      inline: "-c",
      script: "-s",
      value: "-L -C -x -l -e --language --listen --use-srfi",
      ends: "-v --version -h --help",
    },
    before: { place: "-L -C -l" },
  },
  {
    names: ["gosh"],
    isBundled: true,
    manual: "gosh(1)",
    letters: { inline: "e", module: "m", value: "IAulLprF", ends: "V" },
    before: { place: "-I -A -l -L", module: "-u" },
  },
  {
    names: ["csi", "chicken-csi"],
    isBundled: true,
    manual: "csi(1), CHICKEN Scheme",
    words: {
      inline: "-e -eval -p -print -P -pretty-print",
      script: "-s -script -ss -sx",
      value: "-I -include-path -K -keyword-style -D -feature -no-feature -R -require-extension -r5rs-syntax",
      ends: "-version -h -help --help -release",
    },
  },
  {
    names: ["scheme", "petite", "chez", "chez-scheme", "chezscheme"],
    isBundled: true,
    manual: "scheme(1), Chez Scheme",
    words: {
      script: "--script --program",
      value: "-b --boot --libdirs --libexts --eedisable --optimize-level",
      ends: "--version --help",
    },
  },
  {
    names: ["racket", "gracket"],
    isBundled: true,
    manual: "racket(1); https://docs.racket-lang.org/reference/running-sa.html",
    valuesFollow: true,
    letters: { script: "ur", part: "ft", library: "lp", inline: "e", value: "SXGRWOLNAICPQ", ends: "hv" },
    words: {
      script: "--require-script --script",
      part: "--load --require",
      library: "--lib",
      inline: "--eval",
      value: "--search --collects --config --compiled --stderr --stdout --syslog --name --addon --lang --main",
      ends: "--help --version",
    },
  },
  {
    names: ["gsi", "gsi-interpreter", "gsi-script"],
    manual: "gsi(1), Gambit",
    words: { inline: "-e", ends: "-v" },
    before: { code: "-e" },
  },
  {
    names: ["mit-scheme"],
    manual: "mit-scheme(1)",
    operand: "none",
    words: {
      part: "--load -load",
      value: "--band --heap --library --eval --args",
      ends: "--version --help",
    },
    before: { code: "--eval" },
  },
  {
    names: ["chibi-scheme"],
    manual: "chibi-scheme(1)",
    letters: { inline: "ep", attached: "rRt", value: "mxAIlhdi", ends: "V" },
  },
  {
    names: ["stklos"],
    manual: "stklos(1)",
    letters: { script: "f", inline: "e", value: "lbDIFACs", ends: "vh" },
    words: {
      script: "--file",
      inline: "--execute",
      value: "--load --boot-file --stack-size",
      ends: "--version --help",
    },
    before: { place: "-l --load" },
  },
  {
    names: ["sbcl"],
    isBundled: true,
    manual: "sbcl(1)",
    operand: "none",
    words: {
      script: "--script",
      part: "--load",
      value: "--core --dynamic-space-size --control-stack-size --tls-limit --sysinit --userinit --eval",
      ends: "--version --help",
    },
    before: { code: "--eval", place: "--sysinit --userinit" },
  },
  {
    names: ["clisp"],
    isBundled: true,
    manual: "clisp(1)",
    letters: { inline: "x", value: "BKMNLEipom" },
    words: { value: "-on-error -ansi -modern", ends: "--version --help" },
    before: { place: "-i -M" },
  },
  {
    names: ["ecl"],
    isBundled: true,
    manual: "ecl(1)",
    operand: "none",
    words: {
      script: "--shell -shell",
      part: "--load -load",
      value: "--eval -eval --dir -dir --heap-size --lisp-stack --frame-stack --c-stack",
      ends: "--version -v --help -h",
    },
    before: { code: "--eval -eval" },
  },
  {
    names: ["bb"],
    isBundled: true,
    manual: "https://book.babashka.org, bb help",
    words: {
      inline: "-e --eval",
      script: "-f --file",
      module: "-m --main -x --exec",
      value: "-cp --classpath --config --deps-root --init",
      ends: "--version --help -h",
    },
    before: { place: "--init" },
    commands: {
      task: "run",
      own: "describe help nrepl-server print-deps repl socket-repl tasks uberjar uberscript version",
    },
  },
  {
    names: ["janet"],
    isBundled: true,
    manual: "janet(1)",
    letters: { inline: "eE", value: "mlcwx", ends: "hv" },
    before: { beside: "-l" },
  },
  {
    names: ["emacs", "emacs-gtk", "emacs-nox", "emacs-lucid", "emacs-pgtk"],
    isBundled: true,
    manual: "emacs(1): files are edited, unless --script names one",
    operand: "none",
    words: {
      script: "--script -script -x",
      inline: "--eval -eval --execute -execute",
      value: "-l --load -f --funcall -L --directory -u --user -t --terminal -T --title -g --geometry",
      ends: "--version --help",
    },
  },
  {
    names: ["swipl"],
    isBundled: true,
    manual: "swipl(1); https://www.swi-prolog.org/pldoc/man?section=cmdline",
    letters: { script: "sl", value: "xgtfFpDo", ends: "c" },
    words: { ends: "--version --help --arch --dump-runtime-variables" },
    before: { place: "-f -F -x" },
  },
  {
    names: ["gprolog"],
    isBundled: true,
    manual: "http://www.gprolog.org/manual/gprolog.html, The GNU Prolog interactive interpreter",
    operand: "none",
    words: {
      part: "--consult-file",
      value: "--init-goal --entry-goal --query-goal",
      ends: "--version --help -h",
    },
    before: { code: "--init-goal --entry-goal" },
  },
];
