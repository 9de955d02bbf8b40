/**
 * Where runtimes that root runs keep what they know of a container, by their defaults, below the root of the machine.
 *
 * @module
 */
import type { Runtime } from "../context/mod.ts";
import type { RecordReader } from "./records.ts";

/** What a record is written like. */
export type RecordKind = "docker" | "bundle" | "storage";

/** A file about a container. */
export interface RecordPlace {
  readonly path: string;
  readonly kind: RecordKind;
}

/** How each kind is read. */
export type RecordReaders = Readonly<Record<RecordKind, RecordReader>>;

/** moby, cmd/dockerd: the folder of data, that of the snap too; container/container.go: `config.v2.json` in it. */
const DOCKER = ["/var/lib/docker/containers", "/var/snap/docker/common/var-lib-docker/containers"];

/** Kinds of storage (containers-storage.conf(5), driver), which name the folders of containers. */
const DRIVERS = ["overlay", "vfs", "btrfs", "zfs"];
/** Where storages of root are (containers-storage.conf(5), graphroot and runroot). */
const STORAGES = ["/var/lib/containers/storage", "/run/containers/storage"];

/**
 * containerd, docs/ops.md (state) and core/runtime/v2/bundle.go: a folder for each namespace of its own, and one for each container;
 * that of k3s and RKE2, and of MicroK8s.
 */
const CONTAINERD = ["/run/containerd", "/run/k3s/containerd", "/var/snap/microk8s/common/run/containerd"].map((state) =>
  `${state}/io.containerd.runtime.v2.task`
);
/** Its namespaces: that of Kubernetes, and that of nerdctl(1) and ctr(8) unless another is asked for. */
const KUBERNETES = ["k8s.io"], OTHERS = ["default"];

function docker(id: string): RecordPlace[] {
  return DOCKER.map((folder) => ({ path: `${folder}/${id}/config.v2.json`, kind: "docker" }));
}

function bundles(namespaces: readonly string[], id: string): RecordPlace[] {
  return CONTAINERD.flatMap((tasks) =>
    namespaces.map((namespace) => ({ path: `${tasks}/${namespace}/${id}/config.json`, kind: "bundle" as const }))
  );
}

/** CRI-O, internal/storage and server: config.json in the container's folder of the storage, `userdata`. */
function crio(id: string): RecordPlace[] {
  return STORAGES.toReversed().flatMap((storage) =>
    DRIVERS.map((driver) => ({
      path: `${storage}/${driver}-containers/${id}/userdata/config.json`,
      kind: "bundle" as const,
    }))
  );
}

/** containers/storage, containers.go: the list of those that last, and of those that are taken away when they end (podman run --rm). */
function podman(): RecordPlace[] {
  const lists = ["containers.json", "volatile-containers.json"];
  return STORAGES.flatMap((storage) =>
    DRIVERS.flatMap((driver) =>
      lists.map((list) => ({ path: `${storage}/${driver}-containers/${list}`, kind: "storage" as const }))
    )
  );
}

/** The files in which a container of a runtime may be told of, in the order in which they are looked at. */
export function placesOf(runtime: Runtime, id: string): readonly RecordPlace[] {
  switch (runtime) {
    case "docker":
      return docker(id);
    case "podman":
      return podman();
    case "cri-o":
      return crio(id);
    case "containerd":
      return bundles(KUBERNETES, id);
    case "nerdctl":
      return bundles(OTHERS, id);
    case "oci":
      return [...bundles([...KUBERNETES, ...OTHERS], id), ...docker(id), ...crio(id), ...podman()];
    case "lxc":
    case "nspawn":
      return []; // known by their names
  }
}
