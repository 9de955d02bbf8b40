/**
 * The interpreters that are known, a row each. Options that take no value need no mention.
 *
 * @module
 */

import type { Interpreter } from "./grammar.ts";

export const INTERPRETERS: readonly Interpreter[] = [
  {
    names: ["sh", "dash", "ash", "hush", "posh", "yash"],
    manual: "dash(1); POSIX.1-2017, sh",
    hyphen: "end",
    plus: true,
    letters: { inline: "c", stdin: "s", next: "o" },
  },
  {
    names: ["bash", "rbash"],
    manual: "bash(1), Options and Arguments",
    hyphen: "end",
    plus: true,
    letters: { inline: "c", stdin: "s", next: "oO" },
    words: { value: "--rcfile --init-file", inline: "--version --help" },
    loads: "--rcfile --init-file",
  },
  {
    names: ["zsh", "rzsh"],
    manual: "zshoptions(1), zsh(1) Invocation",
    hyphen: "end",
    plus: true,
    letters: { inline: "c", stdin: "s", value: "o", end: "b" },
    words: { value: "--emulate", inline: "--version --help" },
  },
  {
    names: ["ksh", "ksh93", "rksh", "mksh", "lksh", "pdksh", "oksh", "loksh"],
    manual: "ksh93(1) Invocation; mksh(1)",
    hyphen: "end",
    plus: true,
    letters: { inline: "c", stdin: "s", value: "oTR" },
  },
  {
    names: ["fish"],
    manual: "fish(1)",
    letters: { inline: "cv", value: "Cdfop" },
    loads: "-C --init-command",
    words: {
      inline: "--command --version --help",
      value: "--init-command --debug --features --debug-output --profile --profile-startup --debug-stack-frames",
    },
  },
  {
    names: ["csh", "tcsh"],
    manual: "tcsh(1), Argument list processing",
    letters: { inline: "c", stdin: "s", end: "b" },
    words: { inline: "--version --help" },
  },
  {
    names: ["busybox", "toybox"],
    manual: "busybox(1), Usage",
    operand: "none",
    applets: true,
  },
  {
    names: ["python", "pypy", "graalpy", "micropython"],
    manual: "python(1); https://docs.python.org/3/using/cmdline.html",
    letters: { inline: "cV", module: "m", value: "WXQ" },
    words: { value: "--check-hash-based-pycs", inline: "--version --help" },
  },
  {
    names: ["perl"],
    manual: "perlrun(1)",
    // `:` is what follows -d and -dt: `-d:NYTProf`. Digits behind -0 and -l are letters that do nothing here.
    letters: { inline: "eEvV", value: "I", attached: "iMmFxCD:" },
    loads: "-I",
  },
  {
    names: ["ruby", "jruby", "truffleruby"],
    manual: "ruby(1)",
    letters: { inline: "e", value: "CEIrX", attached: "iFKTxW" },
    loads: "-I -r",
    words: {
      value: "--encoding --external-encoding --internal-encoding --enable --disable --backtrace-limit",
      inline: "--version --help --copyright",
    },
  },
  {
    names: ["node", "nodejs", "iojs"],
    manual: "node(1); https://nodejs.org/api/cli.html",
    words: {
      inline:
        "-e --eval -p --print -pe -v --version -h --help --test --run --prof-process --v8-options --completion-bash",
      value: "-r --require --import -C --conditions --loader --experimental-loader --title --inspect-port " +
        "--debug-port --input-type --env-file --env-file-if-exists --icu-data-dir --openssl-config " +
        "--tls-cipher-list --tls-keylog --tls-min-version --tls-max-version --trace-event-categories " +
        "--trace-event-file-pattern --diagnostic-dir --redirect-warnings --disable-warning --dns-result-order " +
        "--network-family-autoselection-attempt-timeout --unhandled-rejections --max-http-header-size " +
        "--heapsnapshot-signal --heapsnapshot-near-heap-limit --report-dir --report-directory --report-filename " +
        "--report-signal --secure-heap --secure-heap-min --watch-path --snapshot-blob --build-snapshot-config " +
        "--localstorage-file --experimental-default-type --experimental-policy --policy-integrity --cpu-prof-dir " +
        "--cpu-prof-name --cpu-prof-interval --heap-prof-dir --heap-prof-name --heap-prof-interval --allow-fs-read " +
        "--allow-fs-write --es-module-specifier-resolution --experimental-specifier-resolution --disable-proto " +
        "--test-name-pattern --test-reporter --test-reporter-destination --test-shard --test-concurrency " +
        "--test-timeout",
    },
    loads: "-r --require --import --loader --experimental-loader",
    commands: { run: "inspect" },
  },
  {
    names: ["deno"],
    manual: "https://docs.deno.com/runtime/reference/cli/",
    operand: "specifier",
    words: {
      value: "-c --config --import-map --conditions --cert --location --seed -L --log-level --ext " +
        "--preload --import -p --port --host --cwd --env-file-path",
      inline: "-V --version -h --help",
    },
    loads: "--import-map --preload --import",
    commands: {
      run: "run serve",
      task: "task x",
      own: "eval repl add audit bench cache check clean compile completions coverage doc deploy fmt help info init " +
        "install i jupyter lint lsp outdated publish remove sandbox test types uninstall update upgrade vendor",
    },
  },
  {
    names: ["bun"],
    manual: "https://bun.com/docs/runtime",
    operand: "specifier",
    words: {
      value: "-r --preload --require --import --cwd -c --config --env-file -d --define -l --loader " +
        "--tsconfig-override --main-fields --conditions --extension-order --port -F --filter --jsx-factory " +
        "--jsx-fragment --jsx-import-source --jsx-runtime --drop --shell --title --backend --install --elide-lines " +
        "--dns-result-order --max-http-header-size",
      inline: "-e --eval -p --print -v --version --revision -h --help",
    },
    loads: "-r --preload --require --import",
    commands: {
      run: "run",
      task: "x",
      own: "test repl exec install i add a remove rm update link unlink pm build init create c upgrade patch " +
        "outdated publish audit why info feedback",
    },
  },
  {
    names: ["php"],
    manual: "php(1): `php [options] -- args` reads the program from standard input",
    hyphens: "stdin",
    letters: { inline: "rRBEaivm", script: "fF", value: "cdzSt" },
    loads: "-c -z --php-ini --zend-extension",
    words: {
      inline: "--run --process-code --process-begin --process-end --rf --rc --re --rz --ri --interactive --info " +
        "--modules --version --help --ini",
      script: "--file --process-file",
      value: "--php-ini --define --zend-extension --server --docroot",
    },
  },
  {
    names: ["lua", "luajit", "luau", "texlua"],
    manual: "lua(1): a script runs after the text of -e",
    letters: { value: "elj", attached: "O", inline: "b" },
    loads: "-e -l",
  },
  {
    names: ["tclsh", "wish", "jimsh"],
    manual: "tclsh(1), wish(1): `-encoding name` is the only option",
    hyphens: "stdin",
    unlisted: "stdin",
    words: { value: "-encoding" },
  },
  {
    names: ["expect"],
    manual: "expect(1): a script runs after the commands of -c",
    letters: { value: "c", script: "fb", inline: "v" },
    loads: "-c",
  },
  {
    names: ["Rscript"],
    manual: "Rscript(1)",
    letters: { inline: "e" },
    words: { inline: "--version --help" },
  },
  {
    names: ["R"],
    manual: "R(1): what Rscript(1) becomes",
    operand: "none",
    letters: { script: "f", inline: "e", value: "gd" },
    words: {
      script: "--file",
      inline: "--args --version --help",
      value: "--gui --debugger --encoding --debugger-args",
    },
  },
  {
    names: ["java", "javaw"],
    manual: "java(1)",
    operand: "class",
    words: {
      script: "-jar",
      module: "-m --module",
      value: "-cp -classpath --class-path -p --module-path --upgrade-module-path --add-modules --add-exports " +
        "--add-opens --add-reads --limit-modules --patch-module --enable-native-access --source --describe-module " +
        "-d",
      inline: "-version --version -help --help -? -h --list-modules --dry-run -X --help-extra",
    },
  },
  {
    names: ["dotnet"],
    manual: "https://learn.microsoft.com/dotnet/core/tools/dotnet",
    operand: "assembly",
    words: {
      value: "--additionalprobingpath --additional-deps --depsfile --runtimeconfig --fx-version --roll-forward " +
        "--roll-forward-on-no-candidate-fx",
      inline: "--version --info --list-sdks --list-runtimes -h --help",
    },
    commands: { run: "exec" },
  },
  {
    names: ["mono", "mono-sgen", "mono-boehm"],
    manual: "mono(1)",
    words: { value: "--config", inline: "--version -V --help -h" },
  },
  {
    names: ["awk", "gawk", "mawk", "nawk", "original-awk", "bwk", "goawk"],
    manual: "gawk(1), mawk(1); POSIX.1-2017, awk: the first operand is the program's text",
    operand: "none",
    letters: { script: "fE", value: "FvilW", attached: "dDopL", inline: "eVh" },
    loads: "-i -l --include --load",
    words: {
      script: "--file --exec",
      value: "--field-separator --assign --include --load",
      inline: "--source --version --help",
    },
  },
];
