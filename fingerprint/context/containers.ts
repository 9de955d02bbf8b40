/**
 * Containers and pods by the names of their control groups: a row for each way in which a runtime names them.
 *
 * @module
 */
import { unescapeUnit } from "./units.ts";

/** Who made a container; `oci` where the name doesn't say which of those that follow the specification of its id. */
export type Runtime = "docker" | "podman" | "cri-o" | "containerd" | "nerdctl" | "lxc" | "nspawn" | "oci";

export interface Container {
  readonly runtime: Runtime;
  /** The whole id of 64 digits, or the name where the runtime knows its containers by name. */
  readonly id: string;
}

/** An id of the OCI runtimes, and of a name what LXC and systemd-nspawn allow (lxc-create(1), hostname(7)). */
const ID = "([0-9a-f]{64})", NAME = "([A-Za-z0-9][A-Za-z0-9_.-]{0,127})";

interface Row {
  readonly runtime: Runtime;
  readonly name: RegExp;
  /** What the group above is called. */
  readonly below?: RegExp;
}

/** In the order in which they are tried. What only watches over a container (`libpod-conmon-ID.scope`, `lxc.monitor.NAME`) is none. */
const CONTAINERS: readonly Row[] = [
  // Docker, "Runtime metrics": by the driver systemd, and by cgroupfs.
  { runtime: "docker", name: RegExp(`^docker-${ID}\\.scope$`) },
  { runtime: "docker", name: RegExp(`^${ID}$`), below: /^docker$/ },
  // Podman, libpod/container_internal_linux.go and docs of --cgroups: by either driver.
  { runtime: "podman", name: RegExp(`^libpod-${ID}(?:\\.scope)?$`) },
  // CRI-O, internal/config/cgmgr: both.
  { runtime: "cri-o", name: RegExp(`^crio-${ID}(?:\\.scope)?$`) },
  // containerd, docs/cri/config.md (SystemdCgroup); the second where the driver of kubelet and containerd differ. k3s and RKE2 too.
  { runtime: "containerd", name: RegExp(`^cri-containerd-${ID}\\.scope$`) },
  { runtime: "containerd", name: RegExp(`^[a-z0-9_.-]*:cri-containerd:${ID}$`) },
  { runtime: "nerdctl", name: RegExp(`^nerdctl-${ID}\\.scope$`) },
  // LXC, lxc.container.conf(5) lxc.cgroup.dir; before 4.0 `lxc/NAME`. LXD and Incus by the same library.
  { runtime: "lxc", name: RegExp(`^lxc\\.payload\\.${NAME}$`) },
  { runtime: "lxc", name: RegExp(`^${NAME}$`), below: /^lxc(?:\.payload)?$/ },
  // systemd-nspawn(1), systemd-machined.service(8); libvirt registers its LXC the same way.
  { runtime: "nspawn", name: /^machine-((?!qemu)[^/]+)\.scope$/ },
  { runtime: "nspawn", name: /^systemd-nspawn@([^/]+)\.service$/ },
  // The rest by the id alone: Kubernetes with the driver cgroupfs, Amazon ECS, ctr(8).
  { runtime: "oci", name: RegExp(`^${ID}$`) },
];

/** Kubernetes, pkg/kubelet/cm/pod_container_manager_linux.go: by either driver; the id of a static pod has no hyphens. */
const POD = /^(?:[a-z-]*-)?pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?$/;

/** The container that a group is; `above` is the group that holds it. */
export function containerOf(group: string, above: string): Container | undefined {
  for (const { runtime, name, below } of CONTAINERS) {
    const id = below === undefined || below.test(above) ? name.exec(group)?.[1] : undefined;
    if (id === undefined) continue;
    return { runtime, id: runtime === "nspawn" ? unescapeUnit(id) : id };
  }
  return undefined;
}

/** The id of the pod that a group is, as the API server has it. */
export function podOf(group: string): string | undefined {
  return POD.exec(group.split(":", 1)[0]!)?.[1]?.replaceAll("_", "-");
}

/** What its runtime calls a container in lists: twelve digits of the id, or the name. */
export function shortId({ id }: Container): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
}
