/**
 * Programs that run another one in their own process, as an interpreter of theirs runs them: scripts, modules and classes by
 * name, a row each. What becomes another program by an exec, or launches one, needs no row: that is a launch of its own.
 *
 * @module
 */

import { APPLICATIONS } from "./applications.ts";
import type { Interpreter } from "./grammar.ts";
import { LANGUAGES } from "./languages.ts";

/** What is known of a family's command line, under the name of a class that takes it. */
function as(name: string, family: string): Interpreter {
  return { ...LANGUAGES.find(({ names }) => names[0] === family)!, names: [name] };
}

export const LAUNCHERS: readonly Interpreter[] = [
  ...APPLICATIONS,
  {
    names: ["rc.common", "openrc-run.sh", "runscript.sh", "init-d-script"],
    manual:
      "OpenWrt: package/base-files, /etc/rc.common; openrc-run(8); init-d-script(5): an init script's own interpreter",
  },
  {
    names: ["bundle", "bundler"],
    manual: "bundle-exec(1): a Ruby script is loaded, all else is executed",
    operand: "program",
    words: { value: "--gemfile -r --retry" },
    commands: { run: "exec e ex exe" },
    isTool: true,
  },
  {
    names: ["coverage"],
    manual: "https://coverage.readthedocs.io/en/latest/cmd.html",
    letters: { module: "m" },
    words: {
      module: "--module",
      value: "--context --data-file --omit --include --source --source-pkg --rcfile --concurrency --save-signal",
    },
    commands: { run: "run" },
    isTool: true,
  },
  {
    names: ["pdb", "pdb3", "ipdb", "ipdb3", "pudb", "pudb3"],
    manual: "https://docs.python.org/3/library/pdb.html; https://documen.tician.de/pudb/starting.html",
    letters: { value: "cp", module: "m" },
    words: { value: "--command --pid --log-errors --pre-run", ends: "--help" },
  },
  {
    names: [
      "cProfile",
      "profile",
      "trace",
      "memory_profiler",
      "kernprof",
      "viztracer",
      "pyinstrument",
      "scalene",
      "runpy",
    ],
    manual: "https://docs.python.org/3/library/profile.html, …/trace.html, …/runpy.html; the tools' own --help",
    letters: { value: "osfCr", module: "m" },
    words: {
      value: "--file --coverdir --ignore-module --ignore-dir --output_file --outfile --output --renderer --sort",
      module: "--module",
      ends: "--help --version",
    },
  },
  {
    names: ["debugpy"],
    manual: "https://github.com/microsoft/debugpy/wiki/Command-Line-Reference",
    words: {
      inline: "-c",
      module: "-m",
      value: "--listen --connect --log-to --parent-session-pid --adapter-access-token --configure-subProcess",
      ends: "--pid -V --version -h --help",
    },
  },
  {
    names: ["ipython", "ipython3", "IPython"],
    manual: "ipython(1)",
    letters: { inline: "c", module: "m" },
    words: { ends: "--version --help --help-all" },
  },
  {
    names: ["hy", "hy3"],
    manual: "https://hylang.org/hy/doc/stable/cli",
    letters: { inline: "c", module: "m", value: "r" },
    words: { ends: "--version --help -v -h", value: "--repl-output-fn" },
  },
  {
    names: ["xonsh"],
    manual: "https://xon.sh/launch.html",
    letters: { inline: "c", value: "D", ends: "hV" },
    words: { value: "--rc --shell-type", ends: "--version --help" },
    before: { place: "--rc" },
  },
  {
    names: ["memray"],
    manual: "https://bloomberg.github.io/memray/run.html",
    letters: { inline: "c", module: "m", value: "op" },
    words: { value: "--output --live-port" },
    commands: { run: "run" },
    isTool: true,
  },
  {
    names: ["irb", "byebug"],
    manual: "irb(1); https://github.com/deivid-rodriguez/byebug, byebug --help",
    letters: { value: "rIE", attached: "KW", ends: "v" },
    words: {
      value: "--prompt --back-trace-limit --script --post-mortem --require --include",
      ends: "--version --help",
    },
    before: { module: "-r --require", place: "-I --include" },
  },
  {
    names: ["zx", "vite-node", "jiti", "nbb"],
    manual: "https://google.github.io/zx/cli; the tools' own --help",
    letters: {},
    words: {
      inline: "--eval -e",
      value: "--prefix --postfix --shell --cwd --ext --registry --env -c --config -r --root -m --mode -cp --classpath",
      ends: "--version -v --help -h --repl",
    },
  },
  {
    names: [
      "ts-node",
      "ts-node-esm",
      "ts-node-script",
      "ts-node-transpile-only",
      "coffee",
      "babel-node",
      "_babel-node",
    ],
    manual: "https://typestrong.org/ts-node/docs/options; coffee(1)",
    words: {
      inline: "-e --eval -p --print -pe",
      value:
        "-r --require -P --project -C --compiler -I --ignore -D --ignore-diagnostics -O --compiler-options --cwd " +
        "--transpiler --loader -x --extensions --presets --plugins",
      ends: "-v --version -h --help --show-config --showConfig",
    },
    before: { beside: "-r --require" },
  },
  {
    names: ["org.apache.spark.deploy.SparkSubmit"],
    manual: "https://spark.apache.org/docs/latest/submitting-applications.html; spark-submit --help",
    words: {
      module: "--class",
      value:
        "--master --deploy-mode --name --jars --packages --exclude-packages --repositories --py-files --files --archives " +
        "--conf -c --properties-file --driver-memory --driver-java-options --driver-library-path --driver-class-path " +
        "--executor-memory --proxy-user --driver-cores --total-executor-cores --executor-cores --num-executors --queue " +
        "--principal --keytab --remote",
      ends: "--kill --status --version --help -h --usage-error",
    },
  },
  {
    names: ["org.apache.spark.deploy.yarn.ApplicationMaster"],
    manual: "https://github.com/apache/spark, ApplicationMasterArguments.scala",
    operand: "none",
    words: {
      module: "--class",
      value: "--jar --primary-py-file --primary-r-file --arg --properties-file --dist-cache-conf",
    },
  },
  {
    names: [
      "com.intellij.rt.execution.application.AppMainV2",
      "com.intellij.rt.execution.application.AppMain",
    ],
    manual: "https://github.com/JetBrains/intellij-community, java/java-runtime",
    operand: "class",
  },
  {
    names: ["org.apache.flink.client.cli.CliFrontend"],
    manual: "https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/cli/",
    words: {
      module: "-c --class -pym --pyModule",
      script: "-py --python",
      value: "-p --parallelism -C --classpath -s --fromSavepoint -m --jobmanager -t --target -e --executor -D -z " +
        "--zookeeperNamespace -rm --restoreMode -pyfs --pyFiles -pyarch --pyArchives -pyexec --pyExecutable " +
        "-pyclientexec --pyClientExecutable -pyreq --pyRequirements -yid --yarnapplicationId -yjm -ytm -ys -ynm -yqu",
    },
    commands: { run: "run run-application" },
    isTool: true,
  },
  {
    names: ["org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint"],
    manual:
      "https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/resource-providers/standalone/docker/",
    operand: "none",
    words: {
      module: "-j --job-classname",
      value: "-c --configDir -D -h --host -s --fromSavepoint -jid --job-id --jars",
    },
  },
  {
    names: ["org.apache.flink.client.python.PythonDriver"],
    manual: "https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/cli/, Submitting PyFlink Jobs",
    operand: "none",
    words: { script: "-py --python", module: "-pym --pyModule" },
  },
  {
    names: ["org.apache.hadoop.util.RunJar"],
    manual: "https://hadoop.apache.org/docs/stable/hadoop-project-dist/hadoop-common/CommandsManual.html, jar",
    operand: "jar",
  },
  {
    names: [
      "org.tanukisoftware.wrapper.WrapperSimpleApp",
      "org.tanukisoftware.wrapper.WrapperStartStopApp",
      "org.rzo.yajsw.app.WrapperJVMMain",
    ],
    manual: "https://wrapper.tanukisoftware.com/doc/english/integrate-simple.html",
    operand: "class",
  },
  {
    names: ["org.tanukisoftware.wrapper.WrapperJarApp"],
    manual: "https://wrapper.tanukisoftware.com/doc/english/integrate-jar.html",
    operand: "jar",
  },
  {
    names: ["org.codehaus.groovy.tools.GroovyStarter", "groovy.ui.GroovyMain"],
    manual: "groovy(1): what groovy's start script has java run",
    letters: { inline: "e", value: "cl", attached: "aiD", ends: "vh" },
    words: {
      value: "--main --conf --classpath -cp -classpath --encoding --configscript --basescript",
      ends: "--version --help",
    },
  },
  {
    names: ["scala.tools.nsc.MainGenericRunner", "dotty.tools.MainGenericRunner"],
    manual: "scala(1)",
    operand: "class",
    words: {
      inline: "-e",
      value: "-cp -classpath --class-path -d -i -sourcepath -encoding -target -feature -howtorun",
      attached: "-howtorun:",
      ends: "-version --version -help --help",
    },
  },
  {
    names: ["dotty.tools.scripting.Main"],
    manual: "scala(1), Scala 3: what scala's start script has java run for a script",
    operand: "none",
    words: { script: "-script", value: "-cp -classpath --class-path" },
  },
  {
    names: ["org.jetbrains.kotlin.runner.Main"],
    manual: "https://kotlinlang.org/docs/command-line.html; kotlin -help",
    operand: "class",
    words: {
      inline: "-e -expression",
      value: "-cp -classpath -howtorun -compiler-path",
      ends: "-version -help -h",
    },
  },
  {
    names: ["org.jetbrains.kotlin.preloading.Preloader"],
    manual: "https://kotlinlang.org/docs/command-line.html: what kotlinc's start script has java run",
    operand: "class",
    words: { value: "-cp -classpath -instrument -time" },
  },
  {
    names: ["org.jetbrains.kotlin.cli.jvm.K2JVMCompiler"],
    manual: "https://kotlinlang.org/docs/custom-script-deps-tutorial.html, kotlinc -script",
    words: { script: "-script", value: "-cp -classpath -d" },
    operand: "none",
  },
  {
    names: ["clojure.main"],
    manual: "https://clojure.org/reference/repl_and_main",
    words: { inline: "-e --eval", module: "-m --main", value: "-i --init", ends: "-r --repl -h -? --help" },
    before: { place: "-i --init" },
  },
  {
    names: ["org.mozilla.javascript.tools.shell.Main"],
    manual: "https://rhino.github.io/tools/shell/",
    words: {
      inline: "-e",
      script: "-f",
      value: "-encoding -main -modules -opt -O -version",
      ends: "-? -help",
    },
  },
  {
    names: ["kawa.repl"],
    manual: "https://www.gnu.org/software/kawa/Options.html",
    words: { inline: "-e -c", script: "-f", ends: "--version --help" },
  },
  { names: ["bsh.Interpreter"], manual: "https://beanshell.github.io/manual/standalone.html" },
  { ...as("org.jruby.Main", "ruby"), manual: "https://github.com/jruby/jruby/wiki, jruby --help" },
  { ...as("org.python.util.jython", "python"), manual: "https://www.jython.org, jython --help" },
];
