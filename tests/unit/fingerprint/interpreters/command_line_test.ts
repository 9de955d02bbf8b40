import assert from "node:assert/strict";
import { findInterpreter, findProgram, type Program } from "../../../../fingerprint/interpreters/command_line.ts";
import { INTERPRETERS } from "../../../../fingerprint/interpreters/table.ts";

const script = (path: string): Program => ({ kind: "script", path });
/** With other code before it. */
const loaded = (path: string): Program => ({ kind: "script", path, loads: true });
const UNKNOWN: Program = { kind: "unknown" };
const module = (name: string): Program => ({ kind: "module", name });
const applet = (name: string): Program => ({ kind: "applet", name });

/** The words of a command line; `␣` stands for a blank inside one. */
function program(executable: string, line: string): Program | undefined {
  const interpreter = findInterpreter(executable);
  assert.ok(interpreter, `${executable} is an interpreter`);
  return findProgram(interpreter, line === "" ? [] : line.split(" ").map((word) => word.replaceAll("␣", " ")));
}

Deno.test("an interpreter is known by its name, whatever its version and place", () => {
  const names: [string, string][] = [
    ["/usr/bin/python3.11", "python"],
    ["/opt/venv/bin/python3.13", "python"],
    ["/home/u/.pyenv/versions/3.13.0/bin/python3.13t", "python"],
    ["/usr/bin/python2.7-dbg", "python"],
    ["/usr/bin/pypy3", "python"],
    ["/usr/lib/jvm/java-17-openjdk-amd64/bin/java", "java"],
    ["/home/u/.nvm/versions/node/v22.1.0/bin/node", "node"],
    ["/usr/bin/nodejs", "node"],
    ["/bin/bash", "bash"],
    ["/bin/bash-static", "bash"],
    ["/bin/ksh93", "ksh"],
    ["/bin/zsh-5.9", "zsh"],
    ["/bin/zsh5", "zsh"],
    ["/usr/bin/dash", "sh"],
    ["/usr/bin/perl5.36.0", "perl"],
    ["/usr/bin/ruby3.1", "ruby"],
    ["/usr/bin/luajit-2.1.0-beta3", "lua"],
    ["/usr/bin/php8.2", "php"],
    ["/usr/bin/tclsh8.6", "tclsh"],
    ["/usr/lib/R/bin/exec/R", "R"],
    ["/usr/bin/mawk", "awk"],
    ["/bin/busybox", "busybox"],
    ["node", "node"],
  ];
  for (const [path, want] of names) assert.equal(findInterpreter(path)?.names[0], want, path);
  const others =
    "make env nice nohup timeout setsid stdbuf xargs pythonic python-config php-fpm8.2 sha256sum shred node_exporter " +
    "nodemon rubocop perldoc javac luac2 fishnet awk2c sshd R2D2 dotnetx monodevelop bash.bak sh~ python3.11; 3 ÿsh";
  for (const name of others.split(" ")) assert.equal(findInterpreter(`/usr/bin/${name}`), undefined, name);
  assert.equal(findInterpreter(""), undefined);
});

Deno.test("no two rows claim an executable or give an option two meanings", () => {
  const executables = INTERPRETERS.flatMap((row) => row.names);
  assert.equal(new Set(executables).size, executables.length);
  for (const row of INTERPRETERS) {
    for (
      const [lists, separator] of [[row.letters ?? {}, ""], [row.words ?? {}, " "], [row.commands ?? {}, " "]] as const
    ) {
      const names = Object.values(lists).flatMap((list: string) => list.split(separator));
      assert.equal(
        new Set(names).size,
        names.length,
        `${row.names[0]}: ${names.filter((name, i) => names.indexOf(name) !== i)}`,
      );
    }
  }
});

// Command line → what it runs. `undefined` is the interpreter itself.
const LINES: readonly [string, string, Program | undefined][] = [
  // sh, as the kernel hands a #! line over: `#!/bin/sh`, `#!/bin/sh -eu`, `#!/bin/sh -`
  ["/bin/dash", "/bin/sh /etc/init.d/hwclock.sh -a", script("/etc/init.d/hwclock.sh")],
  ["/bin/dash", "/bin/sh -eu ./x.sh -c", script("./x.sh")],
  ["/bin/dash", "/bin/sh - ./x.sh", script("./x.sh")],
  ["/bin/dash", "sh -- -odd.sh", script("-odd.sh")],
  ["/bin/dash", "sh -o errexit x.sh", script("x.sh")],
  ["/bin/dash", "sh +x x.sh", script("x.sh")],
  ["/bin/dash", "sh -c ls␣-l x.sh", undefined],
  ["/bin/dash", "sh -ec ls", undefined],
  ["/bin/dash", "sh -s x.sh", undefined],
  ["/bin/dash", "sh", undefined],
  ["/bin/dash", "-sh", undefined],
  ["/bin/dash", "", undefined],
  ["/bin/dash", "sh -", undefined],
  ["/bin/dash", "sh /dev/stdin", undefined],
  ["/bin/dash", "sh /dev/fd/63", script("/dev/fd/63")],
  // bash
  ["/bin/bash", "bash -euxo pipefail x.sh", script("x.sh")],
  ["/bin/bash", "bash -eo pipefail -O extglob +O nullglob x.sh y", script("x.sh")],
  ["/bin/bash", "bash --rcfile rc --norc x.sh", script("x.sh")],
  ["/bin/bash", "bash --init-file rc -i", undefined],
  ["/bin/bash", "-bash", undefined],
  ["/bin/bash", "bash -l", undefined],
  ["/bin/bash", "bash -lc make", undefined],
  ["/bin/bash", "bash --posix -x x.sh", script("x.sh")],
  // other shells
  ["/bin/zsh", "zsh -o extendedglob -f x.zsh", script("x.zsh")],
  ["/bin/zsh", "zsh --emulate sh x.sh", script("x.sh")],
  ["/bin/ksh93", "ksh -o errexit x.ksh", script("x.ksh")],
  ["/bin/mksh", "mksh -c true", undefined],
  ["/usr/bin/fish", "fish -C init x.fish", script("x.fish")],
  ["/usr/bin/fish", "fish --init-command=init -N x.fish", script("x.fish")],
  ["/usr/bin/fish", "fish -c ls x", undefined],
  ["/bin/tcsh", "tcsh -f x.csh", script("x.csh")],
  // busybox and toybox: links, and the applet as the first argument
  ["/bin/busybox", "sh x.sh", script("x.sh")],
  ["/bin/busybox", "-ash", undefined],
  ["/bin/busybox", "busybox sh -e x.sh", script("x.sh")],
  ["/bin/busybox", "/bin/busybox.static ash -c ls", undefined],
  ["/bin/busybox", "awk -f x.awk", script("x.awk")],
  ["/bin/busybox", "/bin/ls -l", applet("ls")],
  ["/bin/busybox", "busybox crond -f", applet("crond")],
  ["/bin/busybox", "[ -e x ]", applet("[")],
  ["/bin/busybox", "busybox --list", undefined],
  ["/bin/busybox", "busybox", undefined],
  ["/bin/busybox", "", undefined],
  ["/bin/busybox", "busybox busybox sh x.sh", undefined],
  // python
  ["/usr/bin/python3", "python -W x -m http.server 80", module("http.server")],
  ["/usr/bin/python3", "python -Wignore -um pip install", module("pip")],
  ["/usr/bin/python3", "python -mjson.tool", module("json.tool")],
  ["/usr/bin/python3", "python3 -X dev -u /tmp/ZW50cm9weQo/top.py -m x", script("/tmp/ZW50cm9weQo/top.py")],
  ["/usr/bin/python3", "python3 -IBs x.py", script("x.py")],
  ["/usr/bin/python3", "python3 --check-hash-based-pycs always x.py", script("x.py")],
  ["/usr/bin/python3", "python3 -c import␣os x.py", undefined],
  ["/usr/bin/python3", "python3 - x.py", undefined],
  ["/usr/bin/python3", "python3 -i", undefined],
  ["/usr/bin/python3", "python3 -m", undefined],
  // perl: `#!/usr/bin/perl -w -T` is one argument
  ["/usr/bin/perl", "perl -w␣-T /usr/sbin/x.pl", script("/usr/sbin/x.pl")],
  ["/usr/bin/perl", "perl -Ilib -w x.pl", script("x.pl")],
  ["/usr/bin/perl", "perl -I lib -MPOSIX -i.bak -d:NYTProf x.pl", script("x.pl")],
  ["/usr/bin/perl", "perl -0777 -ne print x", undefined],
  ["/usr/bin/perl", "perl -lane print x", undefined],
  ["/usr/bin/perl", "perl -pi.bak -e s/a/b/ x", undefined],
  ["/usr/bin/perl", "perl -c x.pl", script("x.pl")],
  // ruby
  ["/usr/bin/ruby3.1", "ruby -W0 -Ilib -r bundler/setup x.rb", script("x.rb")],
  ["/usr/bin/ruby3.1", "ruby --enable frozen-string-literal --disable=gems -C /srv x.rb", script("x.rb")],
  ["/usr/bin/ruby3.1", "ruby -rjson -e puts", undefined],
  // node
  ["/usr/bin/node", "node --max-old-space-size=4096 --require ./a.js x.js --eval", script("x.js")],
  ["/usr/bin/node", "node -r mod --import=y --inspect=0.0.0.0:1 x.js", script("x.js")],
  ["/usr/bin/node", "node inspect x.js", script("x.js")],
  ["/usr/bin/node", "node -- x.js", script("x.js")],
  ["/usr/bin/node", "node -pe 1", undefined],
  ["/usr/bin/node", "node --eval=1 x", undefined],
  ["/usr/bin/node", "node -", undefined],
  ["/usr/bin/node", "node", undefined],
  // php and tclsh as their own manuals have it
  ["/usr/bin/php8.2", "php -q -- x.php", undefined],
  ["/usr/bin/php8.2", "php -f x.php -- -y", script("x.php")],
  ["/usr/bin/tclsh8.6", "tclsh -encoding utf-8 x.tcl", script("x.tcl")],
  ["/usr/bin/tclsh8.6", "tclsh -x x.tcl", undefined],
  ["/usr/bin/tclsh8.6", "tclsh -- x.tcl", undefined],
  // deno and bun
  ["/usr/bin/deno", "deno run --conditions development x.ts", script("x.ts")],
  ["/usr/bin/deno", "deno run -A --config deno.json --allow-net=a,b src/x.ts run", script("src/x.ts")],
  ["/usr/bin/deno", "deno -q run --ext ts x", script("x")],
  ["/usr/bin/deno", "deno x.ts", script("x.ts")],
  ["/usr/bin/deno", "deno run npm:@scope/cowsay@1.5/bin hi", module("cowsay")],
  ["/usr/bin/deno", "deno run https://deno.land/std@0.1/http/file_server.ts?x", module("file_server.ts")],
  ["/usr/bin/deno", "deno run file:///srv/x.ts", script("/srv/x.ts")],
  ["/usr/bin/deno", "deno task --cwd /srv start", module("start")],
  ["/usr/bin/deno", "deno run https://example.org/", module("example.org")],
  ["/usr/bin/deno", "deno run data:text/javascript,1", undefined],
  ["/usr/bin/deno", "deno task", undefined],
  ["/usr/bin/deno", "deno eval 1", undefined],
  ["/usr/bin/deno", "deno test x.ts", undefined],
  ["/usr/bin/bun", "bun --cwd /srv run x.ts", script("x.ts")],
  ["/usr/bin/bun", "bun x cowsay", module("cowsay")],
  ["/usr/bin/bun", "bun install", undefined],
  ["/usr/bin/bun", "bun -e 1", undefined],
  // php, lua, tcl, expect, R
  ["/usr/bin/php8.2", "php -d memory_limit=1 -c ini x.php", script("x.php")],
  ["/usr/bin/php8.2", "php -dmemory_limit=1 -f x.php -- y", script("x.php")],
  ["/usr/bin/php8.2", "php -S localhost:80 -t public router.php", script("router.php")],
  ["/usr/bin/php8.2", "php --file=x.php", script("x.php")],
  ["/usr/bin/php8.2", "php -r phpinfo(); x", undefined],
  ["/usr/bin/lua5.4", "lua -e x=1 -lmod -i x.lua", script("x.lua")],
  ["/usr/bin/lua5.4", "lua -e x=1", undefined],
  ["/usr/bin/luajit", "luajit -O3 -joff x.lua", script("x.lua")],
  ["/usr/bin/tclsh8.6", "tclsh -encoding utf-8 x.tcl -y", script("x.tcl")],
  ["/usr/bin/expect", "expect -c set␣x␣1 -f x.exp", script("x.exp")],
  ["/usr/bin/Rscript", "Rscript --vanilla --default-packages=a,b x.R", script("x.R")],
  ["/usr/bin/Rscript", "Rscript -e 1", undefined],
  ["/usr/lib/R/bin/exec/R", "R --no-echo --no-restore --file=x.R --args a", script("x.R")],
  ["/usr/lib/R/bin/exec/R", "R --no-save -f x.R", script("x.R")],
  ["/usr/lib/R/bin/exec/R", "R --vanilla", undefined],
  // java
  [
    "/usr/bin/java",
    "java -Xmx1g -Dx=y -cp a.jar:b org.apache.catalina.startup.Bootstrap start",
    module("org.apache.catalina.startup.Bootstrap"),
  ],
  [
    "/usr/bin/java",
    "java -javaagent:a.jar --add-opens java.base/java.io=ALL-UNNAMED -jar /opt/x.jar -cp",
    script("/opt/x.jar"),
  ],
  ["/usr/bin/java", "java -p mods -m com.greetings/com.greetings.Main", module("com.greetings.Main")],
  ["/usr/bin/java", "java --module=com.greetings", module("com.greetings")],
  ["/usr/bin/java", "java org/example/Main", module("org.example.Main")],
  ["/usr/bin/java", "java --source␣21 /usr/local/bin/x", script("/usr/local/bin/x")],
  ["/usr/bin/java", "java X.java", script("X.java")],
  ["/usr/bin/java", "java @options @more Main", module("Main")],
  ["/usr/bin/java", "java @options", UNKNOWN],
  ["/usr/bin/java", "java -version", undefined],
  // dotnet and mono
  ["/usr/bin/dotnet", "dotnet app.dll --urls x", script("app.dll")],
  ["/usr/bin/dotnet", "dotnet exec --runtimeconfig c.json app.DLL", script("app.DLL")],
  ["/usr/bin/dotnet", "dotnet build", undefined],
  ["/usr/bin/mono-sgen", "mono --debug --config c --gc=sgen x.exe", script("x.exe")],
  // awk: the first operand is the program's text
  ["/usr/bin/mawk", "awk -F: -v x=1 -f x.awk data", script("x.awk")],
  ["/usr/bin/gawk", "gawk --file=x.awk data", script("x.awk")],
  ["/usr/bin/gawk", "awk -fx.awk", script("x.awk")],
  ["/usr/bin/mawk", "awk {print} data", undefined],
  ["/usr/bin/mawk", "awk -F : {print} -f", undefined],
];

Deno.test("the program of a command line follows the interpreter's own rules", () => {
  for (const [executable, line, want] of LINES) {
    const found = program(executable, line);
    const unmarked = found?.kind === "script" ? script(found.path) : found; // marks have a test of their own
    assert.deepEqual(unmarked, want, `${executable}: ${line}`);
  }
});

Deno.test("every row of the table is tried", () => {
  const tried = new Set(LINES.map(([executable]) => findInterpreter(executable)?.names[0]));
  assert.deepEqual(INTERPRETERS.map((row) => row.names[0]).filter((name) => !tried.has(name)), []);
});

Deno.test("a command line that the process wrote over names nothing", () => {
  const bash = findInterpreter("/bin/bash")!;
  assert.equal(findProgram(bash, ["bash: worker", "", "", ""]), undefined);
  assert.equal(findProgram(bash, [""]), undefined);
});

Deno.test("what stands behind the part that is looked at isn't known, and never taken for nothing", () => {
  const bash = findInterpreter("/bin/bash")!, busybox = findInterpreter("/bin/busybox")!;
  const flags = (count: number) => ["bash", ...Array<string>(count).fill("-x"), "x.sh"];
  assert.deepEqual(findProgram(bash, flags(300)), script("x.sh"));
  assert.deepEqual(findProgram(bash, flags(1100)), UNKNOWN);
  assert.equal(findProgram(bash, ["bash", `-${"x".repeat(100)}c`, "x.sh"]), undefined);
  assert.deepEqual(findProgram(bash, ["bash", `-${"x".repeat(40_000)}`, "x.sh"]), UNKNOWN);
  assert.equal(findProgram(bash, ["bash", "x".repeat(5000)]), undefined, "no file can be called so");
  const cut = (interpreter: string, line: string) => findProgram(findInterpreter(interpreter)!, line.split(" "), true);
  assert.deepEqual(cut("bash", "bash -e -e -"), UNKNOWN);
  assert.deepEqual(cut("bash", "bash -e x.sh -"), script("x.sh"));
  assert.deepEqual(cut("bash", "bash -e /usr/bin/ld"), UNKNOWN, "the last may go on");
  assert.deepEqual(cut("bash", "bash --rcfile /tmp/x"), UNKNOWN);
  assert.deepEqual(cut("bash", "bash -- /usr/bin/ldd"), UNKNOWN);
  assert.equal(cut("bash", "bash -c text-that-goes-on"), undefined);
  assert.deepEqual(cut("python3", "python3 -m http.serv"), UNKNOWN);
  assert.deepEqual(cut("java", "java -cp a:b:c"), UNKNOWN);
  assert.deepEqual(cut("deno", "deno task --config x"), UNKNOWN);
  assert.deepEqual(findProgram(busybox, ["busybo"], true), UNKNOWN);
  assert.deepEqual(findProgram(busybox, ["busybox", "s"], true), UNKNOWN);
});

Deno.test("a program that other code runs before, by an option, is marked", () => {
  const lines: [executable: string, line: string, want: Program][] = [
    ["perl", "perl -I. -MEvil /usr/bin/shasum", loaded("/usr/bin/shasum")],
    ["perl", "perl -I /tmp/x /usr/bin/shasum", loaded("/usr/bin/shasum")],
    ["perl", "perl -I/usr/share/x -w /usr/bin/shasum", script("/usr/bin/shasum")],
    ["perl", "perl -I/usr/local/x /usr/bin/shasum", loaded("/usr/bin/shasum")],
    ["perl", "perl -I/usr/share/../../tmp /usr/bin/shasum", loaded("/usr/bin/shasum")],
    ["bash", "bash --rcfile evil -i /usr/bin/ldd", loaded("/usr/bin/ldd")],
    ["bash", "bash --rcfile=/etc/bash.bashrc /usr/bin/ldd", script("/usr/bin/ldd")],
    ["ruby", "ruby -r./evil /usr/bin/erb", loaded("/usr/bin/erb")],
    ["node", "node --require=./evil.js /usr/bin/npm", loaded("/usr/bin/npm")],
    ["node", "node -r ./evil.js /usr/bin/npm", loaded("/usr/bin/npm")],
    ["lua", "lua -l evil /usr/bin/x", loaded("/usr/bin/x")],
    ["php", "php -c /tmp/php.ini /usr/bin/x", loaded("/usr/bin/x")],
    ["fish", "fish -C evil /usr/bin/x", loaded("/usr/bin/x")],
    ["awk", "gawk -levil -f /usr/bin/x", loaded("/usr/bin/x")],
  ];
  for (const [executable, line, want] of lines) assert.deepEqual(program(`/usr/bin/${executable}`, line), want, line);
});
