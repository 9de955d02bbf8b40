/**
 * Who set up the root of a process, and whose files in it count: those of the machine's administrator, in a container with a user
 * namespace those of its own root too. Any user makes roots (`unshare --map-root-user chroot`), and what a package database there
 * says is that user's word.
 *
 * @module
 */
import type { Procfs } from "../proc/mod.ts";

/** What is read of /proc about it. Nothing there is in the root itself. */
export type TrustReader = Pick<Procfs, "readNamespace" | "readNamespaceOwner" | "readText">;

const ADMINISTRATOR = 0;

/** What gives the ids of the users whose files count in the root of a process; undefined where it isn't trusted, or can't be told. */
export function rootTrust(procfs: TrustReader): (pid: number) => readonly number[] | undefined {
  const own = procfs.readNamespace(0, "user");
  return (pid) => {
    const number = procfs.readNamespace(pid, "user");
    if (number === 0) return undefined;
    if (number === own) return [ADMINISTRATOR];
    if (procfs.readNamespaceOwner(pid) !== ADMINISTRATOR) return undefined;
    const root = insideRoot(procfs.readText(`${pid}/uid_map`) ?? "");
    return root === undefined || root === ADMINISTRATOR ? [ADMINISTRATOR] : [ADMINISTRATOR, root];
  };
}

/** The id that user 0 of a user namespace has outside (user_namespaces(7)): a line of the map has the first id inside, the one outside, a count. */
function insideRoot(map: string): number | undefined {
  const line = /^ *0 +(\d+) +[1-9]\d*$/m.exec(map);
  return line === null ? undefined : Number(line[1]);
}
