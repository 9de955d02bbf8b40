import assert from "node:assert/strict";
import { findInterpreter, findProgram, type Program } from "../../../../fingerprint/interpreters/command_line.ts";
import { INTERPRETERS } from "../../../../fingerprint/interpreters/table.ts";

const script = (path: string): Program => ({ kind: "script", path });
/** With other code before it. */
const loaded = (path: string): Program => ({ kind: "script", path, loads: "foreign" });
/** With code before it that is no base program's, but nobody else's either. */
const shared = (path: string): Program => ({ kind: "script", path, loads: "shared" });
const UNKNOWN: Program = { kind: "unknown" };
const INLINE: Program = { kind: "inline" };
const module = (name: string): Program => ({ kind: "module", name });
const applet = (name: string): Program => ({ kind: "applet", name });
const executable = (path: string, at: number, loads?: "foreign"): Program => ({
  kind: "executable",
  path,
  at,
  ...loads && { loads },
});

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
    ["/usr/bin/busybox.nosuid", "busybox"],
    ["/lib64/ld-linux-x86-64.so.2", "ld.so"],
    ["/lib/ld-linux-aarch64.so.1", "ld.so"],
    ["/lib/ld-linux.so.2", "ld.so"],
    ["/lib/ld-linux-armhf.so.3", "ld.so"],
    ["/lib/ld-linux-riscv64-lp64d.so.1", "ld.so"],
    ["/lib64/ld64.so.2", "ld.so"],
    ["/lib/ld.so.1", "ld.so"],
    ["/lib/x86_64-linux-gnu/ld-2.31.so", "ld.so"],
    ["/lib/ld-musl-aarch64.so.1", "ld.so"],
    ["/usr/lib/libc.so", "ld.so"],
    ["/lib/ld-uClibc.so.1", "ld.so"],
    ["/system/bin/linker64", "ld.so"],
    // as distributions and builders call them
    ["/usr/libexec/platform-python3.6", "python"],
    ["/usr/libexec/system-python3.6", "python"],
    ["/usr/bin/perl5.36-x86_64-linux-gnu", "perl"],
    ["/usr/bin/python3.13-nogil", "python"],
    ["/usr/bin/pypy3-c", "python"],
    ["/usr/bin/python3.real", "python"],
    ["/nix/store/x/bin/.python3.11-wrapped", "python"],
    ["/nix/store/x/bin/.perl-wrapped_", "perl"],
    ["/gnu/store/x/bin/.guile-real", "guile"],
    ["/bin/sh.distrib", "sh"],
    ["/bin/bash.bash", "bash"],
    ["/usr/bin/ruby.ruby3.1", "ruby"],
    ["/usr/bin/ruby-mri", "ruby"],
    ["/usr/bin/php-legacy", "php"],
    ["/usr/bin/php81", "php"],
    ["/usr/bin/php-cgi8.2", "php-cgi"],
    ["/usr/bin/php-cgi-legacy", "php-cgi"],
    ["/usr/bin/php81-cgi", "php-cgi"],
    ["/usr/bin/php8.1-cli", "php"],
    ["/usr/sbin/php-fpm83", "php-fpm"],
    ["/usr/sbin/php-fpm8.2", "php-fpm"],
    ["/dev/.buildkit_qemu_emulator", "qemu-user"],
    ["/usr/bin/buildkit-qemu-aarch64", "qemu-user"],
    ["/lib/ld64-uClibc-0.9.33.2.so", "ld.so"],
    ["/lib64/ld-lsb-x86-64.so.3", "ld.so"],
    ["/lib/libc.musl-x86_64.so.1", "ld.so"],
    ["/usr/bin/node-20", "node"],
    ["/usr/bin/bsd-csh", "csh"],
    ["/usr/bin/original-awk", "awk"],
    ["/bin/busybox.suid", "busybox"],
    ["/bin/busybox-extras", "busybox"],
    ["/bin/busybox.static", "busybox"],
    ["/srv/busybox-armv7l", "busybox"],
    ["/srv/busybox-x86_64", "busybox"],
    ["/srv/busybox-powerpc-440fp", "busybox"],
    ["/usr/bin/toybox-aarch64", "busybox"],
    ["/usr/bin/mono-sgen", "mono"],
    ["/usr/bin/gjs-console", "gjs"],
    ["/usr/bin/emacs-nox", "emacs"],
    ["/usr/bin/emacs-29.1-nox", "emacs"],
    ["/usr/bin/octave-cli-8.4.0", "octave"],
    ["/usr/lib/electron28/electron", "electron"],
    ["/usr/lib/erlang/erts-14.2/bin/beam.smp", "beam.smp"],
    ["/usr/lib/erlang/erts-14.2/bin/beam.debug.smp", "beam.smp"],
    ["/usr/bin/qemu-x86_64-static", "qemu-user"],
    ["/usr/bin/qemu-aarch64_be", "qemu-user"],
    ["/usr/bin/qemu-mips64el-binfmt-P", "qemu-user"],
    ["/opt/wine-staging/bin/wine64-preloader", "wine"],
    ["/usr/bin/wine-stable", "wine"],
    ["/usr/libexec/valgrind/memcheck-amd64-linux", "valgrind"],
  ];
  for (const [path, want] of names) assert.equal(findInterpreter(path)?.names[0], want, path);
  const others =
    "make env nice nohup timeout setsid stdbuf xargs pythonic python-config sha256sum shred node_exporter " +
    "nodemon rubocop perldoc javac luac2 fishnet awk2c sshd R2D2 dotnetx monodevelop bash.bak sh~ python3.11; 3 ÿsh " +
    "ld ld.bfd ld.gold libc.so.6 ld-linux libld.so ld.so.conf ld.so.cache qemu-system-x86_64 qemu-img qemu-nbd wineserver winetricks " +
    "node-problem-detector php-cli-x lua-language-server fish_indent python-evil busybox-evil python3.11-evil " +
    "bash- sh.. python3. perl-wrapper ruby-build mono-xsp4 beam.x memcheck R-evil valgrind-listener emacsclient";
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
  ["/bin/dash", "sh -c ls␣-l x.sh", INLINE],
  ["/bin/dash", "sh -ec ls", INLINE],
  ["/bin/dash", "sh -s x.sh", INLINE],
  ["/bin/dash", "sh", undefined],
  ["/bin/dash", "-sh", undefined],
  ["/bin/dash", "", undefined],
  ["/bin/dash", "sh -", undefined],
  ["/bin/dash", "sh /dev/stdin", INLINE],
  ["/bin/dash", "sh /dev/fd/63", script("/dev/fd/63")],
  // bash
  ["/bin/bash", "bash -euxo pipefail x.sh", script("x.sh")],
  ["/bin/bash", "bash -eo pipefail -O extglob +O nullglob x.sh y", script("x.sh")],
  ["/bin/bash", "bash --rcfile rc --norc x.sh", script("x.sh")],
  ["/bin/bash", "bash --init-file rc -i", INLINE],
  ["/bin/bash", "-bash", undefined],
  ["/bin/bash", "bash -l", undefined],
  ["/bin/bash", "bash -lc make", INLINE],
  ["/bin/bash", "bash --posix -x x.sh", script("x.sh")],
  // other shells
  ["/bin/zsh", "zsh -o extendedglob -f x.zsh", script("x.zsh")],
  ["/bin/zsh", "zsh --emulate sh x.sh", script("x.sh")],
  ["/bin/ksh93", "ksh -o errexit x.ksh", script("x.ksh")],
  ["/bin/mksh", "mksh -c true", INLINE],
  ["/usr/bin/fish", "fish -C init x.fish", script("x.fish")],
  ["/usr/bin/fish", "fish --init-command=init -N x.fish", script("x.fish")],
  ["/usr/bin/fish", "fish -c ls x", INLINE],
  ["/bin/tcsh", "tcsh -f x.csh", script("x.csh")],
  ["/bin/dash", "sh -s -- x.sh", INLINE],
  ["/bin/dash", "sh /proc/self/fd/0", INLINE],
  ["/bin/bash", "bash --version", undefined],
  ["/bin/bash", "bash --help -c x", undefined],
  ["/bin/zsh", "zsh --version", undefined],
  ["/usr/bin/fish", "fish -v", undefined],
  ["/usr/bin/fish", "fish -C ls", INLINE],
  ["/usr/bin/bsd-csh", "/bin/csh -f /srv/run.csh", script("/srv/run.csh")],
  // busybox and toybox: links, and the applet as the first argument
  ["/bin/busybox", "sh x.sh", script("x.sh")],
  ["/bin/busybox", "-ash", undefined],
  ["/bin/busybox", "busybox sh -e x.sh", script("x.sh")],
  ["/bin/busybox", "/bin/busybox.static ash -c ls", INLINE],
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
  ["/usr/bin/python3", "python3 -c import␣os x.py", INLINE],
  ["/usr/bin/python3", "python3 - x.py", INLINE],
  ["/usr/bin/python3", "python3 -i", undefined],
  ["/usr/bin/python3", "python3 /dev/stdin x", INLINE],
  ["/usr/bin/python3", "python3 -V", undefined],
  ["/usr/bin/python3", "python3 -h", undefined],
  ["/usr/libexec/platform-python3.6", "/usr/libexec/platform-python -Es /usr/sbin/tuned -l", script("/usr/sbin/tuned")],
  ["/usr/bin/python3", "python3 -m", undefined],
  // perl: `#!/usr/bin/perl -w -T` is one argument
  ["/usr/bin/perl", "perl -w␣-T /usr/sbin/x.pl", script("/usr/sbin/x.pl")],
  ["/usr/bin/perl", "perl -Ilib -w x.pl", script("x.pl")],
  ["/usr/bin/perl", "perl -I lib -MPOSIX -i.bak -d:NYTProf x.pl", script("x.pl")],
  ["/usr/bin/perl", "perl -0777 -ne print x", INLINE],
  ["/usr/bin/perl", "perl -lane print x", INLINE],
  ["/usr/bin/perl", "perl -pi.bak -e s/a/b/ x", INLINE],
  ["/usr/bin/perl", "perl -c x.pl", script("x.pl")],
  ["/usr/bin/perl", "perl - x.pl", INLINE],
  ["/usr/bin/perl", "perl -v", undefined],
  ["/usr/bin/perl", "perl -S shasum x", module("shasum")],
  ["/usr/bin/perl", "perl -wS ./shasum x", script("./shasum")],
  // ruby
  ["/usr/bin/ruby3.1", "ruby -W0 -Ilib -r bundler/setup x.rb", script("x.rb")],
  ["/usr/bin/ruby3.1", "ruby --enable frozen-string-literal --disable=gems -C /srv x.rb", script("/srv/x.rb")],
  ["/usr/bin/ruby3.1", "ruby -rjson -e puts", INLINE],
  ["/usr/bin/ruby3.1", "ruby -S rake x", module("rake")],
  ["/usr/bin/ruby3.1", "ruby -C /srv -C app x.rb", script("/srv/app/x.rb")],
  ["/usr/bin/ruby3.1", "ruby -C lib /x.rb", script("/x.rb")],
  ["/usr/bin/ruby3.1", "ruby --version x", undefined],
  // node
  ["/usr/bin/node", "node --max-old-space-size=4096 --require ./a.js x.js --eval", script("x.js")],
  ["/usr/bin/node", "node -r mod --import=y --inspect=0.0.0.0:1 x.js", script("x.js")],
  ["/usr/bin/node", "node inspect x.js", script("x.js")],
  ["/usr/bin/node", "node -- x.js", script("x.js")],
  ["/usr/bin/node", "node -pe 1", INLINE],
  ["/usr/bin/node", "node --eval=1 x", INLINE],
  ["/usr/bin/node", "node -", INLINE],
  ["/usr/bin/node", "node", undefined],
  // php and tclsh as their own manuals have it
  ["/usr/bin/php8.2", "php -q -- x.php", INLINE],
  ["/usr/bin/php8.2", "php -f x.php -- -y", script("x.php")],
  ["/usr/bin/tclsh8.6", "tclsh -encoding utf-8 x.tcl", script("x.tcl")],
  ["/usr/bin/tclsh8.6", "tclsh -x x.tcl", INLINE],
  ["/usr/bin/tclsh8.6", "tclsh -- x.tcl", INLINE],
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
  ["/usr/bin/deno", "deno run data:text/javascript,1", INLINE],
  ["/usr/bin/deno", "deno task", undefined],
  ["/usr/bin/deno", "deno eval 1", INLINE],
  ["/usr/bin/deno", "deno test x.ts", undefined],
  ["/usr/bin/bun", "bun --cwd /srv run x.ts", script("/srv/x.ts")],
  ["/usr/bin/bun", "bun exec ls", INLINE],
  ["/usr/bin/bun", "bun x cowsay", module("cowsay")],
  ["/usr/bin/bun", "bun install", undefined],
  ["/usr/bin/bun", "bun -e 1", INLINE],
  // php, lua, tcl, expect, R
  ["/usr/bin/php8.2", "php -d memory_limit=1 -c ini x.php", script("x.php")],
  ["/usr/bin/php8.2", "php -dmemory_limit=1 -f x.php -- y", script("x.php")],
  ["/usr/bin/php8.2", "php -S localhost:80 -t public router.php", script("router.php")],
  ["/usr/bin/php8.2", "php --file=x.php", script("x.php")],
  ["/usr/bin/php8.2", "php -r phpinfo(); x", INLINE],
  ["/usr/bin/lua5.4", "lua -e x=1 -lmod -i x.lua", script("x.lua")],
  ["/usr/bin/lua5.4", "lua -e x=1", INLINE],
  ["/usr/bin/luajit", "luajit -O3 -joff x.lua", script("x.lua")],
  ["/usr/bin/tclsh8.6", "tclsh -encoding utf-8 x.tcl -y", script("x.tcl")],
  ["/usr/bin/expect", "expect -c set␣x␣1 -f x.exp", script("x.exp")],
  ["/usr/bin/Rscript", "Rscript --vanilla --default-packages=a,b x.R", script("x.R")],
  ["/usr/bin/Rscript", "Rscript -e 1", INLINE],
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
  ["/usr/bin/mawk", "awk {print} data", INLINE],
  ["/usr/bin/mawk", "awk -F : {print} -f", INLINE],
  ["/usr/bin/mawk", "awk -f - data", INLINE],
  ["/usr/bin/mawk", "awk -f x.awk - data", script("x.awk")],
  ["/usr/bin/gawk", "gawk -f x.awk -f y.awk -E z.awk -f q", script("x.awk")],
  ["/usr/bin/gawk", "gawk -E x.awk -f q", script("x.awk")],
  ["/usr/bin/gawk", "gawk -e {print} -f x.awk", script("x.awk")],
  ["/usr/bin/gawk", "gawk --source={print} x", INLINE],
  ["/usr/bin/gawk", "gawk --version", undefined],
  // guile
  ["/usr/bin/guile-3.0", "guile -L lib -l x.scm -e main -s y.scm z", script("y.scm")],
  ["/usr/bin/guile3.0", "guile y.scm -c", script("y.scm")],
  ["/usr/bin/guile", "guile -c 1", INLINE],
  ["/usr/bin/guile", "guile --version", undefined],
  // shells that came later, and interpreters of services
  ["/usr/bin/nu", "nu -n --config x.nu run.nu -c", script("run.nu")],
  ["/usr/bin/nu", "nu -c ls", INLINE],
  ["/usr/bin/elvish", "elvish -norc -rc x run.elv", script("run.elv")],
  ["/usr/bin/osh", "osh --rcfile x -o errexit run.sh", script("run.sh")],
  ["/bin/execlineb", "execlineb -P ./run", script("./run")],
  ["/bin/execlineb", "execlineb -S1 ./run a", script("./run")],
  ["/bin/execlineb", "execlineb -Pc echo", INLINE],
  ["/sbin/openrc-run", "/sbin/openrc-run /etc/init.d/sshd start", script("/etc/init.d/sshd")],
  ["/bin/dash", "/bin/sh /lib/rc/sh/openrc-run.sh /etc/init.d/sshd start", script("/etc/init.d/sshd")],
  ["/bin/dash", "sh /lib/init/init-d-script /etc/init.d/cron start", script("/etc/init.d/cron")],
  ["/bin/busybox", "/bin/sh /etc/rc.common /etc/init.d/dnsmasq start", script("/etc/init.d/dnsmasq")],
  ["/bin/busybox", "/bin/sh /etc/rc.common", script("/etc/rc.common")],
  ["/bin/dash", "sh /tmp/rc.common /etc/init.d/dnsmasq", script("/tmp/rc.common")],
  // languages
  ["/usr/bin/php-cgi", "php-cgi -b 9000 -c /etc/php.ini", undefined],
  ["/usr/bin/php-cgi", "php-cgi -q -d a=b x.php", script("x.php")],
  ["/usr/bin/phpdbg", "phpdbg -qrr x.php -y", script("x.php")],
  ["/usr/bin/uwsgi-core", "uwsgi --ini /etc/uwsgi/x.ini", undefined],
  ["/usr/bin/raku", "raku -I lib -e say", INLINE],
  ["/usr/bin/raku", "raku --optimize=2 -Ilib x.raku", script("x.raku")],
  ["/usr/bin/julia", "julia --project=. -t 4 -O2 x.jl -e", script("x.jl")],
  ["/usr/bin/julia", "julia -J x.so --threads auto -- x.jl", script("x.jl")],
  ["/usr/bin/julia", "julia -e 1", INLINE],
  ["/usr/bin/octave-cli", "octave-cli -qf --path lib run.m x", script("run.m")],
  ["/usr/bin/octave-cli", "octave-cli --eval 1", INLINE],
  ["/usr/bin/tarantool", "tarantool -l mod x.lua", script("x.lua")],
  // Lisp and its kin
  ["/usr/bin/gosh", "gosh -I lib -u srfi-1 x.scm", script("x.scm")],
  ["/usr/bin/csi", "csi -q -R srfi-1 -s x.scm y", script("x.scm")],
  ["/usr/bin/chez", "scheme -q --libdirs lib --script x.ss y", script("x.ss")],
  ["/usr/bin/racket", "racket -S lib -N name x.rkt y", script("x.rkt")],
  ["/usr/bin/racket", "racket -u x.rkt y", script("x.rkt")],
  ["/usr/bin/racket", "racket -l raco setup", module("raco")],
  ["/usr/bin/racket", "racket -e 1", INLINE],
  ["/usr/bin/racket", "racket -l racket/base -e 1 x", INLINE],
  ["/usr/bin/racket", "racket -l racket/base", module("base")],
  ["/usr/bin/racket", "racket -l errortrace -t x.rkt y", script("x.rkt")],
  ["/usr/bin/racket", "racket -N raco -l- raco pkg install x", module("raco")],
  ["/usr/bin/racket", "racket --lib racket/base --eval 1", INLINE],
  ["/usr/bin/sbcl", "sbcl --noinform --core x.core --script x.lisp y", script("x.lisp")],
  ["/usr/bin/sbcl", "sbcl --dynamic-space-size 2GB --load x.lisp --quit", script("x.lisp")],
  ["/usr/bin/sbcl", "sbcl --eval 1", INLINE],
  ["/usr/bin/clisp", "clisp -q -i init.lisp x.lisp y", script("x.lisp")],
  ["/usr/bin/ecl", "ecl --norc --shell x.lisp", script("x.lisp")],
  ["/usr/bin/ecl", "ecl --load x.lisp --eval (quit)", script("x.lisp")],
  ["/usr/bin/ecl", "ecl --eval (quit)", INLINE],
  ["/usr/bin/janet", "janet -s -l mod x.janet", script("x.janet")],
  ["/usr/bin/emacs-gtk", "emacs -Q --script x.el y", script("x.el")],
  ["/usr/bin/emacs", "emacs /etc/passwd", undefined],
  ["/usr/bin/gsi", "gsi x.scm y", script("x.scm")],
  ["/usr/bin/mit-scheme", "mit-scheme --quiet --load x.scm --eval (exit)", script("x.scm")],
  ["/usr/bin/mit-scheme", "mit-scheme --quiet", undefined],
  ["/usr/bin/chibi-scheme", "chibi-scheme -I lib -m (srfi␣1) x.scm y", script("x.scm")],
  ["/usr/bin/chibi-scheme", "chibi-scheme -e 1", INLINE],
  ["/usr/bin/stklos", "stklos -l init.stk -f x.stk y", script("x.stk")],
  ["/usr/bin/swipl", "swipl -q -g main -t halt x.pl y", script("x.pl")],
  ["/usr/bin/swipl", "swipl -s x.pl -- y", script("x.pl")],
  // runtimes
  [
    "/usr/bin/jsvc",
    "unifi -nodetach -home /usr/lib/jvm -cp a:b -Dx=y com.ubnt.ace.Launcher start",
    module("com.ubnt.ace.Launcher"),
  ],
  ["/usr/bin/pwsh", "pwsh -NoProfile -NonInteractive -ExecutionPolicy Bypass -File x.ps1 -c", script("x.ps1")],
  ["/usr/bin/pwsh", "pwsh -nop -exec Bypass x.ps1", script("x.ps1")],
  ["/usr/bin/pwsh", "pwsh -Comm ls", INLINE],
  ["/usr/bin/pwsh", "pwsh -EncodedCommand AA== x.ps1", INLINE],
  ["/usr/bin/pwsh", "pwsh --WorkingDirectory /srv x.ps1", script("x.ps1")],
  ["/usr/bin/pwsh", "pwsh -Interactive", undefined],
  ["/usr/bin/gjs-console", "/usr/bin/gjs -m /srv/daemon.js", script("/srv/daemon.js")],
  ["/usr/bin/gjs-console", "gjs -I lib --coverage-prefix=x -c 1", INLINE],
  ["/usr/bin/qjs", "qjs --std -I x.js run.js", script("run.js")],
  ["/usr/bin/phantomjs", "phantomjs --ssl-protocol=any x.js", script("x.js")],
  [
    "/usr/lib/electron28/electron",
    "electron --enable-features=X /usr/lib/element/app.asar --hidden",
    script("/usr/lib/element"),
  ],
  [
    "/usr/lib/electron/electron",
    "electron /usr/share/signal/resources/app.asar.unpacked/",
    script("/usr/share/signal"),
  ],
  ["/usr/lib/electron/electron", "electron -r x.js dist/main.js", script("dist/main.js")],
  ["/usr/lib/electron/electron", "electron .", script(".")],
  ["/usr/lib/electron/electron", "electron --type=renderer --app-path=/usr/lib/element", undefined],
  ["/opt/nwjs/nw", "nw /opt/popcorn/package.nw", script("/opt/popcorn")],
  ["/usr/bin/lli", "lli -load x.so x.bc", script("x.bc")],
  // Erlang: flags of the machine, where it is installed, the user's own
  [
    "/opt/x/beam.smp",
    "beam.smp -W w -- -root /x -progname erl -- -home /y -- -noshell -s rabbit boot -boot start_sasl",
    module("rabbit"),
  ],
  [
    "/opt/x/beam.smp",
    "beam.smp -sbt db -- -root /x -progname erl -- -home /y -- -s inets -s crypto -s app start -s init stop",
    module("app"),
  ],
  [
    "/opt/x/beam.smp",
    "emqx -P 9 -- -root /x -progname opt/emqx/bin/emqx -- -home /y -- -boot /opt/emqx/releases/5.0/start",
    module("emqx"),
  ],
  [
    "/opt/x/beam.smp",
    "beam.smp -- -root /x -progname erl -- -home /y -- -boot /srv/shop/releases/1.2.0/start -s elixir start_cli -extra --no-halt",
    module("shop"),
  ],
  [
    "/opt/x/beam.smp",
    "beam.smp -- -root /x -progname erl -- -home /y -- -noshell -s elixir start_cli -extra -pa x /usr/bin/mix phx.server",
    script("/usr/bin/mix"),
  ],
  [
    "/opt/x/beam.smp",
    "beam.smp -- -root /x -progname erl -- -home /y -- -s elixir start_cli -extra -S mix test",
    module("mix"),
  ],
  ["/opt/x/beam.smp", "beam.smp -- -root /x -progname erl -- -home /y -- -user elixir -extra +iex", undefined],
  [
    "/opt/x/beam.smp",
    "beam.smp -- -root /x -progname erl -- -home /y -- -user elixir -extra --no-halt +iex -S mix phx.server",
    module("mix"),
  ],
  [
    "/opt/x/beam.smp",
    "beam.smp -- -root /x -progname erl -- -home /y -- -s elixir start_cli -extra +elixirc x.ex",
    undefined,
  ],
  [
    "/opt/x/beam.smp",
    "beam.smp -- -root /x -progname erl -- -home /y -- -noshell -run escript start -extra /usr/bin/rebar3 compile",
    script("/usr/bin/rebar3"),
  ],
  ["/opt/x/beam.smp", "beam.smp -- -root /x -progname erl -- -home /y -- -noshell -eval x", INLINE],
  ["/opt/x/beam.smp", "beam.smp -- -root /x -progname erl -- -home /y", undefined],
  ["/usr/bin/runghc", "runghc -f /opt/ghc x.hs y", script("x.hs")],
  ["/usr/lib/dart/bin/dart", "dart --enable-asserts -DX=y bin/main.dart z", script("bin/main.dart")],
  ["/usr/lib/dart/bin/dart", "dart run bin/main.dart z", script("bin/main.dart")],
  ["/usr/lib/dart/bin/dart", "dart pub get", undefined],
  ["/usr/bin/swift-frontend", "swift-frontend -frontend -interpret x.swift -module-name x -- y", script("x.swift")],
  ["/usr/bin/swift-frontend", "swift-frontend -frontend -c x.swift", undefined],
  ["/usr/bin/squirrel3", "squirrel3 x.nut y", script("x.nut")],
  ["/usr/bin/wren_cli", "wren_cli x.wren y", script("x.wren")],
  ["/usr/bin/neko", "neko x.n y", script("x.n")],
  ["/usr/bin/ucode", "ucode -S -l fs -T,no-lstrip x.uc y", script("x.uc")],
  ["/usr/bin/ucode", "ucode -p 1", INLINE],
  ["/usr/bin/ucode", "ucode -c -o x.ucb x.uc", undefined],
  ["/usr/bin/nim", "nim --hints:off e x.nims y", script("x.nims")],
  ["/usr/bin/nim", "nim c -r x.nim", undefined],
  ["/usr/bin/vvp", "vvp -n -M lib a.out +x", script("a.out")],
  ["/usr/bin/slsh", "slsh -g x.sl y", script("x.sl")],
  ["/usr/bin/gbr3", "gbr3 /usr/bin/x.gambas y", script("/usr/bin/x.gambas")],
  ["/usr/bin/gp", "gp -q -s 1G x.gp", script("x.gp")],
  ["/usr/bin/pbosh", "pbosh -e x.sh y", script("x.sh")],
  // what runs another program in its own process
  ["/usr/bin/python3", "python3 -m streamlit run --server.port 80 x.py -- y", script("x.py")],
  ["/usr/bin/python3", "python3 /usr/bin/streamlit hello", script("/usr/bin/streamlit")],
  ["/usr/bin/python3", "python3 /usr/local/bin/chainlit run x.py -w --port 80", script("x.py")],
  ["/usr/bin/python3", "python3 /usr/local/bin/fastapi run --port 80 x.py", script("x.py")],
  ["/usr/bin/python3", "python3 /usr/local/bin/fastapi run", script("/usr/local/bin/fastapi")],
  ["/usr/bin/python3", "python3 /usr/bin/scrapy runspider -o x.json x.py", script("x.py")],
  ["/usr/bin/python3", "python3 /usr/bin/scrapy crawl y", script("/usr/bin/scrapy")],
  ["/usr/bin/python3", "python3 /usr/bin/twistd3 -l - --pidfile=x -noy x.tac", script("x.tac")],
  ["/usr/bin/python3", "python3 /usr/bin/twistd -n web --path .", script("/usr/bin/twistd")],
  ["/usr/bin/python3", "python3 -m mpi4py -rc recv_mprobe=False x.py y", script("x.py")],
  ["/usr/bin/python3", "python3 -m mpi4py.futures -m pkg.job", module("pkg.job")],
  [
    "/usr/bin/python3",
    "python3 /opt/pycharm/plugins/python/helpers/pydev/pydevd.py --multiprocess --client 127.0.0.1 --port 1 --file /srv/x.py y",
    script("/srv/x.py"),
  ],
  ["/usr/bin/ruby", "ruby /usr/local/bin/rdebug-ide --host 0.0.0.0 --port 1 -- bin/rails s", script("bin/rails")],
  ["/usr/bin/python3", "python3 /usr/bin/bpython --config x x.py y", script("x.py")],
  ["/usr/bin/python3", "python3 -m pgzero x.py", script("x.py")],
  ["/usr/bin/ruby", "ruby /usr/bin/pry -e 1", INLINE],
  ["/usr/bin/node", "node /usr/lib/node_modules/.bin/sucrase-node x.ts", script("x.ts")],
  ["/usr/bin/java", "java -cp x ammonite.AmmoniteMain x.sc", script("x.sc")],
  ["/usr/bin/lua5.4", "lua5.4 /usr/bin/fennel --add-fennel-path x/?.fnl x.fnl y", script("x.fnl")],
  ["/usr/bin/lua5.1", "lua5.1 /usr/bin/moon x.moon", script("x.moon")],
  ["/usr/bin/java", "java -cp kawa.jar kawa.repl -f x.scm", script("x.scm")],
  ["/usr/bin/ruby3.1", "ruby3.1 /usr/local/bin/bundle exec puma -C x", module("puma")],
  ["/usr/bin/ruby3.1", "ruby /usr/bin/bundle.ruby3.1 exec ./bin/rails s", script("./bin/rails")],
  ["/usr/bin/ruby3.1", "ruby /usr/bin/bundle install", script("/usr/bin/bundle")],
  ["/usr/bin/ruby3.1", "ruby /home/u/bundle exec puma", script("/home/u/bundle")],
  ["/usr/bin/python3", "python3 -m coverage run -p --source x -m pytest", module("pytest")],
  ["/usr/bin/python3", "python3 /usr/bin/coverage3 run x.py run", script("x.py")],
  ["/usr/bin/python3", "python3 -m coverage report", module("coverage")],
  ["/usr/bin/python3", "python3 -m cProfile -o x.prof x.py", script("x.py")],
  ["/usr/bin/python3", "python3 -m pdb -c continue x.py", script("x.py")],
  ["/usr/bin/python3", "python3 -m debugpy --listen 5678 --wait-for-client -m flask run", module("flask")],
  ["/usr/bin/node", "node /srv/node_modules/.bin/ts-node -P tsconfig.json src/x.ts", script("src/x.ts")],
  [
    "/usr/bin/java",
    "java -cp x org.apache.spark.deploy.SparkSubmit --master yarn --class org.example.Main x.jar",
    module("org.example.Main"),
  ],
  ["/usr/bin/java", "java -cp x org.apache.spark.deploy.SparkSubmit --conf a=b /srv/job.py y", script("/srv/job.py")],
  [
    "/usr/bin/java",
    "java -cp x org.apache.flink.client.cli.CliFrontend run -d -p 4 -c org.example.Job x.jar",
    module("org.example.Job"),
  ],
  [
    "/usr/bin/java",
    "java -cp x org.apache.flink.client.cli.CliFrontend list -a",
    module("org.apache.flink.client.cli.CliFrontend"),
  ],
  [
    "/usr/bin/java",
    "java org.apache.hadoop.util.RunJar /x/hive.jar org.apache.hive.service.server.HiveServer2",
    module("org.apache.hive.service.server.HiveServer2"),
  ],
  ["/usr/bin/java", "java org.apache.hadoop.util.RunJar /x/job.jar in out", script("/x/job.jar")],
  ["/usr/bin/java", "java org.tanukisoftware.wrapper.WrapperSimpleApp org.example.Main x", module("org.example.Main")],
  ["/usr/bin/java", "java -jar /x/y.jar org.tanukisoftware.wrapper.WrapperSimpleApp", script("/x/y.jar")],
  [
    "/usr/bin/java",
    "java org.codehaus.groovy.tools.GroovyStarter --main groovy.ui.GroovyMain --conf x x.groovy",
    script("x.groovy"),
  ],
  ["/usr/bin/java", "java scala.tools.nsc.MainGenericRunner -cp x Main", module("Main")],
  ["/usr/bin/java", "java org.jetbrains.kotlin.runner.Main -cp x.jar MainKt", module("MainKt")],
  [
    "/usr/bin/java",
    "java org.jetbrains.kotlin.preloading.Preloader -cp x org.jetbrains.kotlin.cli.jvm.K2JVMCompiler -script x.kts",
    script("x.kts"),
  ],
  ["/usr/bin/java", "java clojure.main -m shop.core", module("shop.core")],
  ["/usr/bin/java", "java org.jruby.Main -I lib x.rb", script("x.rb")],
  ["/usr/bin/java", "java @user_args.txt @unix_args.txt nogui", undefined],
  ["/usr/bin/java", "java @args config/server.yml", undefined],
  ["/usr/bin/java", "java @args @more org.example.Main nogui", module("org.example.Main")],
  ["/usr/bin/java", "java @args -jar x.jar", script("x.jar")],
  [
    "/usr/bin/java",
    "java -cp x org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint -c /c -j org.example.Job",
    module("org.example.Job"),
  ],
  ["/usr/bin/java", "java org.apache.flink.client.python.PythonDriver -py x.py -c y", script("x.py")],
  ["/usr/bin/java", "java -jar js.jar org.mozilla.javascript.tools.shell.Main x.js", script("js.jar")],
  ["/usr/bin/java", "java -cp js.jar org.mozilla.javascript.tools.shell.Main -opt 9 x.js", script("x.js")],
  ["/usr/bin/java", "java bsh.Interpreter x.bsh", script("x.bsh")],
  // the rest of their families
  ["/usr/sbin/php-fpm8.2", "php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)", undefined],
  ["/usr/bin/bb", "bb -cp src x.clj a", script("x.clj")],
  ["/usr/bin/java", "java dotty.tools.scripting.Main -classpath x -script x.sc a", script("x.sc")],
  ["/usr/bin/r", "r -i -l knitr x.r a", script("x.r")],
  ["/usr/bin/gprolog", "gprolog --entry-goal main --consult-file x.pl", script("x.pl")],
  ["/usr/bin/racket", "racket -tm x.rkt a", script("x.rkt")],
  ["/usr/bin/racket", "racket -It racket/base x.rkt -N x", script("x.rkt")],
  ["/usr/bin/guile", "guile \\ /srv/x.scm a", script("/srv/x.scm")],
  // rarer ones
  ["/usr/bin/ocaml", "ocaml -I x -w -a x.ml a", script("x.ml")],
  ["/usr/bin/ocaml", "ocaml -e x a", INLINE],
  ["/usr/bin/ocamlrun", "/usr/bin/ocamlrun ./x a", script("./x")],
  ["/usr/bin/mruby", "mruby -r lib.rb x.rb", script("x.rb")],
  ["/usr/bin/js102", "js102 -m lib.js -f x.js", script("x.js")],
  ["/usr/bin/hhvm", "hhvm -c x.ini x.php", script("x.php")],
  ["/usr/bin/pike8.0", "pike -M x x.pike a", script("x.pike")],
  ["/usr/bin/gforth-fast", "gforth -m 8M x.fs -e bye", script("x.fs")],
  ["/usr/bin/gst", "gst -q x.st", script("x.st")],
  ["/usr/bin/newlisp", "newlisp -m 100 x.lsp", script("x.lsp")],
  ["/usr/bin/regina", "regina -a x.rexx a", script("x.rexx")],
  ["/usr/bin/txr", "txr -f x.txr a", script("x.txr")],
  ["/usr/bin/txr", "txr -c x a", INLINE],
  ["/usr/bin/tcc", "tcc -lm -run x.c a", script("x.c")],
  ["/usr/bin/tcc", "tcc -o x x.c", undefined],
  ["/usr/sbin/bpftrace", "bpftrace -p 7 x.bt", script("x.bt")],
  ["/usr/sbin/bpftrace", "bpftrace -e x", INLINE],
  ["/usr/bin/stap", "stap -v -I x x.stp a", script("x.stp")],
  ["/usr/bin/gnuplot-qt", "gnuplot -e a=1 x.gp", script("x.gp")],
  ["/usr/bin/java", "java -jar -Xmx1g x.jar a", script("x.jar")],
  ["/usr/bin/java", "java -jar @options x.war", script("x.war")],
  // many programs in one file
  ["/usr/bin/coreutils", "/usr/bin/ls -l", applet("ls")],
  ["/usr/bin/coreutils", "coreutils --coreutils-prog=cat x", applet("cat")],
  ["/usr/bin/coreutils", "coreutils --coreutils-prog-shebang=cat /usr/bin/cat x", applet("cat")],
  ["/usr/bin/uutils", "coreutils sort x", applet("sort")],
  ["/usr/bin/toybox", "toybox netcat x", applet("netcat")],
  ["/usr/sbin/dropbearmulti", "dropbear -F", applet("dropbear")],
  ["/bin/busybox-extras", "busybox-extras telnetd", applet("telnetd")],
  // emulators, WebAssembly and Wine
  ["/run/rosetta/rosetta", "/run/rosetta/rosetta /usr/bin/apt-get update", executable("/usr/bin/apt-get", 1)],
  ["/system/bin/houdini64", "/system/bin/houdini64 /data/x x", executable("/data/x", 1)],
  ["/usr/bin/wasmtime", "wasmtime run --dir . -W threads=y ./app.wasm x", script("./app.wasm")],
  ["/usr/bin/wasmtime", "wasmtime serve --addr 0.0.0.0:80 app.wasm", script("app.wasm")],
  ["/usr/bin/wasmtime", "wasmtime compile app.wasm", undefined],
  ["/usr/bin/wasmer", "wasmer run --volume . -e main app.wasm -- x", script("app.wasm")],
  ["/usr/bin/wasmedge", "wasmedge --dir .:. --reactor app.wasm f", script("app.wasm")],
  ["/usr/bin/iwasm", "iwasm --heap-size=16384 -f f app.wasm 1", script("app.wasm")],
  [
    "/usr/bin/qemu-aarch64-static",
    "qemu-aarch64-static -L /usr/aarch64-linux-gnu -cpu max -0 x /usr/bin/apt-get update",
    executable("/usr/bin/apt-get", 7),
  ],
  ["/usr/bin/qemu-aarch64-static", "qemu-aarch64-static -version", undefined],
  ["/usr/bin/box64", "box64 /opt/steam/steam -x", executable("/opt/steam/steam", 1)],
  ["/usr/bin/FEXInterpreter", "FEXInterpreter /opt/x86/bin/ls -l", executable("/opt/x86/bin/ls", 1)],
  [
    "/usr/libexec/valgrind/memcheck-amd64-linux",
    "/usr/bin/valgrind.bin --leak-check=full -q ./own -x",
    executable("./own", 3),
  ],
  ["/usr/bin/wine64-preloader", "C:\\windows\\system32\\services.exe", module("services.exe")],
  ["/usr/bin/wine64-preloader", "Z:\\srv\\My␣Game\\game.exe -window", module("game.exe")],
  ["/usr/bin/wine-preloader", "/usr/bin/wine-preloader /usr/bin/wine /srv/game.exe x", module("game.exe")],
  ["/usr/bin/wine", "wine --version", undefined],
  // ld.so(8)
  ["/lib64/ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2 /srv/own -x", executable("/srv/own", 1)],
  [
    "/lib64/ld-linux-x86-64.so.2",
    "ld.so --inhibit-cache --argv0 sshd --library-path=/lib ./own",
    executable("./own", 5),
  ],
  ["/lib/ld-musl-x86_64.so.1", "ld.so --preload /lib/x.so -- ./own", executable("./own", 4)],
  ["/lib64/ld-linux-x86-64.so.2", "ld.so --list /bin/ls", undefined],
  ["/lib64/ld-linux-x86-64.so.2", "ld.so", undefined],
];

Deno.test("the program of a command line follows the interpreter's own rules", () => {
  for (const [executable, line, want] of LINES) {
    const found = program(executable, line);
    const unmarked = found?.kind === "script"
      ? script(found.path)
      : found?.kind === "module"
      ? module(found.name)
      : found; // marks have a test of their own
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
  assert.deepEqual(findProgram(bash, ["bash", `-${"x".repeat(100)}c`, "x.sh"]), INLINE);
  assert.deepEqual(findProgram(bash, ["bash", `-${"x".repeat(40_000)}`, "x.sh"]), UNKNOWN);
  assert.equal(findProgram(bash, ["bash", "x".repeat(5000)]), undefined, "no file can be called so");
  const cut = (interpreter: string, line: string) => findProgram(findInterpreter(interpreter)!, line.split(" "), true);
  assert.deepEqual(cut("bash", "bash -e -e -"), UNKNOWN);
  assert.deepEqual(cut("bash", "bash -e x.sh -"), script("x.sh"));
  assert.deepEqual(cut("bash", "bash -e /usr/bin/ld"), UNKNOWN, "the last may go on");
  assert.deepEqual(cut("bash", "bash --rcfile /tmp/x"), UNKNOWN);
  assert.deepEqual(cut("bash", "bash -- /usr/bin/ldd"), UNKNOWN);
  assert.deepEqual(cut("bash", "bash -c text-that-goes-on"), INLINE);
  assert.deepEqual(cut("python3", "python3 -m http.serv"), UNKNOWN);
  assert.deepEqual(cut("java", "java -cp a:b:c"), UNKNOWN);
  assert.deepEqual(cut("deno", "deno task --config x"), UNKNOWN);
  assert.deepEqual(findProgram(busybox, ["busybo"], true), UNKNOWN);
  assert.deepEqual(findProgram(busybox, ["busybox", "s"], true), UNKNOWN);
});

Deno.test("a program that other code runs before, by an option, is marked", () => {
  const lines: [executable: string, line: string, want: Program | undefined][] = [
    ["perl", "perl -I. -MEvil /usr/bin/shasum", loaded("/usr/bin/shasum")],
    ["perl", "perl -I /tmp/x /usr/bin/shasum", loaded("/usr/bin/shasum")],
    ["perl", "perl -I/usr/share/x -w /usr/bin/shasum", script("/usr/bin/shasum")],
    ["perl", "perl -I/usr/local/x /usr/bin/shasum", shared("/usr/bin/shasum")],
    ["perl", "perl -I/usr/share/../../tmp /usr/bin/shasum", loaded("/usr/bin/shasum")],
    ["perl", "perl -MFile::Find -mstrict -M-warnings -MPOSIX=floor,ceil -d:NYTProf x.pl", script("x.pl")],
    ["perl", "perl -Mlib=/tmp/x x.pl", loaded("x.pl")],
    ["perl", "perl -Mlib=/usr/share/x x.pl", script("x.pl")],
    ["perl", "perl -Mblib x.pl", loaded("x.pl")],
    ["perl", "perl -Mstrict;evil() x.pl", loaded("x.pl")],
    ["perl", "perl -I. -S shasum", { kind: "module", name: "shasum", loads: "foreign" }],
    ["perl", "perl -Ilib", INLINE],
    ["bash", "bash --rcfile evil -i /usr/bin/ldd", loaded("/usr/bin/ldd")],
    ["bash", "bash --rcfile=/etc/bash.bashrc /usr/bin/ldd", script("/usr/bin/ldd")],
    ["bash", "bash --rcfile=/etc/bash.bashrc -i", undefined],
    ["bash", "bash --init-file /home/u/.vscode-server/bin/x/init.sh -i", undefined],
    ["ruby", "ruby -r./evil /usr/bin/erb", loaded("/usr/bin/erb")],
    ["ruby", "ruby -rset -rbundler/setup -I/usr/lib/ruby x.rb", script("x.rb")],
    ["ruby", "ruby -ra/../../evil x.rb", loaded("x.rb")],
    ["ruby", "ruby -I/usr/lib:/tmp x.rb", loaded("x.rb")],
    ["node", "node --require=./evil.js /usr/bin/npm", loaded("/usr/bin/npm")],
    ["node", "node -r ./evil.js /usr/bin/npm", loaded("/usr/bin/npm")],
    ["node", "node --import tsx src/x.ts", shared("src/x.ts")],
    ["node", "node --import tsx /srv/x.ts", loaded("/srv/x.ts")],
    ["node", "node --import tsx ../srv/x.ts", loaded("../srv/x.ts")],
    ["node", "node --import file:///opt/agent/x.js /srv/x.ts", shared("/srv/x.ts")],
    ["node", "node --import data:text/javascript,1 x.js", loaded("x.js")],
    ["node", "node --import https://x.org/y.js x.js", loaded("x.js")],
    ["node", "node -r /srv/app/node_modules/dotenv/config.js x.js", shared("x.js")],
    ["node", "node --snapshot-blob own.blob x.js", loaded("x.js")],
    ["lua", "lua -l evil /usr/bin/x", loaded("/usr/bin/x")],
    ["lua", "lua -e os.execute() /usr/bin/x", loaded("/usr/bin/x")],
    ["lua", "lua -e /usr/bin/y x.lua", loaded("x.lua")],
    ["php", "php -c /tmp/php.ini /usr/bin/x", loaded("/usr/bin/x")],
    ["php", "php -c /etc/php/cli /usr/bin/x", script("/usr/bin/x")],
    ["php", "php -d auto_prepend_file=/tmp/x.php x.php", loaded("x.php")],
    ["php", 'php -dauto_prepend_file="/tmp/x.php" x.php', loaded("x.php")],
    ["php", "php -d memory_limit=-1 -d extension=/usr/lib/php/x.so x.php", script("x.php")],
    ["php", "php -z xdebug.so x.php", script("x.php")],
    ["python3", "python3 -X pycache_prefix=/tmp/x /usr/bin/x", loaded("/usr/bin/x")],
    ["python3", "python3 -X dev -X pycache_prefix=/usr/lib/x x.py", script("x.py")],
    ["fish", "fish -C evil /usr/bin/x", loaded("/usr/bin/x")],
    ["fish", "fish -C /usr/bin/evil /usr/bin/x", loaded("/usr/bin/x")],
    ["expect", "expect -c evil x.exp", loaded("x.exp")],
    ["awk", "gawk -levil -f /usr/bin/x", loaded("/usr/bin/x")],
    ["awk", "gawk -i inplace -f x.awk", shared("x.awk")],
    ["awk", "awk -f /usr/share/awk/x.awk -f own.awk", loaded("/usr/share/awk/x.awk")],
    ["awk", "awk -f /usr/share/awk/x.awk -f /usr/share/awk/y.awk", script("/usr/share/awk/x.awk")],
    ["gawk", "gawk -e evil -f /usr/share/awk/x.awk", loaded("/usr/share/awk/x.awk")],
    ["java", "java -javaagent:/tmp/x.jar=port -cp x Main", { kind: "module", name: "Main", loads: "foreign" }],
    ["java", "java -javaagent:/opt/x.jar=port:/tmp -jar /srv/x.jar", shared("/srv/x.jar")],
    ["java", "java -agentlib:jdwp=transport=dt_socket,address=*:5005 -jar x.jar", script("x.jar")],
    ["java", "java -agentpath:./x.so -jar x.jar", loaded("x.jar")],
    ["java", "java -Xbootclasspath/a:/tmp/x.jar -jar x.jar", loaded("x.jar")],
    ["java", "java --patch-module java.base=x -jar x.jar", loaded("x.jar")],
    ["guile", "guile -l x.scm /usr/bin/y", loaded("/usr/bin/y")],
    ["deno", "deno run --preload npm:x y.ts", shared("y.ts")],
    ["bun", "bun --preload ./x.ts y.ts", loaded("y.ts")],
    ["dotnet", "dotnet exec --additional-deps /tmp/x /srv/x.dll", loaded("/srv/x.dll")],
    ["ld.so", "ld.so --preload /tmp/x.so /bin/ls", executable("/bin/ls", 3, "foreign")],
    ["ld.so", "ld.so --preload=libjemalloc.so.2 /bin/ls", executable("/bin/ls", 2)],
    ["ld.so", "ld.so --library-path . /bin/ls", executable("/bin/ls", 3, "foreign")],
    ["ld.so", "ld.so --audit=/usr/lib/x.so␣./y.so /bin/ls", executable("/bin/ls", 2, "foreign")],
  ];
  for (const [executable, line, want] of lines) assert.deepEqual(program(`/usr/bin/${executable}`, line), want, line);
});

Deno.test("a module that Python looks for in the working folder first is marked", () => {
  const isBeside = (line: string) => {
    const found = program("/usr/bin/python3", line);
    return found?.kind === "module" && found.beside === true;
  };
  for (const line of ["python3 -m timeit", "python3 -um timeit", "python3 -E -m timeit"]) {
    assert.ok(isBeside(line), line);
  }
  for (const line of ["python3 -I -m timeit", "python3 -Pm timeit", "python3 -IBm timeit"]) {
    assert.ok(!isBeside(line), line);
  }
});
