/**
 * Runtimes of JavaScript and of compiled programs for virtual machines: a row each. Options that take no value need no mention.
 *
 * @module
 */

import type { Interpreter } from "./grammar.ts";

/** Runtimes and virtual machines. */
export const RUNTIMES: readonly Interpreter[] = [
  {
    names: ["node", "nodejs", "iojs"],
    manual: "node(1); https://nodejs.org/api/cli.html",
    words: {
      inline: "-e --eval -p --print -pe",
      ends:
        "-v --version -h --help --test --run --prof-process --v8-options --completion-bash --experimental-sea-config --build-sea",
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
        "--test-timeout --v8-pool-size --use-largepages --inspect-publish-uid --watch-kill-signal --experimental-config-file",
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
      value: "-c --config --import-map --conditions --cert --location --seed -L --log-level --ext --lock " +
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
    names: ["java", "javaw"],
    manual: "java(1)",
    operand: "class",
    words: {
      file: "-jar",
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
    names: ["mono"],
    manual: "mono(1)",
    words: { value: "--config", ends: "--version -V --help -h" },
    before: { place: "--config" },
  },
  {
    names: ["jsvc"],
    isBundled: true,
    manual: "jsvc(1); https://commons.apache.org/proper/commons-daemon/jsvc.html",
    operand: "class",
    words: {
      value:
        "-jvm -cp -classpath --class-path -home -java-home -user -cwd -outfile -errfile -pidfile -wait -umask -procname " +
        "--module-path --upgrade-module-path --add-modules --add-exports --add-opens --add-reads --patch-module",
      attached: "-javaagent: -agentpath: -agentlib:",
      ends: "-version -help -? -h",
    },
    before: { place: "-javaagent: -agentpath:", library: "-agentlib:" },
  },
  {
    names: ["beam.smp"],
    isBundled: true,
    // By flavour and type, as the Makefile of erts/emulator has them.
    pattern: /^beam(?:\.(?:emu|jit|debug|opt|lcnt|valgrind|asan|gprof|gcov|icount|frmptr|smp|frag))*$/,
    manual: "erl(1), Flags",
    custom: "erlang",
  },
  {
    names: ["pwsh"],
    isBundled: true,
    manual: "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_pwsh",
    abbreviates: true,
    words: {
      script: "-file -f -fi",
      inline: "-command -c -co -commandwithargs -cwa -encodedcommand -e -ec -en",
      value: "-workingdirectory -wd -wo -executionpolicy -ex -ep -configurationname -configurationfile " +
        "-custompipename -inputformat -if -outputformat -o -of -settingsfile -windowstyle -w -encodedarguments -ea",
      ends: "-version -v -help -h -? /?",
    },
  },
  {
    names: ["gjs", "cjs"],
    isBundled: true,
    manual: "gjs(1): -m takes no value",
    letters: { inline: "c", value: "CI", ends: "h" },
    words: {
      inline: "--command",
      value: "--coverage-prefix --coverage-output --include-path",
      ends: "--version --jsversion --help",
    },
    before: { place: "-I --include-path" },
  },
  {
    names: ["qjs"],
    isBundled: true,
    manual: "https://bellard.org/quickjs/quickjs.html, qjs interpreter",
    letters: { inline: "e", value: "I", ends: "h" },
    words: { inline: "--eval", value: "--include --memory-limit --stack-size", ends: "--help" },
    before: { place: "-I --include" },
  },
  {
    names: ["phantomjs"],
    isBundled: true,
    manual: "https://phantomjs.org/api/command-line.html",
    letters: { ends: "hvw" },
    words: { ends: "--help --version --webdriver" },
  },
  {
    names: ["electron"],
    isBundled: true,
    manual:
      "https://www.electronjs.org/docs/latest/tutorial/quick-start, electron --help; a process of its own has a --type",
    operand: "application",
    words: { value: "-r --require", ends: "--type -v --version -h --help -a --abi -i --interactive" },
    before: { beside: "-r --require" },
  },
  {
    names: ["nw"],
    isBundled: true,
    manual: "https://docs.nwjs.io/References/Command%20Line%20Options/",
    operand: "application",
    words: { ends: "--type --version" },
  },
  {
    names: ["lli"],
    isBundled: true,
    manual: "lli(1), LLVM",
    words: { value: "-load -entry-function -mtriple -march -mcpu -extra-module -extra-object -extra-archive" },
    before: { place: "-load" },
  },
];
