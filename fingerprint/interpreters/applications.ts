/**
 * Servers, debuggers and compilers that load the file of an application into their own process: launchers, a row each.
 *
 * @module
 */

import type { Interpreter } from "./grammar.ts";

export const APPLICATIONS: readonly Interpreter[] = [
  {
    names: ["streamlit"],
    manual: "https://docs.streamlit.io/develop/api-reference/cli/run",
    words: {
      value: "--server.port --server.address --server.headless --server.baseUrlPath --server.enableCORS " +
        "--server.enableXsrfProtection --server.runOnSave --server.fileWatcherType --server.maxUploadSize " +
        "--browser.gatherUsageStats --browser.serverAddress --browser.serverPort --theme.base --logger.level " +
        "--global.developmentMode",
    },
    commands: { run: "run" },
    isTool: true,
  },
  {
    names: ["chainlit"],
    manual: "https://docs.chainlit.io/backend/command-line",
    words: { value: "--host --port --root-path --ssl-cert --ssl-key", ends: "--help --version" },
    commands: { run: "run" },
    isTool: true,
  },
  {
    names: ["fastapi"],
    manual: "https://fastapi.tiangolo.com/fastapi-cli/; fastapi run --help",
    words: {
      value: "--host --port --root-path --workers --app --reload-dir --forwarded-allow-ips -e --entrypoint",
      ends: "--help --version",
    },
    commands: { run: "run dev" },
    isTool: true,
  },
  {
    names: ["scrapy"],
    manual: "https://docs.scrapy.org/en/latest/topics/commands.html, runspider",
    words: {
      value: "-a -o -O --output --overwrite-output -t -s --set -L --loglevel --logfile --profile --pidfile",
      ends: "-h --help",
    },
    commands: { run: "runspider" },
    isTool: true,
  },
  {
    names: ["twistd", "twistd3"],
    manual: "twistd(1): a plugin's name is no file",
    operand: "none",
    letters: { script: "yf", value: "lpgudr" },
    words: {
      script: "--python --file",
      value:
        "--logfile --profile --gid --uid --rundir --chroot --reactor --pidfile --umask --logger --profiler --prefix",
      ends: "--version --help --help-reactors",
    },
  },
  {
    names: ["mpi4py", "mpi4py.run", "mpi4py.futures"],
    manual: "https://mpi4py.readthedocs.io/en/stable/mpi4py.run.html",
    words: {
      inline: "-c",
      module: "-m",
      value: "-rc -p --profile",
      ends: "--prefix --version --module --mpi-std-version --mpi-lib-version -h --help",
    },
  },
  {
    names: ["pydevd"],
    manual: "https://www.pydev.org/manual_adv_remote_debugger.html; what PyCharm has Python run to debug a file",
    operand: "none",
    words: { script: "--file", value: "--port --client --vm_type --ppid --access-token --client-access-token" },
  },
  {
    names: ["bpython", "bpython-curses", "ptpython", "ptipython"],
    manual: "bpython(1); https://github.com/prompt-toolkit/ptpython, ptpython --help",
    words: { value: "--config --config-file --history-file --config-dir", ends: "-V --version -h --help" },
  },
  {
    names: ["pgzrun", "pgzero"],
    manual: "https://pygame-zero.readthedocs.io/en/stable/ide-mode.html, Running Pygame Zero",
  },
  {
    names: ["pry"],
    manual: "https://github.com/pry/pry, pry --help",
    letters: { inline: "e", value: "rIc", ends: "vh" },
    words: { inline: "--exec", value: "--require --context", ends: "--version --help" },
    before: { module: "-r --require", place: "-I" },
  },
  {
    names: ["sucrase-node"],
    manual: "https://github.com/alangpierce/sucrase, README: Usage",
  },
  {
    names: ["ammonite.AmmoniteMain", "ammonite.Main"],
    manual: "https://ammonite.io, amm --help: what amm has java run",
    words: { inline: "-c --code", value: "-p --predef --predef-code -h --home", ends: "--help" },
  },
  {
    names: ["rdebug-ide"],
    manual: "https://github.com/ruby-debug/ruby-debug-ide: rdebug-ide --help",
    words: {
      value: "-h --host -p --port --dispatcher-port --evaluation-timeout --evaluation-control -I --include",
      ends: "--version",
    },
  },
  {
    names: ["fennel"],
    manual: "fennel(1)",
    words: {
      inline: "-e --eval",
      value: "--add-package-path --add-package-cpath --add-fennel-path --add-macro-path --globals --globals-only " +
        "--skip-include --plugin --load -l --lua",
      ends: "-c --compile --compile-binary --repl --help -h --version -v",
    },
  },
  {
    names: ["moon"],
    manual: "https://moonscript.org/reference/command_line.html",
    letters: { ends: "hv" },
  },
];
