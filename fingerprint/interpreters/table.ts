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
    words: { value: "--rcfile --init-file", ends: "--version --help" },
    before: { place: "--rcfile --init-file" },
  },
  {
    names: ["zsh", "rzsh"],
    manual: "zshoptions(1), zsh(1) Invocation",
    hyphen: "end",
    plus: true,
    letters: { inline: "c", stdin: "s", value: "o", end: "b" },
    words: { value: "--emulate", ends: "--version --help" },
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
    letters: { inline: "c", ends: "vh", value: "Cdfop" },
    before: { code: "-C --init-command" },
    words: {
      inline: "--command",
      ends: "--version --help",
      value: "--init-command --debug --features --debug-output --profile --profile-startup --debug-stack-frames",
    },
  },
  {
    names: ["csh", "tcsh", "bsd-csh"],
    manual: "tcsh(1), Argument list processing",
    letters: { inline: "c", stdin: "s", end: "b" },
    words: { ends: "--version --help" },
  },
  {
    names: ["busybox", "toybox", "busybox.nosuid", "busybox.suid"],
    manual: "busybox(1), Usage",
    operand: "none",
    applets: true,
  },
  {
    names: ["python", "pypy", "graalpy", "micropython", "platform-python"],
    manual: "python(1); https://docs.python.org/3/using/cmdline.html",
    letters: { inline: "c", ends: "Vh?", module: "m", value: "WXQ" },
    words: { value: "--check-hash-based-pycs", ends: "--version --help --help-env --help-xoptions --help-all" },
    settings: "pycache_prefix",
    isolated: "IP",
  },
  {
    names: ["perl"],
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
    names: ["node", "nodejs", "iojs"],
    manual: "node(1); https://nodejs.org/api/cli.html",
    words: {
      inline: "-e --eval -p --print -pe",
      ends: "-v --version -h --help --test --run --prof-process --v8-options --completion-bash",
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
    before: {
      place: "--snapshot-blob --openssl-config",
      beside: "-r --require --import --loader --experimental-loader",
    },
    commands: { run: "inspect" },
  },
  {
    names: ["deno"],
    manual: "https://docs.deno.com/runtime/reference/cli/",
    operand: "specifier",
    words: {
      value: "-c --config --import-map --conditions --cert --location --seed -L --log-level --ext " +
        "--preload --import -p --port --host --cwd --env-file-path",
      ends: "-V --version -h --help",
    },
    before: { place: "--import-map", beside: "--preload --import" },
    commands: {
      run: "run serve",
      task: "task x",
      inline: "eval",
      own: "repl add audit bench cache check clean compile completions coverage doc deploy fmt help info init " +
        "install i jupyter lint lsp outdated publish remove sandbox test types uninstall update upgrade vendor",
    },
  },
  {
    names: ["bun"],
    manual: "https://bun.com/docs/runtime",
    operand: "specifier",
    words: {
      value: "-r --preload --require --import -c --config --env-file -d --define -l --loader " +
        "--tsconfig-override --main-fields --conditions --extension-order --port -F --filter --jsx-factory " +
        "--jsx-fragment --jsx-import-source --jsx-runtime --drop --shell --title --backend --install --elide-lines " +
        "--dns-result-order --max-http-header-size",
      inline: "-e --eval -p --print",
      ends: "-v --version --revision -h --help",
      folder: "--cwd",
    },
    before: { beside: "-r --preload --require --import" },
    commands: {
      run: "run",
      task: "x",
      inline: "exec",
      own: "test repl install i add a remove rm update link unlink pm build init create c upgrade patch " +
        "outdated publish audit why info feedback",
    },
  },
  {
    names: ["php"],
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
    names: ["tclsh", "wish", "jimsh"],
    manual: "tclsh(1), wish(1): `-encoding name` is the only option",
    hyphens: "stdin",
    unlisted: "stdin",
    words: { value: "-encoding" },
  },
  {
    names: ["expect"],
    manual: "expect(1): a script runs after the commands of -c",
    letters: { value: "cD", script: "fb", ends: "v" },
    before: { code: "-c" },
  },
  {
    names: ["Rscript"],
    manual: "Rscript(1)",
    letters: { inline: "e" },
    words: { ends: "--version --help" },
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
    names: ["java", "javaw"],
    manual: "java(1)",
    operand: "class",
    words: {
      script: "-jar",
      module: "-m --module",
      value: "-cp -classpath --class-path -p --module-path --upgrade-module-path --add-modules --add-exports " +
        "--add-opens --add-reads --limit-modules --patch-module --enable-native-access --source --describe-module " +
        "-d",
      attached: "-javaagent: -agentpath: -agentlib: -Xbootclasspath: -Xbootclasspath/a: -Xbootclasspath/p:",
      ends: "-version --version -help --help -? -h --list-modules --dry-run -X --help-extra",
    },
    before: {
      place: "-javaagent: -agentpath: -Xbootclasspath: -Xbootclasspath/a: -Xbootclasspath/p: --patch-module " +
        "--upgrade-module-path",
      library: "-agentlib:",
    },
  },
  {
    names: ["dotnet"],
    manual: "https://learn.microsoft.com/dotnet/core/tools/dotnet",
    operand: "assembly",
    words: {
      value: "--additionalprobingpath --additional-deps --depsfile --runtimeconfig --fx-version --roll-forward " +
        "--roll-forward-on-no-candidate-fx",
      ends: "--version --info --list-sdks --list-runtimes -h --help",
    },
    before: { place: "--additional-deps --additionalprobingpath" },
    commands: { run: "exec" },
  },
  {
    names: ["mono", "mono-sgen", "mono-boehm"],
    manual: "mono(1)",
    words: { value: "--config", ends: "--version -V --help -h" },
    before: { place: "--config" },
  },
  {
    names: ["awk", "gawk", "mawk", "nawk", "original-awk", "bwk", "goawk"],
    manual: "gawk(1), mawk(1); POSIX.1-2017, awk: the first operand is the program's text",
    operand: "text",
    letters: { part: "f", script: "E", value: "FvilWe", attached: "dDopL", ends: "Vh" },
    before: { code: "-e --source", beside: "-i -l --include --load" },
    words: {
      part: "--file",
      script: "--exec",
      value: "--field-separator --assign --include --load --source",
      ends: "--version --help",
    },
  },
  {
    names: ["guile"],
    manual: "guile(1)",
    words: {
      inline: "-c",
      script: "-s",
      value: "-L -C -x -l -e --language --listen --use-srfi",
      ends: "-v --version -h --help",
    },
    before: { place: "-L -C -l" },
  },
  {
    names: ["ld.so"],
    // glibc's by its machine, and by its release before 2.33; musl's, which is its C library as well.
    pattern: /^(?:ld(?:64|-\d+\.\d+|-(?:linux|musl)[\w-]*)?\.so(?:\.[12356])?|libc\.so)$/,
    manual: "ld.so(8)",
    operand: "executable",
    words: {
      value: "--library-path --inhibit-rpath --audit --preload --argv0 --glibc-hwcaps-prepend --glibc-hwcaps-mask",
      ends: "--list --verify --list-tunables --list-diagnostics --version --help",
    },
    before: { library: "--preload --audit", place: "--library-path" },
  },
];
