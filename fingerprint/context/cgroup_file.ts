/**
 * /proc/PID/cgroup (cgroups(7)): where in the trees of control groups a process is.
 *
 * @module
 */

/** What stands behind the path of a group that has been removed: the process was its last and has ended. */
const REMOVED = " (deleted)";

/**
 * The path in the hierarchy of version 2, where there is no other; undefined where one is, in which units and containers may be, and
 * of a group that isn't below the reader's own root (cgroup_namespaces(7)).
 */
export function unifiedPath(text: string): string | undefined {
  const isAlone = text.startsWith("0::/") && text.indexOf("\n") === text.length - 1;
  return isAlone && !/^0::\/\.\.[/\n]/.test(text) ? text.slice("0::".length, -1) : undefined;
}

/**
 * The path in the hierarchy in which units and containers are: the service manager's own of version 1, where the process is in a
 * group there; else that of version 2; else, where no service manager is, the deepest that there is. `/` where there is none.
 */
export function cgroupPath(text: string): string {
  let unified = "/", named = "/", deepest = "/";
  for (const line of text.split("\n")) {
    const match = /^(\d+):([^:]*):(\/.*)$/.exec(line);
    if (match === null) continue;
    const [, id, controllers] = match,
      path = match[3]!.endsWith(REMOVED) ? match[3]!.slice(0, -REMOVED.length) : match[3]!;
    if (id === "0") unified = path;
    else if (controllers === "name=systemd") named = path;
    else if (path.split("/").length > deepest.split("/").length || deepest === "/") deepest = path;
  }
  return [named, unified, deepest].find((path) => path !== "/") ?? "/";
}
