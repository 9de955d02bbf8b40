/**
 * Roots in which other package managers than the machine's have installed a program, by the managers themselves.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { findTool } from "../require.ts";
import type { Forest } from "./forest.ts";
import { run } from "./command.ts";

/** A package manager: how it brings a program into a root. */
export interface PackageManager {
  /** Programs without which it can't be tried, and the packages that have them. */
  readonly needs: readonly (readonly [tool: string, packageName: string])[];
  /** A package that every system of its kind begins with: its programs are base. */
  readonly packageName: string;
  /** Installs the folder `files`, as a version of the package, into a root; its scratch files lie beside `files`. */
  readonly install: (root: string, files: string, version: number) => Promise<void>;
}

/** By rpm, with its database in one of its places. It is in SQLite's format: Debian's rpm writes no other. */
function rpm(database: string): PackageManager {
  return {
    needs: [["rpm", "rpm"], ["rpmbuild", "rpm"]],
    packageName: "setup",
    async install(root, files, version) {
      const spec = `${files}.spec`, top = `${files}.top`;
      await Deno.writeTextFile(
        spec,
        `Name: setup\nVersion: ${version}\nRelease: 1\nSummary: x\nLicense: MIT\n%description\n` +
          `%global __os_install_post %{nil}\n%global debug_package %{nil}\n%install\ncp -r ${files}/. %{buildroot}\n%files\n/usr/bin/*\n`,
      );
      await run("rpmbuild", "-bb", "--quiet", "--define", `_topdir ${top}`, "--define", "_rpmfilename setup.rpm", spec);
      const own = ["--define", `_dbpath ${database}`, "--define", "_db_backend sqlite"];
      await run("rpm", "--root", root, ...own, "--nodeps", "-U", `${top}/RPMS/setup.rpm`);
    },
  };
}

/** By pacman: alpm-package-info(5) and alpm-mtree(5) have what makepkg(8) puts into a package. */
const PACMAN: PackageManager = {
  needs: [["pacman", "pacman-package-manager"], ["bsdtar", "libarchive-tools"]],
  packageName: "filesystem",
  async install(root, files, version) {
    const file = `${files}.pkg.tar`, config = `${files}.conf`;
    await Deno.writeTextFile(
      `${files}/.PKGINFO`,
      `pkgname = filesystem\npkgver = ${version}-1\npkgdesc = x\nsize = 1\narch = any\nbuilddate = 1\npackager = x\n`,
    );
    await run(
      "bsdtar",
      ...[
        "-czf",
        `${files}/.MTREE`,
        "--format=mtree",
        "--options=!all,use-set,type,uid,gid,mode,time,size,sha256,link",
      ],
      ...["-C", files, ".PKGINFO", "usr"],
    );
    await run("bsdtar", "-cf", file, "-C", files, ".PKGINFO", ".MTREE", "usr");
    await Deno.writeTextFile(config, "[options]\nArchitecture = auto\nSigLevel = Never\nLocalFileSigLevel = Never\n");
    await Deno.mkdir(`${root}/var/lib/pacman`, { recursive: true });
    await Deno.mkdir(`${root}/var/log`, { recursive: true });
    await run("pacman", "--root", root, "--config", config, "--noconfirm", "--noscriptlet", "-U", file);
  },
};

/** What apk writes (apk-installed(5)): the tool itself is packaged by none of the distributions that the tests run on. */
const APK: PackageManager = {
  needs: [],
  packageName: "alpine-baselayout",
  async install(root, files, version) {
    await Deno.mkdir(`${root}/lib/apk/db`, { recursive: true });
    await Deno.mkdir(`${root}/usr/bin`, { recursive: true });
    const lines = ["P:alpine-baselayout", `V:${version}-r0`, "F:usr/bin"];
    for (const { name } of Deno.readDirSync(`${files}/usr/bin`)) {
      const bytes = await Deno.readFile(`${files}/usr/bin/${name}`), target = `${root}/usr/bin/${name}`;
      // As it replaces files: under another name first.
      await Deno.writeFile(`${target}.new`, bytes, { mode: 0o755 });
      await Deno.rename(`${target}.new`, target);
      lines.push(`R:${name}`, "a:0:0:755", `Z:Q1${createHash("sha1").update(bytes).digest("base64")}`);
    }
    await Deno.writeTextFile(`${root}/lib/apk/db/installed`, `${lines.join("\n")}\n\n`);
  },
};

/** Those that can be tried, by what they are called in a test. */
export const PACKAGE_MANAGERS: Readonly<Record<string, PackageManager>> = {
  "rpm": rpm("/usr/lib/sysimage/rpm"),
  "older-rpm": rpm("/var/lib/rpm"),
  "pacman": PACMAN,
  "apk": APK,
};

/** A root with a process in it, through which it is reached. */
export class HeldRoot implements AsyncDisposable {
  readonly #holder: Deno.ChildProcess;

  private constructor(readonly path: string) {
    this.#holder = new Deno.Command("chroot", { args: [path, "/hold"] }).spawn();
  }

  /** Makes an empty one below the folder of a forest. */
  static async make(forest: Forest, name: string): Promise<HeldRoot> {
    const path = forest.path(name), source = forest.path("hold.c");
    await Deno.mkdir(path, { recursive: true });
    await Deno.writeTextFile(source, "#include <unistd.h>\nint main(void) { return pause(); }\n");
    await run("cc", "-static", "-o", `${path}/hold`, source);
    return new HeldRoot(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#holder.kill();
    await this.#holder.status;
  }
}

/** Compiles a program without libraries that does nothing; each version has other bytes, `padding` of them to be cut off. */
export async function buildProgram(forest: Forest, path: string, version: number, padding: number): Promise<void> {
  const source = forest.path("nothing.c");
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(source, `int version = ${version};\nint main(void) { return 0; }\n`);
  await run("cc", "-static", "-o", path, source);
  await Deno.writeFile(path, new Uint8Array(padding).fill(version), { append: true });
}

/** The tool that a manager lacks, and its package; undefined where it has all. */
export function missingTool({ needs }: PackageManager): readonly [tool: string, packageName: string] | undefined {
  return needs.find(([tool]) => findTool(tool) === undefined);
}
