/**
 * Executables that are known by device and inode before they run: those in the usual folders, and the base system's; and the links
 * by which they may be run.
 *
 * @module
 */
import { dirname, resolve } from "@std/path/posix";
import { constants as c, cString, type Libc } from "../../netlink/mod.ts";
import type { BasePaths, Files } from "../base/mod.ts";
import type { Programs } from "./naming.ts";
import { FileStatus, readLink } from "../proc/mod.ts";

const FOLDERS = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin"];
/** Links that links of those folders lead to (update-alternatives(1)). */
const ALTERNATIVES = "/etc/alternatives";
/** Links followed at most: symlink(7) allows 40; more than a few are a slip. */
const MAX_LINKS = 8;
const PATH_BYTES = 4096;

/** Fills the table of inodes. A folder that can't be listed is passed over, and so is what isn't there. */
export function learnKnownExecutables(libc: Libc, files: Files, base: BasePaths, programs: Programs): void {
  const status = new FileStatus(libc), known = new Map<string, number>();
  const learn = (executable: string) => {
    const path = cString(executable);
    // /proc/PID/exe names the file itself, never a link to it, so links are passed over.
    if (!status.read(c.AT_FDCWD, path, c.AT_SYMLINK_NOFOLLOW)) return;
    if (!status.isRegular || !status.isExecutable) return;
    known.set(executable, programs.inodes.know(path.subarray(0, path.length - 1), status));
  };
  const room = new Uint8Array(PATH_BYTES), target = (link: string) => readLink(libc, link, room);
  // Nor does it name a file by a folder that is a link, as /bin mostly is.
  const targets = new Map(FOLDERS.map((folder) => [folder, target(folder)]));
  const folders = FOLDERS.filter((folder) => targets.get(folder) === undefined);
  const names = folders.flatMap((folder) => (files.list(folder) ?? []).map((name) => `${folder}/${name}`));
  for (const path of names) learn(path);
  for (const path of base.paths) if (!FOLDERS.includes(dirname(path))) learn(path);
  const alternatives = (files.list(ALTERNATIVES) ?? []).map((name) => `${ALTERNATIVES}/${name}`);
  for (const link of [...names, ...alternatives]) {
    if (known.has(link)) continue;
    // By their texts: where they lead to, a file system may not answer.
    let path = link;
    for (let links = 0; links < MAX_LINKS && !known.has(path); links++) {
      const text = target(path);
      if (text === undefined) break;
      path = resolve(dirname(path), text);
      const folder = targets.get(dirname(path));
      if (folder !== undefined) path = path.replace(dirname(path), resolve("/", folder));
    }
    const executable = known.get(path);
    if (executable !== undefined) programs.late.learnLink(link, executable);
  }
}
