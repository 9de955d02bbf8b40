import assert from "node:assert/strict";
import { Claim } from "../../../../fingerprint/labels/claim.ts";
import { Flag, flagNames } from "../../../../fingerprint/labels/flags.ts";
import { escapeLabel, escapeName } from "../../../../fingerprint/labels/escape.ts";
import { Labeller } from "../../../../fingerprint/labels/labeller.ts";
import { withoutMark } from "../../../../fingerprint/labels/paths.ts";
import type { LabelRule } from "../../../../fingerprint/labels/program_label.ts";
import { BasePaths, denoFiles } from "../../../../fingerprint/base/mod.ts";
import { MapFiles } from "../map_files.ts";

const dpkg = BasePaths.load(denoFiles(new URL("../../../fixtures/packages/dpkg", import.meta.url).pathname));
const builtIn = BasePaths.load(new MapFiles());

/** `label rule`, and `base` or `random` where the program is. */
function name(base: BasePaths, path: string, argv: readonly string[] = [], cwd?: string): string {
  const labeller = new Labeller(base);
  const file = withoutMark(path), isMemory = path.startsWith("/memfd:");
  const claim = isMemory ? Claim.Detached : file === path ? Claim.Confirmed : Claim.Deleted;
  const found = labeller.program(labeller.executable(file, claim), argv, () => cwd);
  assert.equal(found.base, found.label === "base");
  return `${found.label} ${found.rule}${found.random ? " random" : ""}`;
}

Deno.test("the programs of the specification have their labels", () => {
  const sha = "0123456789abcdef0123456789abcdef01234567";
  const cases: [string, string[], string][] = [
    ["/usr/bin/dash", ["/bin/sh", "/etc/init.d/hwclock.sh", "-a"], "hwclock.sh init-script"],
    ["/usr/bin/dash", ["/bin/sh", "/etc/rc2.d/S01cron", "start"], "cron init-script"],
    ["/usr/bin/dash", ["/bin/sh", "/etc/rc.d/init.d/network", "start"], "network init-script"],
    ["/usr/bin/dd", ["dd"], "base base"],
    ["/usr/bin/dd-outer", ["dd-outer"], "dd-outer file"],
    ["/usr/bin/python3.11", ["python", "/tmp/ZW50cm9weQo/top.py"], "top.py file random"],
    ["/usr/bin/python3.11", ["python3", "/usr/bin/apt-listchanges"], "apt-listchanges file"],
    ["/usr/bin/python3.11", ["python", "-W", "x", "-m", "http.server"], "http.server module"],
    ["/usr/sbin/sshd", ["sshd: root@pts/0", "", ""], "sshd file"],
    ["/usr/sbin/cron", [], "cron file"],
    ["/usr/bin/sudo", [], "sudo file"],
    ["/usr/bin/su", [], "su service"],
    ["/usr/sbin/agetty", [], "agetty service"],
    ["/usr/bin/dash", ["sh", `/home/u/.vscode-server/bin/${sha}/server.sh`], "server.sh file"],
    [
      "/usr/lib/jvm/java-17/bin/java",
      ["java", "-cp", "x", "org.apache.catalina.startup.Bootstrap"],
      "org.apache.catalina.startup.Bootstrap module",
    ],
    ["/usr/bin/dash", ["-sh"], "base base"],
    ["/usr/bin/dash", ["sh", "-c", "make all"], "base base"],
    ["/usr/bin/dash", ["sh", "/usr/share/util-linux/helper"], "base base"],
    ["/usr/bin/dash", ["sh", "/var/lib/dpkg/info/coreutils.postinst"], "base base"],
    ["/usr/bin/dash", ["sh", "/dev/fd/63"], "fd descriptor"],
    ["/usr/bin/dash", ["sh", "/proc/self/fd/3"], "fd descriptor"],
    ["/usr/lib/systemd/systemd", [], "systemd service"],
    ["/nix/store/abc-systemd-255/lib/systemd/systemd", [], "systemd service"],
  ];
  for (const [path, argv, want] of cases) assert.equal(name(dpkg, path, argv), want, `${path} ${argv.join(" ")}`);
});

Deno.test("an interpreter that is not base has its family's name, so that versions share a tree", () => {
  assert.equal(name(dpkg, "/opt/venv/bin/python3.13", ["python3"]), "python interpreter");
  assert.equal(name(dpkg, "/usr/bin/nodejs", ["node", "-e", "1"]), "node interpreter");
  assert.equal(
    name(dpkg, "/home/u/tmp.X3kQ9ZbT1a/venv/bin/python3", ["python3", "-c", "1"]),
    "python interpreter random",
  );
  // A module has no place of its own.
  assert.equal(name(dpkg, "/home/u/tmp.X3kQ9ZbT1a/venv/bin/python3", ["python3", "-m", "pip"]), "pip module random");
  assert.equal(
    name(dpkg, "/tmp/venv/bin/python3", ["python3", "/usr/bin/x"]),
    "python3@tmp file",
    "anybody may have made it",
  );
});

Deno.test("a relative script is resolved against the working folder, which only it asks for", () => {
  assert.equal(name(dpkg, "/usr/bin/dash", ["sh", "helper"], "/usr/share/util-linux"), "base base");
  assert.equal(name(dpkg, "/usr/bin/dash", ["sh", "../etc/init.d/x"], "/usr"), "x init-script");
  assert.equal(name(dpkg, "/usr/bin/dash", ["sh", "run.sh"], "/tmp/tmp.X3kQ9ZbT1a (deleted)"), "run.sh file random");
  assert.equal(name(dpkg, "/usr/bin/dash", ["sh", "./run.sh"], undefined), "run.sh file");
  const labeller = new Labeller(dpkg);
  const dash = labeller.executable("/usr/bin/dash");
  const never = () => assert.fail("the working folder was asked for");
  for (const argv of [["sh", "/x.sh"], ["sh"], ["sh", "-c", "x"]]) labeller.program(dash, argv, never);
  labeller.program(labeller.executable("/usr/bin/dd"), ["dd", "x"], never);
});

Deno.test("deleted executables and memfds are named all the same", () => {
  const labeller = new Labeller(dpkg);
  const deleted = labeller.executable("/usr/bin/evil", Claim.Deleted);
  assert.deepEqual([deleted.label, deleted.program, deleted.flags], ["evil", "/usr/bin/evil", Flag.Deleted]);
  assert.equal(labeller.executable("/usr/bin/evil").flags, 0);
  const memfd = labeller.executable("/memfd:run me", Claim.Detached);
  assert.deepEqual([memfd.label, memfd.rule, memfd.flags, memfd.base], ["memfd:run me", "memfd", Flag.Memfd, false]);
  assert.equal(labeller.executable("/memfd:/usr/bin/dd", Claim.Detached).label, "memfd:\\x2fusr\\x2fbin\\x2fdd");
  assert.equal(labeller.executable("/memfd:", Claim.Detached).label, "memfd:");
  // As somebody writes them down.
  assert.equal(labeller.byPath("/usr/bin/dd (deleted)").label, "dd");
  assert.equal(labeller.byPath("/memfd:run me (deleted)").label, "memfd:run me");
});

Deno.test("nobody passes for base, for systemd or for a mark of the tree by a name", () => {
  for (const word of ["base", "random", "other", "unknown", "systemd", "systemd-user", "…"]) {
    assert.equal(name(dpkg, `/tmp/${word}`), word === "systemd" ? "systemd@tmp file" : `\\${word} file`);
    assert.equal(
      name(dpkg, "/usr/bin/python3.11", ["python3", "-m", word]),
      word === "systemd" ? "systemd@python module" : `\\${word} module`,
    );
    assert.equal(name(dpkg, "/usr/bin/dash", ["sh", `/etc/init.d/${word}`]), `\\${word} init-script`);
  }
  assert.equal(escapeName("systemd"), "\\systemd");
  // A program of one's own that is called like a shell, and says that it runs a base script.
  assert.equal(name(dpkg, "/tmp/sh", ["sh", "/usr/share/util-linux/helper"]), "sh@tmp file");
  assert.equal(name(dpkg, "/usr/local/bin/python3", ["python3", "/usr/share/util-linux/helper"]), "helper file");
  assert.equal(name(dpkg, "/usr/bin/python3", ["python3", "/usr/share/util-linux/helper"]), "base base");
  // The answer for one must not be the answer for the other.
  const labeller = new Labeller(dpkg);
  const labels = ["/usr/bin/dash", "/tmp/sh", "/usr/bin/dash"].map((path) =>
    labeller.program(labeller.executable(path), ["sh", "/usr/share/util-linux/helper"], () => undefined).label
  );
  assert.deepEqual(labels, ["base", "sh@tmp", "base"]);
});

Deno.test("an interpreter's word about what it runs counts where nobody else could have put it, or a known tool has", () => {
  const label = (executable: string) => name(dpkg, executable, [executable, "/srv/innocent.py"]);
  for (
    const place of [
      ...["/usr/bin", "/usr/local/bin", "/bin", "/opt/python/bin", "/nix/store/0c-python/bin", "/snap/x/1/usr/bin"],
      ...["/home/u/.pyenv/versions/3.12.1/bin", "/root/.local/share/uv/python/cpython-3.12/bin", "/srv/app/venv/bin"],
      ...["/home/u/miniconda3/envs/x/bin", "/home/u/anaconda3/bin", "/home/linuxbrew/.linuxbrew/Cellar/python/bin"],
    ]
  ) assert.equal(label(`${place}/python3.12`), "innocent.py file", place);
  for (
    const place of ["/tmp", "/home/u", "/dev/shm/bin", "/var/tmp/usr/bin", "/home/u/bin", "/home/u/.pyenv", "/usrx"]
  ) {
    assert.match(label(`${place}/python3.12`), /^python3\.12@\w+ file$/, place);
  }
  assert.equal(name(dpkg, "/home/u/.nvm/versions/node/v20.1.0/bin/node", ["node", "/srv/a.js"]), "a.js file");
  assert.equal(name(dpkg, "/home/u/.sdkman/candidates/java/21/bin/java", ["java", "Main"]), "Main module");
  assert.equal(name(dpkg, "/srv/x/node_modules/@deno/linux-x64-glibc/deno", ["deno", "run", "a.ts"]), "a.ts file");
});

Deno.test("busybox: its daemons and gates have their names, its tools are as base as it is", () => {
  const cases: [string, string[], string][] = [
    ["/bin/busybox", ["ls", "-l"], "base base"],
    ["/bin/busybox", ["busybox", "crond"], "crond applet"],
    ["/bin/busybox", ["su"], "su applet"],
    ["/bin/busybox", ["sh", "-c", "x"], "base base"],
    ["/bin/busybox", ["sh", "/srv/x.sh"], "x.sh file"],
    ["/opt/busybox", ["wget"], "wget applet"],
    ["/opt/busybox", ["busybox"], "busybox interpreter"],
    ["/opt/busybox", ["base"], "\\base applet"],
  ];
  for (const [path, argv, want] of cases) assert.equal(name(builtIn, path, argv), want, `${path} ${argv.join(" ")}`);
});

Deno.test("a base script counts as base only where nothing else can run in its place", () => {
  const labeller = new Labeller(dpkg),
    shell = labeller.executable("/bin/dash"),
    label = (argv: readonly string[], isCut = false) => labeller.program(shell, argv, () => "/tmp", isCut).label;
  assert.equal(label(["sh", "/bin/dd"]), "base");
  assert.equal(label(["sh", "/bin/../bin/./dd"]), "sh:?", "/bin may be a link");
  assert.equal(label(["sh", "/tmp/link/../../bin/dd"]), "sh:?");
  assert.equal(label(["sh", "/tmp/link/../../etc/init.d/cron"]), "sh:?");
  assert.equal(label(["sh", "/srv/link/../run.sh"]), "run.sh");
  assert.equal(label(["sh", "../bin/dd"]), "base", "the working folder is where it is");
  assert.equal(label(["sh", "./../bin//dd"]), "base");
  assert.equal(label(["sh", "x/../../bin/dd"]), "sh:?");
  assert.equal(label(["sh", "/bin/dd"], true), "sh:?");
  assert.equal(label(["sh", "-e", "-"], true), "sh:?");
  assert.equal(label(["sh", "-c", "true"], true), "base");
  for (
    const path of ["/proc/self/fd/6", "/proc/thread-self/fd/6", "/proc/7/fd/6", "/proc/7/task/8/fd/6", "/dev/fd/3"]
  ) {
    assert.equal(label(["sh", path]), "fd", path);
  }
});

Deno.test("what an interpreter runs without a script's name, or with other code before it, is flagged", () => {
  const cases: [path: string, argv: string[], want: string][] = [
    ["/bin/dash", ["sh", "-c", "true"], "base inline"],
    ["/bin/dash", ["sh", "-s"], "base inline"],
    ["/bin/dash", ["sh", "/dev/stdin"], "base inline"],
    ["/bin/dash", ["sh", "/proc/thread-self/fd/6"], "fd inline"],
    ["/bin/dash", ["sh"], "base"],
    ["/bin/dash", ["sh", "/srv/x.sh"], "x.sh"],
    ["/bin/dash", ["sh", "/tmp/x.sh"], "x.sh temp"],
    ["/usr/bin/python3", ["python3", "-c", "1"], "python inline"],
    ["/usr/bin/python3", ["python3", "--version"], "python"],
    ["/bin/busybox", ["sh", "-c", "true"], "base inline"],
    ["/bin/bash", ["bash", "--rcfile", "/tmp/x", "-i", "/usr/bin/ldd"], "ldd preload"],
    ["/bin/bash", ["bash", "--rcfile", "/tmp/x", "-i"], "base inline"],
    ["/usr/bin/perl", ["perl", "-I.", "/usr/bin/x"], "x preload"],
    ["/usr/bin/perl", ["perl", "-I/opt/x", "/usr/bin/x"], "x"],
    ["/usr/bin/java", ["java", "-javaagent:x.jar", "Main"], "Main preload"],
    ["/bin/bash", ["bash", "/tmp/link/../../usr/bin/ldd"], "bash:? unparsed"],
  ];
  const labeller = new Labeller(builtIn);
  for (const [path, argv, want] of cases) {
    const { label, flags } = labeller.program(labeller.executable(path), argv, () => "/");
    assert.equal([label, ...flagNames(flags)].join(" "), want, argv.join(" "));
  }
});

Deno.test("what a user's interpreter says of the system's scripts isn't believed", () => {
  const python = "/home/u/.pyenv/versions/3.12.1/bin/python3";
  const argv = (script: string) => ["python3", script];
  assert.equal(name(builtIn, python, argv("/usr/bin/ldd")), "python:? unknown");
  assert.equal(name(builtIn, python, argv("/etc/init.d/cron")), "python:? unknown");
  assert.equal(name(builtIn, python, argv("/tmp/sshd")), "sshd@tmp file");
  assert.equal(name(builtIn, python, argv("/usr/share/app/run.py")), "run.py file");
  assert.equal(name(builtIn, "/opt/python/bin/python3", argv("/usr/bin/ldd")), "ldd file", "root has put it there");
});

Deno.test("what a loader runs has its own name, and is never base", () => {
  const cases: [argv: string[], want: string][] = [
    [["/srv/own"], "own loader"],
    [["./own", "x"], "own temp loader"],
    [["--argv0", "sshd", "/srv/own"], "own loader"],
    [["/bin/ls"], "ls loader"],
    [["/usr/bin/su"], "su loader"],
    [["/tmp/ls"], "ls@tmp namesake temp loader"],
    [["--preload", "/tmp/x.so", "/bin/ls"], "ls preload loader"],
    [["--library-path", "/usr/lib/x", "/bin/ls"], "ls loader"],
    [["/bin/bash", "/srv/x.sh"], "x.sh loader"],
    [["/bin/bash", "/usr/bin/ldd"], "ldd loader"],
    [["/bin/bash", "-c", "true"], "bash inline loader"],
    [["/usr/bin/python3", "x.py"], "x.py temp loader"],
    [["/tmp/link/../../bin/ls"], "ld.so:? unparsed"],
    [["/lib64/ld-linux-x86-64.so.2", "/bin/ls"], "ld.so:? unparsed"],
    [["--list", "/srv/own"], "ld.so"],
  ];
  const labeller = new Labeller(builtIn), loader = labeller.executable("/lib64/ld-linux-x86-64.so.2");
  for (const [argv, want] of cases) {
    const { label, flags, base } = labeller.program(loader, ["ld.so", ...argv], () => "/tmp");
    assert.equal([label, ...flagNames(flags)].join(" "), want, argv.join(" "));
    assert.equal(base, false);
  }
  assert.equal(name(builtIn, "/tmp/ld-linux-x86-64.so.2", ["ld.so", "/bin/ls"]), "ld-linux-x86-64.so.2@tmp file");
});

Deno.test("what an emulator or Wine runs has its own name, whether its argv[0] stands behind it or not", () => {
  const cases: [path: string, argv: string[], want: string][] = [
    ["/usr/bin/qemu-aarch64-static", ["qemu-aarch64-static", "/usr/bin/apt-get", "update"], "apt-get loader"],
    [
      "/usr/bin/qemu-aarch64-static",
      ["/usr/bin/qemu-aarch64-static", "/usr/bin/apt-get", "apt-get", "update"],
      "apt-get loader",
    ],
    ["/usr/bin/qemu-arm-static", ["qemu-arm-static", "/bin/bash", "-bash", "/srv/x.sh"], "x.sh loader"],
    ["/usr/bin/qemu-arm-static", ["qemu-arm-static", "/bin/bash", "/srv/x.sh"], "x.sh loader"],
    ["/usr/bin/qemu-arm-static", ["qemu-arm-static", "/bin/busybox", "sh", "/srv/x.sh"], "x.sh loader"],
    ["/usr/bin/qemu-arm-static", ["qemu-arm-static", "-E", "LD_PRELOAD=/tmp/x.so", "/srv/own"], "own preload loader"],
    ["/usr/bin/box64", ["box64", "/opt/x/game", "-w"], "game loader"],
    ["/opt/wine/bin/wine64-preloader", ["C:\\\\x\\\\y.exe", "-v"], "y.exe loader"],
    ["/usr/bin/wine64-preloader", [], "wine"],
    ["/home/u/.steam/steamapps/common/Proton 8.0/dist/bin/wine64-preloader", ["S:\\\\x\\\\y.exe"], "y.exe loader"],
    ["/tmp/wine64-preloader", ["C:\\\\x\\\\y.exe"], "wine64-preloader temp"],
    ["/tmp/qemu-arm-static", ["qemu-arm-static", "/bin/ls"], "qemu-arm-static temp"],
  ];
  const labeller = new Labeller(builtIn);
  for (const [path, argv, want] of cases) {
    const { label, flags, base } = labeller.program(labeller.executable(path), argv, () => "/");
    assert.equal([label, ...flagNames(flags)].join(" "), want, argv.join(" "));
    assert.equal(base, false);
  }
});

Deno.test("a script of a service's folder is the service, and lends its name from an administrator's folder only", () => {
  const cases: [script: string, cwd: string, want: string][] = [
    ["./run", "/run/s6/services/pal_dpub", "pal_dpub init-script"],
    ["./finish", "/run/service/sshd", "sshd init-script"],
    ["./run", "/etc/sv/dnsmasq/log", "dnsmasq init-script"],
    ["/etc/service/cron/run", "/", "cron init-script"],
    ["./run", "/var/service/ntpd", "ntpd init-script"],
    ["/service/qmail-send/log/run", "/", "qmail-send init-script"],
    ["./run", "/run/s6-rc:s6-rc-init:aBcDeF/servicedirs/shop", "shop init-script"],
    ["./run", "/etc/s6-overlay/s6-rc.d/shop", "shop init-script"],
    ["./rc.main", "/etc/perp/shop", "shop init-script"],
    ["./run", "/run/s6/legacy-services/shop", "shop init-script"],
    ["./run", "/run/66/scandir/0/shop", "shop init-script"],
    ["./log/run", "/var/qmail/supervise/qmail-smtpd", "qmail-smtpd init-script"],
    ["./run", "/etc/tinydns", "tinydns init-script"],
    ["./run", "/etc/dnscache/log", "dnscache init-script"],
    ["./check", "/etc/tinydns", "check file"],
    ["control/t", "/etc/sv/shop", "shop init-script"],
    ["/etc/init.d/S50sshd", "/", "sshd init-script"],
    ["/etc/init.d/S50", "/", "S50 init-script"],
    ["/etc/init.d/rcS", "/", "rcS init-script"],
    ["./run", "/home/u/.config/service/shop", "shop init-script"],
    ["./run", "/home/u/service/sshd", "run file"],
    ["./run", "/run/user/1000/service/sshd", "run file"],
    ["./run", "/var/run/user/1000/service/sshd", "run file"],
    ["./run", "/run/media/u/disk/service/sshd", "run file"],
    ["./run", "/usr/tmp/service/sshd", "run file"],
    ["./run", "/var/run/s6/services/sshd", "sshd init-script"],
    ["./run", "/srv/build", "run file"],
    ["./run", "/etc/sv/a/b/c", "run file"],
    ["/etc/rc.common", "/", "rc.common file"],
  ];
  for (const [script, cwd, want] of cases) {
    assert.equal(name(builtIn, "/usr/bin/dash", ["sh", script], cwd), want, `${cwd} ${script}`);
  }
  const execline = "/package/admin/execline-2.9.6.1/command/execlineb"; // as s6-overlay has it
  assert.equal(name(builtIn, execline, ["execlineb", "-P", "./run"], "/run/service/shop"), "shop init-script");
  const openWrt = ["/bin/sh", "/etc/rc.common", "/etc/rc.d/S90shadowvpn", "boot"];
  assert.equal(name(builtIn, "/bin/busybox", openWrt), "shadowvpn init-script");
});

Deno.test("an init script counts for its service only where its own interpreter is the machine's too", () => {
  const labeller = new Labeller(builtIn), sh = labeller.executable("/usr/bin/dash");
  const run = (isTrue: (path: string) => boolean) => {
    const argv = ["sh", "/etc/rc.common", "/etc/init.d/cron", "start"];
    const { label, flags } = labeller.program(sh, argv, () => "/", false, isTrue);
    return [label, ...flagNames(flags)].join(" ");
  };
  assert.equal(run(() => true), "cron");
  assert.equal(run((path) => path !== "/etc/rc.common"), "cron unconfirmed");
  assert.equal(run((path) => path !== "/etc/init.d/cron"), "cron unconfirmed");
});

Deno.test("what a wrapper stands in for has its own name, where only root can have put it", () => {
  const cases: [path: string, argv: string[], want: string][] = [
    ["/nix/store/abcdfghijklmnpqrsvwxyz0123456789-ghostty-1.0/bin/.ghostty-wrapped", [], "ghostty file"],
    ["/gnu/store/abcdfghijklmnpqrsvwxyz0123456789-icecat-115/bin/.icecat-real", [], "icecat file"],
    ["/usr/bin/tool.real", [], "tool file"],
    ["/usr/bin/bundle.ruby3.1-2.3.25", [], "bundle file"],
    ["/home/u/.tool-wrapped", [], ".tool-wrapped file"],
    ["/tmp/.sshd-wrapped", [], ".sshd-wrapped file"],
    ["/usr/bin/python3.11", ["python3", "/nix/store/abcdfghijklmnpqrsvwxyz0123456789-x-1/bin/.x-wrapped"], "x file"],
    ["/home/u/.pyenv/versions/3.12/bin/python3.12", ["python3", "/usr/bin/.ldd-wrapped"], "python:? unknown"],
  ];
  for (const [path, argv, want] of cases) assert.equal(name(builtIn, path, argv), want, path);
});

Deno.test("an interpreter that programs bring along is vouched for by its tool's folder, and elsewhere nobody's namesake", () => {
  const release = "-- -root /app -progname erl -- -home /root -- -boot /app/shop/releases/1.0/start".split(" ");
  assert.equal(name(builtIn, "/app/shop/erts-13.2/bin/beam.smp", ["beam.smp", ...release]), "shop module");
  assert.equal(name(builtIn, "/tmp/erts-13.2/bin/beam.smp", ["beam.smp", ...release]), "beam.smp file");
  assert.equal(name(builtIn, "/home/u/julia-1.9/bin/julia", ["julia", "/usr/bin/ls"]), "julia file");
  assert.equal(name(builtIn, "/home/u/bin/python3", ["python3", "/usr/bin/ls"]), "python3@home file");
});

Deno.test("an executable that only has the shape of an interpreter's name isn't asked what it runs", () => {
  for (
    const path of ["/tmp/python3-static", "/home/u/bin/busybox.nosuid", "/dev/shm/.ruby-mri-wrapped", "/srv/ruby-mri"]
  ) {
    assert.doesNotMatch(name(builtIn, path, [path, "/srv/x", "-c"]), /^x /, path);
  }
});

Deno.test("every rule is one that a reader can be told", () => {
  const rules: LabelRule[] = [
    "base",
    "service",
    "interpreter",
    "init-script",
    "module",
    "applet",
    "memfd",
    "descriptor",
    "unknown",
    "file",
  ];
  const seen = new Set(
    [
      name(dpkg, "/bin/dd"),
      name(dpkg, "/bin/su"),
      name(dpkg, "/opt/perl"),
      name(dpkg, "/bin/dash", ["sh", "/etc/init.d/x"]),
      name(dpkg, "/opt/java", ["java", "Main"]),
      name(builtIn, "/bin/busybox", ["crond"]),
      name(dpkg, "/memfd:x (deleted)"),
      name(dpkg, "/bin/dash", ["sh", "/dev/fd/9"]),
      name(dpkg, "/bin/dash", ["sh", `-${"e".repeat(999)}`]),
      name(dpkg, "/opt/x"),
    ].map((text) => text.split(" ")[1]),
  );
  assert.deepEqual([...seen], rules);
});

Deno.test("a label holds no character that a terminal, a tree or a reader would take for something else", () => {
  const cases: [string, string][] = [
    ["plain-name_1.2+x@y", "plain-name_1.2+x@y"],
    ["two words", "two words"],
    ["Ünïcode文字🙂", "Ünïcode文字🙂"],
    ['"quoted" {a="b"};', '"quoted" {a="b"};'],
    ["a/b", "a\\x2fb"],
    ["a\\b", "a\\\\b"],
    ["a\nb\tc\0", "a\\x0ab\\x09c\\x00"],
    ["\x1b[31mred\x7f\x9b", "\\x1b[31mred\\x7f\\x9b"],
    // a byte that was not UTF-8, kept or replaced
    ["a\udcffb\udc80", "a\\xffb\\x80"],
    ["a\ufffdb", "a\\u{fffd}b"],
    // other surrogates without a partner
    ["a\ud800", "a\\u{d800}"],
    // turns the writing direction, can't be seen, is a blank of another kind
    ["\u202egnp.exe", "\\u{202e}gnp.exe"],
    ["ba\u200bse", "ba\\u{200b}se"],
    ["ba\u00adse", "ba\\xadse"],
    ["a\u00a0b\u3000c\u2028", "a\\xa0b\\u{3000}c\\u{2028}"],
    [" base ", "\\x20base\\x20"],
    [" ", "\\x20"],
    ["\u{e000}\u{f0000}", "\\u{e000}\\u{f0000}"],
    ["", "\\0"],
    // can't be seen: a variation selector, a joiner, fillers, a blank of Braille
    ["base\ufe0f", "base\\u{fe0f}"],
    ["sshd\u034f", "sshd\\u{34f}"],
    ["a\u115f\u3164\u2800", "a\\u{115f}\\u{3164}\\u{2800}"],
    // looks like a slash, or a backslash
    ["sshd\u2215base\u2044x\uff0fy", "sshd\\u{2215}base\\u{2044}x\\u{ff0f}y"],
    ["a\uff3cb", "a\\u{ff3c}b"],
    // letters that look like others among which they stand
    ["\u0455\u0455hd", "\\u{455}\\u{455}hd"],
    ["b\u03b1se", "b\\u{3b1}se"],
    ["\u0434\u043e\u043c", "\u0434\u043e\u043c"],
    // words of letters that all look like others: Cyrillic `sshd`, Greek `o`, a Turkish i
    ["\u0455\u0455\u04bb\u0501", "\\u{455}\\u{455}\\u{4bb}\\u{501}"],
    ["\u03bf\u03bf", "\\u{3bf}\\u{3bf}"],
    ["\u0131nit", "\\u{131}nit"],
    ["apt\u2010get", "apt\\u{2010}get"],
    // forms of plain characters: mathematical, full width, Roman numerals, a ligature, an ellipsis
    ["\u{1d5cc}\u{1d5cc}\u{1d5c1}\u{1d5bd}", "\\u{1d5cc}\\u{1d5cc}\\u{1d5c1}\\u{1d5bd}"],
    ["\uff53shd", "\\u{ff53}shd"],
    ["\u2170d\ufb01\u2026", "\\u{2170}d\\u{fb01}\\u{2026}"],
    // honest words stay, whatever stands beside them
    ["привет.sh", "привет.sh"],
    ["бэкап-2 daily", "бэкап-2 daily"],
    ["αρχείο.py", "αρχείο.py"],
    ["Zürich-naïve", "Zürich-naïve"],
    ["ノート", "ノート"],
    // what stands for a shell that runs nobody knows what
    ["bash:?", "bash:\\x3f"],
    ["what?", "what?"],
  ];
  for (const [text, want] of cases) assert.equal(escapeLabel(text), want, JSON.stringify(text));
});

Deno.test("a namesake of one of the system's programs says where it lies", () => {
  const cases: [path: string, want: string][] = [
    ["/tmp/sshd", "sshd@tmp file"],
    ["/home/u/bin/ls", "ls@home file"],
    ["/dev/shm/kworker", "kworker@dev file"],
    ["/tmp/[kworker", "[kworker@tmp file"],
    ["/var/tmp/init", "init@var file"],
    ["/tmp/systemd", "systemd@tmp file"],
    [`/${"x".repeat(99)}/ls`, `ls@${"x".repeat(60)}… file`],
    ["//ls", "ls@ls file"],
    ["/sshd", "sshd@sshd file"],
    ["/tmp/ls (deleted)", "ls@tmp file"],
    ["/usr/local/bin/ls", "ls file"],
    ["/opt/tools/ls", "ls file"],
    ["/tmp/lsx", "lsx file"],
    ["/tmp/kworkers", "kworkers file"],
    ["/tmp/[kthreadd]", "[kthreadd]@tmp file"],
    ["/tmp/[anything]", "[anything]@tmp file"],
    ["/tmp/[anything", "[anything file"],
    ["/tmp/python3.11", "python3.11@tmp file"],
    ["/srv/bin/java", "java@srv file"],
    ["/home/u/node", "node@home file"],
    ["/dev/shm/busybox", "busybox@dev file"],
    ["/tmp/ld-linux-x86-64.so.2", "ld-linux-x86-64.so.2@tmp file"],
    ["/tmp/pythonic", "pythonic file"],
    ["/tmp/bash5", "bash5@tmp file"],
    ["/home/u/.nvm/versions/node/v20.1.0/bin/node", "node interpreter"],
    ["/tmp/.nvm/versions/node/v20.1.0/bin/node", "node@tmp file"],
    ["/opt/x/jre/bin/java", "java interpreter"],
    ["/home/u/.cargo/bin/ls", "ls@home file"],
  ];
  for (const [path, want] of cases) assert.equal(name(builtIn, path), want, path);
  assert.equal(name(builtIn, "/usr/bin/dash", ["sh", "/tmp/sshd"]), "sshd@tmp file");
  assert.equal(name(builtIn, "/usr/bin/dash", ["sh", "./sshd"], undefined), "sshd@? file");
  assert.equal(name(builtIn, "/usr/bin/dash", ["sh", "./sshd"], "/srv/x"), "sshd@srv file");
});

Deno.test("a module that is called like a program of the system is told from it", () => {
  const labeller = new Labeller(builtIn);
  const text = (argv: string[], cwd?: string) => {
    const named = labeller.program(labeller.executable("/usr/bin/python3"), argv, () => cwd);
    return [named.label, ...flagNames(named.flags)].join(" ");
  };
  assert.equal(text(["python3", "-m", "gzip"], "/home/u"), "gzip@python");
  assert.equal(text(["python3", "-m", "sshd"], "/home/u"), "sshd@python");
  assert.equal(text(["python3", "-m", "pip", "install"], "/home/u"), "pip");
  assert.equal(text(["python3", "-m", "http.server"], "/"), "http.server");
  assert.equal(text(["python3", "-m", "timeit"], "/tmp"), "timeit temp");
  assert.equal(text(["python3", "-m", "timeit"], "/var/tmp/x"), "timeit temp");
  assert.equal(text(["python3", "-I", "-m", "timeit"], "/tmp"), "timeit");
  assert.equal(text(["python3", "-m", "timeit"]), "timeit");
});

Deno.test("a star in a name isn't one that stands for a machine-made part", () => {
  assert.equal(name(dpkg, "/tmp/*"), "\\x2a file");
  assert.equal(name(dpkg, "/tmp/job-*"), "job-\\x2a file");
  assert.equal(name(dpkg, "/usr/bin/dash", ["sh", "/tmp/*"]), "\\x2a file");
  assert.equal(name(dpkg, "/usr/bin/python3", ["python3", "-m", "*"]), "\\x2a module");
  assert.equal(name(dpkg, "/bin/dash", ["sh", "/etc/rc2.d/S01my-*"]), "my-\\x2a init-script");
});

Deno.test("a label has at most 64 characters and 128 bytes, and ends before an escape that would not fit", () => {
  const x = (count: number) => "x".repeat(count);
  const cases: [string, string][] = [
    [x(64), x(64)],
    [x(65), `${x(63)}…`],
    [x(1_000_000), `${x(63)}…`],
    ["ä".repeat(64), "ä".repeat(64)],
    ["🙂".repeat(32), "🙂".repeat(32)],
    ["🙂".repeat(33), `${"🙂".repeat(31)}…`],
    [`${"字".repeat(42)}xy`, `${"字".repeat(42)}xy`],
    [`${"字".repeat(42)}xyz`, `${"字".repeat(41)}…`],
    [`${x(60)}\n`, `${x(60)}\\x0a`],
    [`${x(61)}\n`, `${x(61)}…`],
    [`${x(59)}\n${x(9)}`, `${x(59)}\\x0a…`],
    [`${x(62)}\\`, `${x(62)}\\\\`],
    [`${x(63)}\\`, `${x(63)}…`],
    ["\\".repeat(100), `${"\\\\".repeat(31)}…`],
  ];
  for (const [text, want] of cases) assert.equal(escapeLabel(text), want);
});

Deno.test("labels and remembered scripts don't keep the command lines alive that they were cut from", () => {
  const labeller = new Labeller(dpkg);
  const dash = labeller.executable("/usr/bin/dash");
  const python = labeller.executable("/usr/bin/python3");
  const kept: { label: string }[] = [];
  const before = Deno.memoryUsage().heapUsed;
  for (let i = 0; i < 400; i++) {
    const rest = String.fromCharCode(97 + i % 26).repeat(1 << 20);
    const script = `sh\0/srv/a-script-with-number-${i}.sh\0${rest}`.split("\0");
    const module = `python3\0-m\0a_module_with_number_${i}\0${rest}`.split("\0");
    kept.push(labeller.program(dash, script, () => undefined), labeller.program(python, module, () => undefined));
    kept.push({ label: escapeLabel(`thread-with-number-${100 + i}-${rest}`.slice(0, 22)) });
  }
  // 400 MiB would stay of any of the three; what is kept is a label and a path each.
  const grown = () => (Deno.memoryUsage().heapUsed - before) >> 20;
  // Garbage makes the collector run.
  for (let i = 0; i < 2000 && grown() > 200; i++) new Array(1 << 18).fill(i);
  assert.ok(grown() <= 200, `${grown()} MiB kept`);
  assert.equal(new Set(kept.map((one) => one.label)).size, 1200);
});

Deno.test("a left-out root counts only where the administrator has put the program there", () => {
  const rules = {
    roots: new Set(["shim", "renamed"]),
    rename: (program: string) => program.endsWith("/other") ? "renamed" : undefined,
  };
  const labeller = new Labeller(dpkg, "", rules);
  labeller.rootRule = (path) => path.startsWith("/usr/") || path.startsWith("/var/lib/rancher/");
  const labels = [
    "/usr/bin/shim",
    "/var/lib/rancher/bin/shim",
    "/home/u/bin/shim",
    "/home/u/other",
    "/usr/bin/other",
    "/usr/lib/systemd/systemd",
  ].map((path) => labeller.executable(path).label);
  assert.deepEqual(labels, ["shim", "shim", "\\shim", "\\renamed", "renamed", "systemd"]);
  const sh = labeller.executable("/usr/bin/sh");
  assert.equal(labeller.program(sh, ["sh", "/srv/shim"], () => "/").label, "\\shim");
  // Nor a file that is shown at its place, or a script by anybody's interpreter.
  assert.equal(labeller.executable("/usr/bin/shim", Claim.Unconfirmed).label, "\\shim");
  const script = (isTrue: boolean) =>
    labeller.program(sh, ["sh", "/usr/bin/shim"], () => "/", false, () => isTrue).label;
  assert.deepEqual([script(true), script(false)], ["shim", "\\shim"]);
  const own = labeller.executable("/srv/venv/bin/python3");
  assert.equal(labeller.program(own, ["python3", "/usr/bin/shim"], () => "/").label, "\\shim");
  assert.equal(labeller.program(own, ["python3", "-m", "shim"], () => "/").label, "\\shim");
  labeller.rootRule = () => false;
  assert.deepEqual(
    ["/usr/lib/systemd/systemd", "/usr/bin/shim"].map((path) => labeller.executable(path).label),
    ["\\systemd", "\\shim"],
  );
});

Deno.test("what a user's own mounts show is vouched for by nobody, a script that lies there for all least of all", () => {
  const labeller = new Labeller(BasePaths.builtIn());
  labeller.users = "mounts";
  const bash = labeller.executable("/usr/bin/bash");
  const run = (path: string, isTrue = true) => {
    const { label, base, flags } = labeller.program(bash, ["bash", path], () => "/", false, () => isTrue);
    return `${label} ${base} ${flagNames(flags)}`;
  };
  assert.deepEqual(
    ["/usr/bin/ls", "/usr/sbin/sshd", "/usr/bin/git", "/opt/tool"].map((path) => {
      return labeller.executable(path).label;
    }),
    ["ls@user-mounts", "sshd@user-mounts", "git", "tool"],
  );
  assert.equal(labeller.executable("/tmp/ls").flags & Flag.Namesake, Flag.Namesake);
  assert.deepEqual(
    ["/usr/bin/ldd", "/opt/job.sh", "/etc/init.d/ssh", "/run/service/sshd/run", "/home/u/job.sh"].map((path) => {
      return run(path);
    }),
    ["ldd@user-mounts false ", "job.sh@user-mounts false ", "ssh@user-mounts false ", "run false ", "job.sh false "],
  );
  assert.deepEqual(["/usr/bin/ldd", "/opt/job.sh", "/home/u/job.sh"].map((path) => run(path, false)), [
    "ldd@user-mounts false unconfirmed",
    "job.sh@user-mounts false unconfirmed",
    "job.sh false ",
  ]);
});

Deno.test("in a root that any user may have made nothing is of the base system, and what looks so says where it is", () => {
  const labeller = new Labeller(BasePaths.builtIn());
  labeller.users = "root";
  const bash = labeller.executable("/usr/bin/bash"), busybox = labeller.executable("/bin/busybox");
  const told = (named: { label: string; base: boolean; flags: number }) => [named.label, named.base, named.flags];
  const cases = [
    [labeller.executable("/usr/bin/ls"), "ls@user-root"],
    [labeller.executable("/usr/sbin/sshd"), "sshd@user-root"],
    [labeller.executable("/opt/app/tool"), "tool"],
    [bash, "bash@user-root"],
    [labeller.program(bash, ["bash", "/srv/job.sh"], () => "/"), "job.sh"],
    [labeller.program(bash, ["bash", "/usr/bin/ldd"], () => "/"), "ldd@user-root"],
    [labeller.program(busybox, ["ls"], () => "/"), "ls@user-root"],
    [labeller.executable("/usr/lib/systemd/systemd"), "systemd@user-root"],
  ] as const;
  for (const [named, label] of cases) assert.deepEqual(told(named), [label, false, 0]);
  labeller.users = undefined;
  assert.deepEqual(told(labeller.executable("/usr/bin/ls")), ["base", true, 0]);
});
