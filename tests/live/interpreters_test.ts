/**
 * The table of interpreters against the interpreters themselves: each runs with many combinations of its options, and says
 * which of the programs that it could have run it ran.
 */

import assert from "node:assert/strict";
import { findInterpreter, findProgram } from "../../fingerprint/interpreters/command_line.ts";
import { findTool, skipUnless } from "../require.ts";
import type { Subject } from "./interpreter_subject.ts";
import { RARE } from "./rare_interpreters.ts";

const SHELL_ENDS = "S x | -- S x | - S x | -c $ S | -ec $ S | -s S | -es x | S -c $ | ./S --";

const SUBJECTS: readonly Subject[] = [
  {
    executables: ["bash"],
    isCommon: true,
    script: "run.sh",
    print: (word) => `echo RAN ${word}`,
    options:
      "-e | -x | -eu | +e | -o pipefail | +o pipefail | -euo pipefail | -O extglob | +O extglob | --norc | --noprofile | " +
      "--posix | --rcfile none | --init-file none | -B | +H | -f | -v | -p | -eo pipefail | -oO pipefail extglob | -eO extglob | --noediting",
    ends: SHELL_ENDS,
    runs: 100,
  },
  {
    executables: ["dash"],
    isCommon: true,
    script: "run.sh",
    print: (word) => `echo RAN ${word}`,
    options: "-e | -x | -eu | +e | -o errexit | +o errexit | -euo noglob | -f | -v | -C | -ao errexit",
    ends: SHELL_ENDS,
    runs: 80,
  },
  {
    executables: ["zsh"],
    script: "run.zsh",
    print: (word) => `echo RAN ${word}`,
    options:
      "-f | -e | -o extendedglob | +o extendedglob | -oextendedglob | -fx | --no-rcs | --extendedglob | --emulate sh | -efo nullglob | +x | --extended-glob",
    ends: `${SHELL_ENDS} | -b S x | -fb S`,
    runs: 80,
  },
  {
    executables: ["ksh93", "ksh"],
    script: "run.ksh",
    print: (word) => `echo RAN ${word}`,
    options: "-e | -x | -eu | +e | -o errexit | +o errexit | -euo noglob | -f | -oerrexit",
    ends: SHELL_ENDS,
    runs: 60,
  },
  {
    executables: ["mksh"],
    script: "run.ksh",
    print: (word) => `echo RAN ${word}`,
    options: "-e | -x | -eu | +e | -o errexit | +o errexit | -euo noglob | -f | -l | -oerrexit",
    ends: SHELL_ENDS,
    runs: 60,
  },
  {
    executables: ["tcsh"],
    script: "run.csh",
    print: (word) => `echo RAN ${word}`,
    options: "-f | -x | -e | -V | -fx | -v | -ef",
    ends: "S x | -c $ S | -fc $ | -b S x | -s S",
    runs: 40,
  },
  {
    executables: ["fish"],
    script: "run.fish",
    print: (word) => `echo RAN ${word}`,
    options:
      "-N | -C true | --init-command=true | --init-command true | -P | --private | --no-config | -o /dev/null | " +
      "--debug-output=/dev/null | -f no-stderr-nocaret | --features=qmark-noglob | -NC true | -d none | -p /dev/null | --profile-startup /dev/null",
    ends: "S x | -- S x | -c $ S | -Nc $ | --command=$ | --command $ S | ./S -c $",
    runs: 40,
  },
  {
    executables: ["/usr/bin/python3", "python3"],
    isCommon: true,
    script: "run.py",
    print: (word) => `print("RAN ${word}", flush=True)`,
    options: "-u | -B | -E | -s | -S | -W ignore | -Wignore | -X dev | -Xutf8 | -O | -OO | -q | -bb | -d | -R | " +
      "--check-hash-based-pycs default | -uB | -uW ignore | -BX dev | -uWignore | -sXutf8",
    ends:
      "S x | -m amodule x | -mamodule | -um amodule | -c $ S | -uc $ | - S | ./S -m amodule | -Bmamodule -c $ | -- S",
    files: { "amodule.py": 'print("RAN amodule")\n' },
    runs: 45,
  },
  {
    executables: ["perl"],
    isCommon: true,
    script: "run.pl",
    print: (word) => `BEGIN { $| = 1; print "RAN ${word}\\n"; }`,
    options:
      "-w | -W | -X | -t | -Ilib | -I lib | -Mstrict | -mstrict | -M-strict | -Mconstant=A,1 | -0777 | -0 | -l | -l012 | -a | -n | -s | -U | " +
      "-C | -C0 | -CSD | -F: | -f | -wn | -lane | -wIlib | -wI lib | -i.bak | -wMstrict | -l -0777 | -0x1FF",
    ends: "S | -- S | -e $ S | -we $ | -E $ | -ne $ S | - S | ./S -e $ | -l012e $ | -0777ne $",
    runs: 120,
  },
  {
    executables: ["ruby"],
    script: "run.rb",
    print: (word) => `BEGIN { $stdout.sync = true; puts "RAN ${word}" }`,
    options:
      "-w | -W | -W0 | -W:no-deprecated | -Ilib | -I lib | -rset | -r set | -C . | -C. | -E UTF-8 | -EUTF-8 | -U | -Ku | -d | -s | -l | -n | -a | " +
      "-F: | -0777 | -i.bak | --enable=gems | --enable gems | --disable=gems | --disable gems | --encoding=UTF-8 | --encoding UTF-8 | " +
      "--external-encoding UTF-8 | --internal-encoding=UTF-8 | --verbose | --backtrace-limit=3 | --backtrace-limit 3 | -wIlib | -wrset | -wr set | -ln | --yjit | --parser=parse.y | --parser parse.y",
    ends: "S | -- S | -e $ S | -we $ | -rset -e $ | - S | ./S -e $ | -ne $",
    runs: 40,
  },
  {
    executables: ["node"],
    isCommon: true,
    script: "run.js",
    print: (word) => `console.log("RAN ${word}")`,
    options:
      "--no-warnings | -r ./pre.js | --require ./pre.js | --require=./pre.js | --max-old-space-size=100 | --stack-trace-limit=5 | " +
      "--trace-warnings | --title t | --title=t | -C x | --conditions x | --enable-source-maps | --import ./pre.mjs | --import=./pre.mjs | " +
      "--unhandled-rejections warn | --unhandled-rejections=warn | --trace-uncaught | --disable-proto delete | --dns-result-order ipv4first | " +
      "--max-http-header-size 9999 | --no-deprecation | --diagnostic-dir . | --redirect-warnings w.log | --icu-data-dir=. | --stack-size=900 | " +
      "--trace-event-categories node | --report-dir . | --openssl-config none | --disable-warning DEP0025 | --no-opt | --expose-gc",
    ends: "S x | -- S x | -e $ S | --eval $ | --eval=$ | -pe $ | -p $ | - S | ./S -e $",
    files: { "pre.js": "", "pre.mjs": "" },
    runs: 25,
  },
  {
    executables: ["php"],
    script: "run.php",
    print: (word) => `<?php echo "RAN ${word}\\n";`,
    options:
      "-n | -d a=b | -da=b | -c . | -c. | -q | -C | -e | --no-php-ini | --php-ini . | --define a=b | --define=a=b | -nq | -H",
    ends: "S x | -f S | -fS | -nf S -- x | --file S | -- S x | -q -- S | ./S -r x | --file=S",
    runs: 40,
  },
  {
    executables: ["lua5.4", "lua5.3", "lua"],
    script: "run.lua",
    print: (word) => `print("RAN ${word}")`,
    options: "-W | -E | -e x=1 | -ex=1 | -l string | -lstring | -v",
    ends: "S x | -- S x | - S | -e $ | -e $ S | ./S -e $ | -e$ | -v",
    runs: 40,
  },
  {
    executables: ["luajit"],
    script: "run.lua",
    print: (word) => `print("RAN ${word}")`,
    options: "-O3 | -O | -jon | -j on | -e x=1 | -ex=1 | -l string | -lstring | -E | -v",
    ends: "S x | -- S x | - S | -e $ | -e $ S | ./S -e $",
    runs: 40,
  },
  {
    executables: ["tclsh"],
    script: "run.tcl",
    print: (word) => `puts "RAN ${word}"`,
    options: "",
    ends: "S x | ./S -encoding utf-8 | -encoding utf-8 S x | -encoding utf-8 | -n S | -- S | -encoding utf-8 -x S",
    runs: 12,
  },
  {
    executables: ["expect"],
    script: "run.exp",
    print: (word) => `puts "RAN ${word}"`,
    options: "-n | -N | -c set_a_1 | -nN",
    ends: "S x | -f S x | -- S x | - S | -b S | -nf S | -fS",
    runs: 30,
  },
  {
    executables: ["gawk"],
    script: "run.awk",
    print: (word) => `BEGIN { print "RAN ${word}"; exit }`,
    options:
      "-F : | -F: | -v x=1 | -vx=1 | --field-separator=: | --field-separator : | --assign x=1 | --assign=x=1 | --posix | -P | -n | -S | -b | -O | -s | -c | -M | -r | -t | --re-interval",
    ends:
      "-f S x | -fS | --file=S | --file S | -E S x | --exec S | $ S | -- $ S | -e $ S | --source $ | -vx=1 -f S | -Pf S",
    runs: 60,
  },
  {
    executables: ["mawk"],
    isCommon: true,
    script: "run.awk",
    print: (word) => `BEGIN { print "RAN ${word}"; exit }`,
    options: "-F : | -F: | -v x=1 | -vx=1 | -W sprintf=500 | -Wsprintf=500",
    ends: "-f S x | -fS | $ S | -- $ S | -vx=1 -f S",
    runs: 40,
  },
  {
    executables: ["csh", "bsd-csh"],
    script: "run.csh",
    print: (word) => `echo RAN ${word}`,
    options: "-f | -x | -e | -V | -fx | -v | -ef",
    ends: "S x | -c $ S | -fc $ | -b S x | -s S",
    runs: 24,
  },
  {
    executables: ["guile"],
    script: "run.scm",
    print: (word) => `(display "RAN ${word}\\n")`,
    options:
      "-L . | -C . | -x .x | --no-auto-compile | --auto-compile | --r6rs | --r7rs | --debug | --no-debug | -q | --use-srfi=1 | --language=scheme",
    ends: "S x | -s S x | -c $ S | -- S | ./S -c $ | --no-auto-compile -s S",
    runs: 18,
  },
  {
    executables: ["gjs"],
    script: "run.js",
    print: (word) => `print("RAN ${word}")`,
    options: "-I . | --include-path=. | --include-path . | -m",
    ends: "S x | -c $ S | --command=$ S | ./S -c | -m S",
    runs: 10,
  },
  {
    executables: ["mono"],
    script: "run.exe",
    print: (word) => `class Run { static void Main() { System.Console.WriteLine("RAN ${word}"); } }`,
    options:
      "--debug | --debug=mdb-optimizations | --optimize=all | -O=-inline | --runtime=v4.0.30319 | --gc=sgen | --server | --desktop | --nollvm | " +
      "--attach=disable | --aot-path=. | --jitmap | --config ./config | --security=cas | --handlers | --trace=none | --profile=log:output=/dev/null",
    ends: "S x | ./S --version | --config ./config S -c",
    files: { config: "<configuration/>" },
    setUp: "mv run.exe run.cs && mcs -out:run.exe run.cs",
    runs: 22,
  },
  {
    executables: ["erl"],
    script: "run.escript",
    print: (word) => `io:format("RAN ${word}~n").`,
    options:
      "+A 1 | +S 1:1 | +P 4096 | +Bi | -pa . | -kernel logger_level error | -env A b | -boot start_clean | -noinput | " +
      "-s crypto start | -start_epmd false | +sbt u",
    ends:
      "-noshell -s amodule -s erlang halt | -noshell -run amodule go x -s erlang halt | -noshell -eval $ -s erlang halt | " +
      "-noshell -run escript start -extra S x | -noshell -s amodule -s erlang halt -extra S | -noshell -eval $ -s amodule -s erlang halt | " +
      "-noshell -s erlang halt -s amodule go | -noshell -s erlang halt -- -s amodule",
    setUp:
      `printf 'main(_) -> io:format("RAN run.escript~n").\n' >run.escript; sed -i '1i #!/usr/bin/env escript' run.escript; ` +
      `printf '%s\n' '-module(amodule).' '-export([start/0, go/0, go/1]).' 'start() -> go().' 'go(_) -> go().' 'go() -> io:format("RAN amodule~n").' >amodule.erl; erlc amodule.erl`,
    becomes: ["-emu_args_exit", "beam.smp"],
    runs: 20,
  },
  {
    executables: ["qemu-x86_64-static"],
    script: "guest",
    print: (word) => `#include <stdio.h>\nint main(void) { return puts("RAN ${word}") < 0; }`,
    options:
      "-cpu max | -L / | -s 8388608 | -E A=b | -U A | -0 name | -r 5.10.0 | -B 0x100000 | -R 0 | -d unimp | -D log | -strace | -one-insn-per-tb | -seed 1 | -p 4096 | -singlestep",
    ends: "S x | ./S -c | -0 x ./S -L",
    setUp: "mv guest guest.c && cc -static -o guest guest.c",
    runs: 22,
  },
  {
    executables: ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"],
    isCommon: true,
    script: "mapped",
    print: (word) => `#include <stdio.h>\nint main(void) { return puts("RAN ${word}") < 0; }`,
    options:
      "--library-path /lib | --inhibit-cache | --inhibit-rpath x | --argv0 name | --preload libc.so.6 | --audit= | --glibc-hwcaps-mask x | --glibc-hwcaps-prepend x",
    ends: "./S x | ./S --list | --argv0 x ./S --preload | --list ./S | --verify ./S",
    setUp: "mv mapped mapped.c && cc -o mapped mapped.c",
    runs: 24,
  },
  {
    executables: ["sbcl"],
    script: "run.lisp",
    print: (word) => `(progn (format t "~&RAN ${word}~%") (finish-output))`,
    options:
      "--noinform | --dynamic-space-size 512MB | --control-stack-size 4MB | --disable-ldb | --lose-on-corruption",
    ends:
      "--script S x | --load S --quit | --non-interactive --load S | --no-sysinit --no-userinit --load S --eval (exit) | " +
      "--non-interactive --eval $ | --no-userinit --script S",
    runs: 12,
  },
  {
    executables: ["swipl"],
    script: "run.pl",
    print: (word) => `:- writeln('RAN ${word}').`,
    options: "-q | -O | -g true | -f none | --no-tty | --stack-limit=1g | -t halt | -p x=. | --no-signals",
    ends: "-g halt S x | -g halt -s S x | -g halt -l S -- x | -q -g halt ./S -c",
    runs: 10,
  },
  {
    executables: ["clisp"],
    script: "run.lisp",
    print: (word) => `(progn (format t "~&RAN ${word}~%") (finish-output))`,
    options: "-q | -ansi | -norc | -E UTF-8 | -K boot | -on-error exit | -C | -q -q | -m 4MB | -L english",
    ends: "S x | -q S -x | -x $ | -q -x $ | ./S",
    runs: 14,
  },
  {
    executables: ["busybox"],
    script: "run.sh",
    print: (word) => `echo RAN ${word}`,
    options: "",
    ends: "sh S x | ash -e S | sh -c $ S | sh -s S | sh -o errexit S | sh -euo noglob S | sh -- S | sh | ash ./S -c",
    runs: 18,
  },
  {
    executables: [Deno.execPath()],
    script: "run.ts",
    print: (word) => `console.log("RAN ${word}")`,
    options:
      "-A | --allow-read=. | -q | --quiet | --no-check | --seed 1 | --seed=1 | --location http://localhost/ | -L info | --log-level info | --log-level=info | " +
      "--ext ts | --no-prompt | --config ./deno.json | -c ./deno.json | --no-lock | --v8-flags=--expose-gc | --cached-only | --preload ./pre.ts | --import ./pre.ts | " +
      "--deny-net | -RW | -Nq | --unstable-kv | --conditions x | --import-map ./deno.json | --no-config | --node-modules-dir=none | --frozen | --allow-env | -E=A",
    first: "run",
    ends: "S x | - S | ./S -c | -A S",
    files: { "pre.ts": "", "deno.json": "{}" },
    runs: 36,
  },
  {
    executables: ["java"],
    script: "Source.java",
    print: (word) => `class Source { public static void main(String[] a) { System.out.println("RAN ${word}"); } }`,
    options:
      "-Xmx64m | -ea | -ea:a.b | -Dk=v | -cp lib | -classpath lib | --class-path lib | --class-path=lib | --add-modules java.sql | --add-modules=java.sql | " +
      "--add-opens java.base/java.lang=ALL-UNNAMED | -XX:+UseSerialGC | -server | -Xshare:auto | --limit-modules java.sql | --add-reads java.sql=java.logging | --enable-preview | " +
      "-splash:none | --module-path . | -p . | -Xms8m | -showversion",
    ends: "-cp lib Main x | -jar a.jar x | S x | -cp lib Main -jar a.jar",
    setUp:
      `mkdir -p lib jar; for c in Main Other; do printf 'class %s { public static void main(String[] a) { System.out.println("RAN %s"); } }' $c $c > $c.java; done; ` +
      "javac -d lib Main.java && javac -d jar Other.java && jar cfe a.jar Other -C jar Other.class",
    prints: { "a.jar": "Other" },
    runs: 26,
  },
];

/** The same numbers at every run: a fault that was found stays found. */
function* numbers(): Generator<number> {
  for (let state = 12345;;) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    yield state >>> 8;
  }
}

/** Command lines without the interpreter: first each option and end once, then combinations. */
function* commandLines({ first, options, ends, runs, script, print }: Subject): Generator<string[]> {
  const split = (lines: string) => lines === "" ? [] : lines.split(" | ").map((line) => line.split(" "));
  const fill = (word: string) => word.replaceAll("S", "\0").replaceAll("$", print("inline")).replaceAll("\0", script);
  const optionWords = split(options);
  const endWords = ends.split(" | ").map((line) =>
    line.split(" ").map((word) => /^(?:\.\/|-f)?S$|^\$$|=S$|[=e]\$$/.test(word) ? fill(word) : word)
  );
  const random = numbers(), pick = <T>(list: readonly T[]): T => list[random.next().value! % list.length]!;
  for (let i = 0; i < runs; i++) {
    const chosen: string[] = first === undefined ? [] : [first];
    if (i < optionWords.length) chosen.push(...optionWords[i]!);
    const count = optionWords.length === 0 || i < optionWords.length || i - optionWords.length < endWords.length
      ? 0
      : 1 + pick([0, 1, 2]);
    for (let j = 0; j < count; j++) chosen.push(...pick(optionWords));
    yield [...chosen, ...(i < endWords.length + optionWords.length ? endWords[i % endWords.length]! : pick(endWords))];
  }
}

/** Command lines that run at the same time. */
const AT_ONCE = 4;

/** What a program printed last: `run.py`, `amodule`, `inline`, `stdin`; undefined where none ran. */
function ranLast(output: string): string | undefined {
  const words = [...output.matchAll(/^RAN (\S+)$/gm)].map((match) => match[1]!);
  // What runs before the script (lua -e) isn't the program.
  return words.find((word) => word !== "inline" && word !== "stdin") ?? words.at(-1);
}

for (const subject of [...SUBJECTS, ...RARE]) {
  const tool = subject.executables.map((name) => name.startsWith("/") ? exists(name) : findTool(name)).find((path) =>
    path !== undefined
  );
  const name = subject.executables[0]!.replace(/^.*\//, "");
  Deno.test({
    name: `${name} runs what the table says`,
    ignore: tool === undefined &&
      (subject.isCommon ? skipUnless(false, `needs ${name}`) : (console.error(`skipped: needs ${name}`), true)),
  }, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const { script, print } = subject;
      await Deno.writeTextFile(`${folder}/${script}`, `${print(script)}\n`);
      for (const [file, text] of Object.entries(subject.files ?? {})) {
        await Deno.writeTextFile(`${folder}/${file}`, text);
      }
      await Deno.mkdir(`${folder}/lib`);
      if (subject.setUp !== undefined) {
        const { success } = await new Deno.Command("sh", { args: ["-c", subject.setUp], cwd: folder, stderr: "null" })
          .output();
        assert.ok(success, subject.setUp);
      }
      const interpreter = findInterpreter(subject.becomes?.[1] ?? await Deno.realPath(tool!));
      assert.ok(interpreter, tool);
      const env = { LC_ALL: "C.UTF-8", HOME: folder };
      /** The command line that it is asked about. */
      const shown = async (args: readonly string[]): Promise<string[]> => {
        if (subject.becomes === undefined) return [name, ...args];
        const [option, becomes] = subject.becomes;
        const { stdout } = await new Deno.Command(tool!, { args: [option, ...args], cwd: folder, stderr: "null", env })
          .output();
        return [becomes, ...new TextDecoder().decode(stdout).trimEnd().split("\n")];
      };
      let compared = 0;
      const wrong: string[] = [];
      const compare = async (args: string[]): Promise<void> => {
        const child = new Deno.Command(tool!, {
          args,
          cwd: folder,
          stdin: "piped",
          stdout: "piped",
          stderr: "null",
          env,
        })
          .spawn();
        const writer = child.stdin.getWriter();
        await writer.write(new TextEncoder().encode(`${print("stdin")}\n`)).catch(() => {});
        await writer.close().catch(() => {});
        const ran = ranLast(new TextDecoder().decode((await child.output()).stdout));
        if (ran === undefined) return; // it refused the command line, or only checked it
        compared++;
        const found = findProgram(interpreter, await shown(args));
        const told = found === undefined || found.kind === "inline"
          ? undefined
          : "path" in found
          ? found.path.replace(/^\.\//, "")
          : found.kind === "unknown"
          ? "?"
          : found.name;
        const want = ran === "inline" || ran === "stdin" ? undefined : ran;
        if ((subject.prints?.[told ?? ""] ?? told) === want) return;
        wrong.push(`${name} ${args.join(" ")}: ran ${ran}, the table says ${told ?? "the interpreter"}`);
      };
      const lines = [...commandLines(subject)];
      while (lines.length > 0) await Promise.all(lines.splice(0, AT_ONCE).map(compare));
      assert.deepEqual(wrong, []);
      assert.ok(compared > subject.runs / 3, `${compared} of ${subject.runs} command lines ran a program`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

function exists(path: string): string | undefined {
  try {
    return Deno.statSync(path).isFile ? path : undefined;
  } catch {
    return undefined;
  }
}
