/**
 * Interpreters of languages that run a script: a row each. Options that take no value need no mention.
 *
 * @module
 */

import type { Interpreter } from "./grammar.ts";

/** Interpreters of scripts. */
export const LANGUAGES: readonly Interpreter[] = [
  {
    names: ["python", "pypy", "graalpy", "micropython"],
    manual: "python(1); https://docs.python.org/3/using/cmdline.html",
    letters: { inline: "c", ends: "Vh?", module: "m", value: "WXQ" },
    words: { value: "--check-hash-based-pycs", ends: "--version --help --help-env --help-xoptions --help-all" },
    settings: "pycache_prefix",
    isolated: "IP",
  },
  {
    names: ["perl", "debugperl", "cperl"],
    manual: "perlrun(1)",
    // `:` is what follows -d and -dt: `-d:NYTProf`. Digits behind -0 and -l are letters that do nothing here.
    letters: { inline: "eE", ends: "vVh?", value: "I", search: "S", attached: "iMmFxCD:" },
    before: { place: "-I", module: "-M -m -:" },
  },
  {
    names: ["ruby", "jruby", "truffleruby"],
    manual: "ruby(1)",
    letters: { inline: "e", ends: "h", value: "EIr", folder: "CX", search: "S", attached: "iFKTxW" },
    before: { place: "-I", module: "-r" },
    words: {
      value: "--encoding --external-encoding --internal-encoding --enable --disable --backtrace-limit",
      ends: "--version --help --copyright",
    },
  },
  {
    names: ["php", "php-cli"],
    // OpenWrt's and Arch's, with a version inside.
    pattern: /^php\d[\d.]*-cli$/,
    manual: "php(1): `php [options] -- args` reads the program from standard input",
    hyphens: "stdin",
    letters: { inline: "rRBE", ends: "aivmh", script: "fF", value: "cdzSt" },
    before: { place: "-c --php-ini", library: "-z --zend-extension" },
    settings: "auto_prepend_file auto_append_file extension zend_extension extension_dir opcache.preload",
    words: {
      inline: "--run --process-code --process-begin --process-end",
      ends: "--rf --rc --re --rz --ri --interactive --info --modules --version --help --ini",
      script: "--file --process-file",
      value: "--php-ini --define --zend-extension --server --docroot",
    },
  },
  {
    names: ["lua", "luajit", "luau", "texlua"],
    manual: "lua(1): a script runs after the text of -e",
    letters: { value: "elj", attached: "O", ends: "b" },
    before: { code: "-e", beside: "-l" },
  },
  {
    names: ["Rscript"],
    manual: "Rscript(1)",
    letters: { inline: "e" },
    words: { ends: "--version --help" },
  },
  {
    names: ["littler", "r"],
    manual: "r(1), littler",
    letters: { inline: "e", value: "lL", ends: "hV" },
    words: { inline: "--eval", value: "--packages --libpath", ends: "--help --version --usage" },
    before: { place: "-L --libpath" },
  },
  {
    names: ["R"],
    manual: "R(1): what Rscript(1) becomes",
    operand: "none",
    letters: { script: "f", inline: "e", value: "gd" },
    words: {
      script: "--file",
      ends: "--args --version --help",
      value: "--gui --debugger --encoding --debugger-args",
    },
  },
  {
    names: ["php-cgi"],
    pattern: /^php\d[\d.]*-cgi$/,
    manual: "php-cgi(1); without a file it answers a web server",
    letters: { script: "f", value: "bcdzT", ends: "vmih" },
    before: { place: "-c --php-ini", library: "-z --zend-extension" },
    settings: "auto_prepend_file auto_append_file extension zend_extension extension_dir opcache.preload",
    words: {
      script: "--file",
      value: "--bindpath --php-ini --define --zend-extension --timing",
      ends: "--version --info --modules --help",
    },
  },
  {
    names: ["php-fpm"],
    pattern: /^php\d[\d.]*-fpm$/,
    isBundled: true,
    manual: "php-fpm(8): what it runs, web servers ask for",
    operand: "none",
  },
  {
    names: ["phpdbg"],
    manual: "phpdbg(1)",
    letters: { inline: "s", value: "cdzSiplO", ends: "Vh" },
    before: { place: "-c", library: "-z", code: "-i" },
    settings: "auto_prepend_file auto_append_file extension zend_extension extension_dir opcache.preload",
  },
  {
    names: ["uwsgi"],
    // Debian has a name for each of its plugins, all links to one program.
    pattern: /^uwsgi[-_]\w{1,24}$/,
    isBundled: true,
    manual: "uwsgi(1): what it serves is configuration",
    operand: "none",
  },
  {
    names: ["raku", "perl6", "rakudo", "rakudo-m"],
    isBundled: true,
    manual: "raku(1)",
    letters: { inline: "e", value: "IM", ends: "vVh" },
    words: { value: "--optimize --target --profile-filename", ends: "--version --help --doc" },
    before: { place: "-I", module: "-M" },
  },
  {
    names: ["julia"],
    isBundled: true,
    manual: "julia(1); https://docs.julialang.org/en/v1/manual/command-line-interface/",
    letters: { inline: "eE", module: "m", value: "LptJHC", attached: "Og", ends: "vh" },
    words: {
      inline: "--eval --print",
      module: "--module",
      value:
        "--load --procs --threads --sysimage --home --cpu-target --machine-file --gcthreads --heap-size-hint --bug-report",
      ends: "--version --help --help-hidden",
    },
    before: { place: "-L --load -J --sysimage" },
  },
  {
    names: ["octave", "octave-cli", "octave-gui"],
    isBundled: true,
    manual: "octave(1)",
    letters: { value: "p", ends: "vh" },
    words: {
      inline: "--eval",
      value: "--path --exec-path --image-path --info-file --info-program --doc-cache-file --built-in-docstrings-file " +
        "--texi-macros-file",
      ends: "--version --help",
    },
    before: { place: "-p --path" },
  },
  {
    names: ["tarantool"],
    isBundled: true,
    manual: "tarantool(1)",
    letters: { value: "elc", attached: "j", ends: "vhV" },
    words: { value: "--config --name --instance", ends: "--version --help" },
    before: { code: "-e", beside: "-l" },
  },
];
