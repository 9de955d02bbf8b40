/**
 * Names of units, as systemd gives them to control groups.
 *
 * @module
 */

/**
 * Units that are groups of their own, beside slices, which hold others; the characters of their names and the length of these
 * (systemd.unit(5)). A group with a name of any other form was made by somebody else.
 */
const UNIT = /^(?=.{1,255}$)[A-Za-z0-9:_.\\@-]+\.(?:service|scope|mount|socket|swap)$/;
const SLICE = /^(?=.{1,255}$)[A-Za-z0-9:_.\\@-]+\.slice$/;

/** The manager of a user: what is below is that user's (user@.service(5)). */
const USER_MANAGER = /^user@\d+\.service$/;

/**
 * Units of the system whose programs run as root and make the groups of containers below their own (`Delegate=yes` in the
 * unit files of moby, containerd, CRI-O, Podman, k3s, RKE2, Kubernetes, LXC, and of the snaps of LXD and MicroK8s).
 */
const RUNTIMES: ReadonlySet<string> = new Set([
  "docker.service",
  "containerd.service",
  "crio.service",
  "podman.service",
  "k3s.service",
  "k3s-agent.service",
  "rke2-server.service",
  "rke2-agent.service",
  "kubelet.service",
  "lxc.service",
  "lxd.service",
  "incus.service",
  "snap.lxd.daemon.service",
  "snap.microk8s.daemon-containerd.service",
]);

/**
 * Units that are made for one thing each, under a name with a number: the logins of pam_systemd(8), what systemd-run(1) starts,
 * connections of an `Accept=yes` socket (systemd.socket(5)), core dumps (systemd-coredump(8)), and the groups that Docker,
 * Podman, CRI-O and containerd ask systemd for.
 */
const NUMBERED: readonly (readonly [name: RegExp, family: string])[] = [
  [/^session-c?\d+\.scope$/, "session-*.scope"],
  [/^run-[ru]?[0-9a-f-]+\.(service|scope|mount)$/, "run-*.$1"],
  [/^run-[pr]?\d+-[iu]?\d+\.(service|scope)$/, "run-*.$1"],
  [/^([^@]+)@\d+-.*\.service$/, "$1@*.service"],
  [/^(docker|libpod|crio|cri-containerd|nerdctl|libpod-conmon|crio-conmon)-[0-9a-f]{64}\.scope$/, "$1-*.scope"],
  [/^(podman|buildah|conmon)-\d+\.scope$/, "$1-*.scope"],
];

/**
 * The name of a group without the underscore that systemd puts before one that would be the kernel's own, such as
 * `_cgroup.service` (cg_escape() in systemd's src/basic/cgroup-util.c).
 */
export function withoutPrefix(group: string): string {
  return group.startsWith("_") ? group.slice(1) : group;
}

export function isUnit(name: string): boolean {
  return UNIT.test(name);
}

export function isSlice(name: string): boolean {
  return SLICE.test(name);
}

/** Whether what is below a unit is the word of a user: of all but the runtimes, which root runs. */
export function isDelegatedToOthers(unit: string): boolean {
  return !RUNTIMES.has(unit);
}

export function isUserManager(unit: string): boolean {
  return USER_MANAGER.test(unit);
}

/** The name under which units that come and go count together; that of all others as it is. */
export function unitFamily(unit: string): string {
  for (const [name, family] of NUMBERED) if (name.test(unit)) return unit.replace(name, family);
  return unit;
}

/**
 * What a part of a unit's name was before systemd-escape(1): `\x2d` is `-`. What would not be printable ASCII, or a slash, stays
 * as it is: the result is shown.
 */
export function unescapeUnit(part: string): string {
  return part.replace(/\\x([0-9a-f]{2})/g, (escaped, hex: string) => {
    const character = String.fromCharCode(parseInt(hex, 16));
    return /^[!-.0-~]$/.test(character) ? character : escaped;
  });
}
