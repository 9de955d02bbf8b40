/**
 * /proc/PID/cgroup (cgroups(7)) → the systemd unit and the container of a process, by how those who make cgroups name them.
 *
 * @module
 */

/** Where a process belongs. */
export interface ProcessPlace {
  /** Unit of the service manager: `nginx.service`; in a user's session that of the user's own manager, where it has one. */
  readonly unit: string | undefined;
  /** What the engine calls the container: the first twelve digits of its id, as `docker ps` prints it, or its name. */
  readonly container: string | undefined;
}

/** What units are cgroups, beside slices, which hold others (systemd.unit(5), systemd.slice(5)). */
const UNIT = /\.(?:service|scope|mount|socket|swap)$/;
/** The manager of a user: what is below is that user's (user@.service(5)). */
const USER_MANAGER = /^user@\d+\.service$/;

/**
 * Containers by a component of the path: an id of 64 digits, alone (Docker, Podman and Kubernetes with the driver cgroupfs) or
 * behind the engine's name in a scope (their driver systemd: `docker-ID.scope`, `libpod-ID.scope`, `crio-ID.scope`,
 * `cri-containerd-ID.scope`); LXC's `lxc.payload.NAME`; the scopes of systemd-nspawn(1) and libvirt, `machine-NAME.scope`
 * (systemd-machined.service(8)).
 */
const CONTAINERS: readonly RegExp[] = [
  /^(?:[a-z-]+-)?([0-9a-f]{12})[0-9a-f]{52}(?:\.scope)?$/,
  /^lxc\.payload[./](.+)$/,
  /^machine-(.+)\.scope$/,
];

/** Where a process belongs, by the text of its file. */
export function parseCgroup(text: string): ProcessPlace {
  const path = pathOf(text);
  let unit: string | undefined, container: string | undefined;
  for (const raw of path.split("/")) {
    // systemd puts "_" before names that would be the kernel's (cg_escape in src/basic/cgroup-util.c).
    const name = raw.startsWith("_") ? raw.slice(1) : raw;
    if (UNIT.test(name) && (unit === undefined || USER_MANAGER.test(unit))) unit = name;
    for (const pattern of CONTAINERS) container = pattern.exec(name)?.[1] ?? container;
  }
  return { unit, container };
}

/** The path in the hierarchy that systemd uses: that of version 2, else its own of version 1, else the first. */
function pathOf(text: string): string {
  let first = "";
  for (const line of text.split("\n")) {
    const match = /^(\d+):([^:]*):(\/.*)$/.exec(line);
    if (match === null) continue;
    const [, id, controllers, path] = match as unknown as [string, string, string, string];
    if (controllers === "name=systemd" || id === "0" && path !== "/") return path;
    if (first === "") first = path;
  }
  return first;
}
