/**
 * Machines of other distributions than the one that the forests were recorded on: their package databases, with the packages
 * that bring the forests' programs, and where each has what the recorded machine runs.
 *
 * @module
 */

import { BasePaths } from "../../../../fingerprint/base/programs.ts";
import { database, header } from "../base/rpm/written_rpm.ts";
import { MapFiles } from "../map_files.ts";

/** Package, what it needs, and its programs, each by its path. A package that nothing needs isn't base unless it is a root. */
type Package = readonly [name: string, requires: string, programs: string];

export interface Machine {
  readonly name: string;
  readonly base: BasePaths;
  /** What it runs instead of a program of the recorded machine, and as what. */
  readonly move: (exe: string, argv: readonly string[]) => readonly [exe: string, argv: readonly string[]];
}

const words = (text: string) => text.split(" ").filter((word) => word !== "");

/** Programs by their file names on the recorded machine → paths on another; what isn't listed lies where it lies there. */
function moves(places: Readonly<Record<string, string>>): Machine["move"] {
  return (exe, argv) => [exe.startsWith("/usr/") ? places[exe.slice(exe.lastIndexOf("/") + 1)] ?? exe : exe, argv];
}

/** Debian 12 by dpkg: packages.debian.org, file lists and priorities. Programs lie where they were recorded. */
function debian(): Machine {
  const packages: Package[] = [
    ["bash", "required", "/bin/bash"],
    ["coreutils", "required", "/bin/cp /bin/echo /bin/ls /bin/mkdir /bin/mktemp /bin/rm /bin/sleep /bin/uname"],
    ["coreutils-usr", "required", "/usr/bin/cut /usr/bin/env /usr/bin/id /usr/bin/test /usr/bin/timeout /usr/bin/tr"],
    ["dash", "required", "/bin/dash /bin/sh"],
    ["debianutils", "required", "/bin/run-parts"],
    ["libc-bin", "required", "/usr/bin/locale"],
    ["perl-base", "required", "/usr/bin/perl"],
    ["tar", "required", "/bin/tar"],
    ["mount", "required", "/bin/mount"],
    ["util-linux", "required", "/bin/su /sbin/pivot_root /usr/bin/getopt /usr/bin/setpriv /usr/bin/unshare"],
    ["dpkg", "required", "/usr/bin/dpkg /usr/bin/dpkg-deb /usr/bin/dpkg-split"],
    ["debconf", "required", "/usr/sbin/dpkg-preconfigure"],
    ["apt", "important", "/usr/bin/apt-get /usr/lib/apt/methods/http"],
    ["cron", "important", "/usr/sbin/cron"],
    ["man-db", "standard", "/usr/bin/mandb"],
    ["busybox", "optional", "/bin/busybox"],
    ["lsb-release", "optional", "/usr/bin/lsb_release"],
    ["gcc-12", "optional", "/usr/bin/x86_64-linux-gnu-gcc-12"],
    ["python3.11-minimal", "optional", "/usr/bin/python3.11"],
    ["nodejs", "optional", "/usr/bin/node"],
  ];
  const files = new MapFiles();
  const status = packages.map(([name, priority]) =>
    `Package: ${name}\nStatus: install ok installed\nPriority: ${priority}\n`
  );
  files.set("/var/lib/dpkg/status", `${status.join("\n")}\n`);
  for (const [name, , programs] of packages) {
    files.set(`/var/lib/dpkg/info/${name}.list`, `${words(programs).join("\n")}\n`);
  }
  return { name: "Debian, by dpkg", base: BasePaths.load(files), move: (...same) => same };
}

/** Alpine Linux by apk: pkgs.alpinelinux.org, contents of packages. Most programs are busybox, by the name that it is called by. */
function alpine(): Machine {
  const packages: Package[] = [
    ["alpine-base", "alpine-baselayout apk-tools busybox openrc musl-utils", ""],
    ["busybox", "", "/bin/busybox"],
    ["musl-utils", "", "/usr/bin/getent"],
    ["openrc", "", "/sbin/openrc-run"],
    ["apk-tools", "", "/sbin/apk"],
    ["bash", "", "/bin/bash"],
    ["gcc", "binutils", "/usr/bin/gcc /usr/libexec/gcc/x86_64-alpine-linux-musl/14.2.0/cc1"],
    ["binutils", "", "/usr/bin/as /usr/bin/ld.bfd"],
    ["make", "", "/usr/bin/make"],
    ["nodejs", "", "/usr/bin/node"],
    ["python3", "", "/usr/bin/python3.12"],
    ["perl", "", "/usr/bin/perl"],
  ];
  const installed = packages.map(([name, requires, programs]) => {
    const lines = words(programs).flatMap((path) => {
      const at = path.lastIndexOf("/");
      return [`F:${path.slice(1, at)}`, `R:${path.slice(at + 1)}`, "a:0:0:755"];
    });
    return [`P:${name}`, `D:${requires}`, ...lines, ""].join("\n");
  });
  const libexec = "/usr/libexec/gcc/x86_64-alpine-linux-musl/14.2.0";
  const own = moves({
    "x86_64-linux-gnu-gcc-12": "/usr/bin/gcc",
    "x86_64-linux-gnu-as": "/usr/bin/as",
    "x86_64-linux-gnu-ld.bfd": "/usr/bin/ld.bfd",
    cc1: `${libexec}/cc1`,
    collect2: `${libexec}/collect2`,
    "python3.11": "/usr/bin/python3.12",
  });
  const applets = new Set(words(
    "bash cp cut dash echo env getopt id ls mkdir mktemp mount pivot_root rm run-parts setpriv sleep su tar test timeout tr uname unshare",
  ));
  return {
    name: "Alpine, by apk",
    base: BasePaths.load(new MapFiles({ "/lib/apk/db/installed": installed.join("\n") })),
    move: (exe, argv) => {
      const name = exe.slice(exe.lastIndexOf("/") + 1);
      if (exe === "/usr/sbin/cron") return ["/bin/busybox", ["crond"]];
      if (!exe.startsWith("/usr/") || !applets.has(name)) return own(exe, argv);
      return ["/bin/busybox", argv.length > 0 ? [argv[0]!.replace(/bash$/, "ash"), ...argv.slice(1)] : [name]];
    },
  };
}

/** Programs where Fedora, RHEL and Arch have them, which share the layout of GNU's and util-linux's packages. */
const GNU =
  "/usr/bin/cp /usr/bin/cut /usr/bin/echo /usr/bin/env /usr/bin/id /usr/bin/ls /usr/bin/mkdir /usr/bin/mktemp " +
  "/usr/bin/rm /usr/bin/sleep /usr/bin/test /usr/bin/timeout /usr/bin/tr /usr/bin/uname";
const UTIL_LINUX = "/usr/bin/getopt /usr/bin/mount /usr/bin/setpriv /usr/bin/su /usr/bin/unshare";

/** Fedora by rpm: packages.fedoraproject.org, files; comps.xml, the group Core. */
function fedora(): Machine {
  const packages: Package[] = [
    ["bash", "filesystem glibc", "/usr/bin/bash /usr/bin/sh"],
    ["coreutils", "glibc", GNU],
    ["filesystem", "", "/usr/lib/filesystem"],
    ["glibc-common", "", "/usr/bin/locale"],
    ["tar", "glibc", "/usr/bin/tar"],
    ["util-linux", "util-linux-core", "/usr/bin/getopt /usr/bin/su"],
    ["util-linux-core", "", "/usr/bin/mount /usr/bin/setpriv /usr/bin/unshare /usr/sbin/pivot_root"],
    ["man-db", "", "/usr/bin/mandb"],
    ["dnf5", "", "/usr/bin/dnf5"],
    ["cronie", "", "/usr/sbin/crond"],
    ["crontabs", "", "/usr/bin/run-parts"],
    ["perl-interpreter", "", "/usr/bin/perl"],
    ["python3", "", "/usr/bin/python3.13"],
    ["gcc", "", "/usr/bin/gcc"],
  ];
  const libexec = "/usr/libexec/gcc/x86_64-redhat-linux/15";
  return {
    name: "Fedora, by rpm",
    base: rpm(packages),
    move: moves({
      dash: "/usr/bin/bash",
      cron: "/usr/sbin/crond",
      "python3.11": "/usr/bin/python3.13",
      "x86_64-linux-gnu-gcc-12": "/usr/bin/gcc",
      "x86_64-linux-gnu-as": "/usr/bin/as",
      "x86_64-linux-gnu-ld.bfd": "/usr/bin/ld.bfd",
      cc1: `${libexec}/cc1`,
      collect2: `${libexec}/collect2`,
    }),
  };
}

/** A Universal Base Image of RHEL 9 by rpm: catalog.redhat.com, ubi9-minimal. Coreutils is one file. */
function universalBaseImage(): Machine {
  const packages: Package[] = [
    ["bash", "filesystem", "/usr/bin/bash /usr/bin/sh"],
    ["coreutils-single", "", `/usr/bin/coreutils ${GNU}`],
    ["glibc-common", "", "/usr/bin/locale"],
    ["microdnf", "", "/usr/bin/microdnf"],
    ["util-linux", "", `${UTIL_LINUX} /usr/sbin/pivot_root`],
    ["tar", "", "/usr/bin/tar"],
    ["python3", "", "/usr/bin/python3.9"],
  ];
  const places = moves({
    dash: "/usr/bin/bash",
    cron: "/usr/sbin/crond",
    "python3.11": "/usr/bin/python3.9",
    "x86_64-linux-gnu-gcc-12": "/usr/bin/gcc",
  });
  const single = new Set(words(GNU));
  return {
    name: "UBI, by rpm",
    base: rpm(packages),
    move: (exe, argv) =>
      single.has(exe) ? ["/usr/bin/coreutils", [`--coreutils-prog-shebang=${exe.slice(9)}`, exe]] : places(exe, argv),
  };
}

function rpm(packages: readonly Package[]): BasePaths {
  const headers = packages.map(([name, requires, programs]) => header(name, words(programs), words(requires)));
  return BasePaths.load(new MapFiles({ "/usr/lib/sysimage/rpm/Packages.db": database(headers) }));
}

/** Arch Linux by pacman: archlinux.org/packages, contents; `base` and what it depends on. */
function arch(): Machine {
  const packages: Package[] = [
    ["base", "bash coreutils glibc util-linux tar", ""],
    ["bash", "", "/usr/bin/bash /usr/bin/sh"],
    ["coreutils", "glibc", GNU],
    ["glibc", "", "/usr/bin/locale"],
    ["tar", "", "/usr/bin/tar"],
    ["util-linux", "", `${UTIL_LINUX} /usr/bin/pivot_root`],
    ["man-db", "", "/usr/bin/mandb"],
    ["cronie", "", "/usr/bin/crond"],
    ["perl", "", "/usr/bin/perl"],
    ["python", "", "/usr/bin/python3.13"],
    ["gcc", "", "/usr/bin/gcc"],
  ];
  const files = new MapFiles({ "/var/lib/pacman/local/ALPM_DB_VERSION": "9\n" });
  for (const [name, requires, programs] of packages) {
    const folder = `/var/lib/pacman/local/${name}-1-1`,
      section = (title: string, lines: string[]) => `%${title}%\n${lines.join("\n")}\n\n`;
    files.set(`${folder}/desc`, section("NAME", [name]) + section("DEPENDS", words(requires)));
    files.set(`${folder}/files`, section("FILES", words(programs).map((path) => path.slice(1))));
  }
  const libexec = "/usr/lib/gcc/x86_64-pc-linux-gnu/15.1.1";
  return {
    name: "Arch, by pacman",
    base: BasePaths.load(files),
    move: moves({
      dash: "/usr/bin/bash",
      cron: "/usr/bin/crond",
      pivot_root: "/usr/bin/pivot_root",
      "python3.11": "/usr/bin/python3.13",
      "x86_64-linux-gnu-gcc-12": "/usr/bin/gcc",
      "x86_64-linux-gnu-as": "/usr/bin/as",
      "x86_64-linux-gnu-ld.bfd": "/usr/bin/ld.bfd",
      cc1: `${libexec}/cc1`,
      collect2: `${libexec}/collect2`,
    }),
  };
}

/** A store path of Nix. */
const store = (name: string) => `/nix/store/0s66mzxpvicwk07gjbjfw9izjfa797vs-${name}`;

/** NixOS by its system profile: search.nixos.org/packages; nixos/modules/config/system-path.nix, requiredPackages. */
function nixOs(): Machine {
  const coreutils = store("coreutils-full-9.5"), utilLinux = store("util-linux-2.39.4-bin"), gcc = store("gcc-14.2.1");
  const places: Record<string, string> = {
    dash: `${store("bash-interactive-5.2p37")}/bin/bash`,
    bash: `${store("bash-interactive-5.2p37")}/bin/bash`,
    tar: `${store("gnutar-1.35")}/bin/tar`,
    locale: `${store("glibc-2.40-bin")}/bin/locale`,
    perl: `${store("perl-5.40.0")}/bin/perl`,
    mandb: `${store("man-db-2.13.0")}/bin/mandb`,
    su: `${store("shadow-4.16.0-su")}/bin/su`,
  };
  for (const name of ["getopt", "mount", "pivot_root", "setpriv", "unshare"]) places[name] = `${utilLinux}/bin/${name}`;
  const files = new MapFiles({ "/nix/var/nix/profiles/system": "" });
  for (const path of words(GNU)) {
    files.link(`/run/current-system/sw/bin/${path.slice(9)}`, `${coreutils}/bin/coreutils`);
  }
  for (const [name, path] of Object.entries(places)) {
    files.link(`/run/current-system/sw/bin/${name === "dash" ? "sh" : name}`, path);
  }
  const own = moves({
    ...places,
    cron: `${store("cron-4.1")}/bin/cron`,
    make: `${store("gnumake-4.4.1")}/bin/make`,
    node: `${store("nodejs-22.11.0")}/bin/node`,
    "python3.11": `${store("python3-3.12.8")}/bin/python3.12`,
    "x86_64-linux-gnu-gcc-12": `${gcc}/bin/gcc`,
    "x86_64-linux-gnu-as": `${store("binutils-2.43.1")}/bin/as`,
    "x86_64-linux-gnu-ld.bfd": `${store("binutils-2.43.1")}/bin/ld.bfd`,
    cc1: `${gcc}/libexec/gcc/x86_64-unknown-linux-gnu/14.2.1/cc1`,
    collect2: `${gcc}/libexec/gcc/x86_64-unknown-linux-gnu/14.2.1/collect2`,
  });
  const single = new Set(words(GNU));
  return {
    name: "NixOS, by its profile",
    base: BasePaths.load(files),
    move: (exe, argv) => single.has(exe) ? [`${coreutils}/bin/coreutils`, [exe.slice(9)]] : own(exe, argv),
  };
}

/** All of them. */
export function machines(): Machine[] {
  return [debian(), alpine(), fedora(), universalBaseImage(), arch(), nixOs()];
}
