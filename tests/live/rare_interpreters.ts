/**
 * Interpreters that are large or seldom installed: the test of interpreters tries each where it is there, and nobody installs them
 * for it. On Debian: octave, r-base-core, littler, gprolog, ecl, chicken-bin, chezscheme, emacs-nox, execline, yash, posh, php-cgi,
 * tarantool, valgrind.
 *
 * @module
 */

import type { Subject } from "./interpreter_subject.ts";

const posix = (word: string): string => `echo RAN ${word}`;
const lisp = (word: string): string => `(display "RAN ${word}\n")`;
const POSIX_ENDS = "S x | -- S x | - S x | -c $ S | -ec $ S | -s S | -es x | S -c $ | ./S --";

export const RARE: readonly Subject[] = [
  {
    executables: ["octave-cli", "octave"],
    script: "run.m",
    print: (word) => `printf("RAN ${word}\\n");`,
    options:
      "-q | -f | --norc | -H | --no-history | -W | -p . | --path . | --path=. | --no-gui | --traditional | -qf | -fqp . | " +
      "--exec-path . | --image-path=. | --info-file none | --no-line-editing | --doc-cache-file none | --no-init-path",
    ends: "S x | ./S --eval | --eval $ | --eval=$ | -q S -p",
    runs: 24,
  },
  {
    executables: ["Rscript"],
    script: "run.R",
    print: (word) => `cat("RAN ${word}\\n")`,
    options: "--vanilla | --no-save | --verbose | --default-packages=base | --no-environ | --no-init-file",
    ends: "S x | -e $ | ./S -e | -e $ x",
    runs: 10,
  },
  {
    executables: ["R"],
    script: "run.R",
    print: (word) => `cat("RAN ${word}\\n")`,
    options:
      "-q | --no-echo | -s | --no-environ | --no-site-file | --encoding=UTF-8 | --max-ppsize=50000 | --no-init-file",
    ends:
      "--vanilla -f S | --vanilla --file=S | --vanilla -e $ | --vanilla -f S --args -e x | --no-save --no-restore -f S",
    runs: 13,
  },
  {
    executables: ["r"],
    script: "run.r",
    print: (word) => `cat("RAN ${word}\\n")`,
    options: "-v | --vanilla | -q | -i | -l stats | -L . | -t | -p | -n",
    ends: "S x | -e $ | ./S -e | -e $ x",
    runs: 12,
  },
  {
    executables: ["ecl"],
    script: "run.lisp",
    print: (word) => `(progn (format t "~&RAN ${word}~%") (finish-output))`,
    options: "-q | -norc | --norc | --nodebug",
    ends: "--shell S x | --load S --eval (quit) | --eval $ --eval (quit)",
    runs: 7,
  },
  {
    executables: ["csi", "chicken-csi"],
    script: "run.scm",
    print: lisp,
    options: "-q | -n | -no-init | -K prefix | -I . | -D x | -b",
    ends: "-s S x | -script S | -ss none -s S | -e $ | -q -s ./S -e",
    runs: 11,
  },
  {
    executables: ["chezscheme", "scheme"],
    script: "run.ss",
    print: lisp,
    options: "-q | --libdirs . | --optimize-level 2 | --quiet | --compile-imported-libraries | --libexts .x",
    ends: "--script S x | --program S | -q --script ./S --script",
    files: {},
    runs: 8,
  },
  {
    executables: ["emacs-nox", "emacs"],
    script: "run.el",
    print: (word) => `(princ "RAN ${word}\\n")`,
    options: "-Q | -q | -L . | --no-site-file | --directory . | --no-splash",
    ends: "--script S x | --batch --eval $ | -x S | --batch -Q --script ./S",
    runs: 9,
  },
  {
    executables: ["execlineb"],
    script: "run",
    print: (word) => `echo "RAN ${word}"`,
    options: "-P | -p | -e | -w | -W",
    ends: "S x | -c $ | -s0 S | -S0 ./S a | -Pc $ | -PW S",
    runs: 11,
  },
  {
    executables: ["posh"],
    script: "run.sh",
    print: posix,
    options: "-e | -x | -eu | +e | -o errexit | +o errexit | -f | -C",
    ends: POSIX_ENDS,
    runs: 24,
  },
  {
    executables: ["php-cgi"],
    script: "run.php",
    print: (word) => `<?php echo "RAN ${word}\\n";`,
    options: "-n | -q | -d a=b | -da=b | -c . | -C | -nq",
    ends: "-q -f S | -q S | -qf S | -q -fS | -q ./S -f",
    runs: 12,
  },
  {
    executables: ["valgrind"],
    script: "checked",
    print: (word) => `#include <stdio.h>\nint main(void) { return puts("RAN ${word}") < 0; }`,
    options: "-q | --leak-check=no | --tool=none | --error-exitcode=3 | -v | --trace-children=yes",
    ends: "./S x | ./S --version | -q ./S",
    setUp: "mv checked checked.c && cc -o checked checked.c",
    runs: 5,
  },
  {
    executables: ["gprolog"],
    script: "run.pl",
    print: (word) => `:- initialization((write('RAN ${word}'), nl)).`,
    options: "",
    ends:
      "--consult-file S --query-goal halt | --query-goal halt --consult-file S | --consult-file ./S --query-goal halt -- x",
    runs: 3,
  },
  {
    executables: ["yash"],
    script: "run.sh",
    print: posix,
    options: "-e | -x | -eu | +e | -o errexit | +o errexit | -f | -v | -C",
    ends: POSIX_ENDS,
    runs: 24,
  },
  {
    executables: ["tarantool"],
    script: "run.lua",
    print: (word) => `print("RAN ${word}") io.flush()`,
    options: "-l string | -lstring | -e x=1 | -ex=1 | -joff",
    ends: "S x | -- S x | ./S -e $",
    runs: 8,
  },
];
