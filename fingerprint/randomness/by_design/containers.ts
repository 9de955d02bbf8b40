/**
 * Layers, volumes and tasks of container engines and orchestrators.
 *
 * @module
 */

import { CONTAINERD, CONTAINERS, PROJECT } from "./anchors.ts";
import { type ByDesign, HASH, row, UUID } from "./row.ts";

/** Its rows, in the order in which they are tried. */
export const IN_CONTAINERS: readonly ByDesign[] = [
  row(
    "container",
    "overlay2",
    `${CONTAINERS}/overlay2`,
    `()(?:${HASH}|[0-9a-z]{25})((?:-init)?)`,
    "/var/lib/docker/overlay2/{hex64}",
    "Docker documentation: overlay2",
  ),
  row(
    "container",
    "overlay",
    `${CONTAINERS}/overlay`,
    `()${HASH}()`,
    "/var/lib/containers/storage/overlay/{hex64}",
    "containers-storage.conf(5)",
  ),
  row(
    "container",
    "l",
    `${CONTAINERS}/overlay2?/l`,
    "()[A-Z0-9]{26}()",
    "/var/lib/docker/overlay2/l/{BASE36-26}",
    "Docker documentation: overlay2",
  ),
  row(
    "container",
    "dir",
    `${CONTAINERS}/vfs/dir`,
    `()${HASH}()`,
    "/var/lib/docker/vfs/dir/{hex64}",
    "Docker documentation: VFS",
  ),
  row(
    "container",
    "containers",
    `${CONTAINERS}/(?:containers|overlay-containers|vfs-containers)`,
    `()${HASH}()`,
    "/var/lib/docker/containers/{hex64}",
    "Docker documentation: data directory; podman-system(1)",
  ),
  row(
    "container",
    "containers",
    "/run/containers/storage/overlay-containers",
    `()${HASH}()`,
    "/run/containers/storage/overlay-containers/{hex64}",
    "containers-storage.conf(5), runroot",
  ),
  row(
    "container",
    "docker",
    `${CONTAINERS}/(?:aufs/(?:diff|mnt)|btrfs/subvolumes|zfs/graph|fuse-overlayfs)`,
    `()${HASH}((?:-init)?)`,
    "/var/lib/docker/btrfs/subvolumes/{hex64}",
    "Docker documentation: storage drivers",
  ),
  row(
    "container",
    "executor",
    `${CONTAINERS}/buildkit/executor`,
    "()[0-9a-z]{25}()",
    "/var/lib/docker/buildkit/executor/{base36-25}",
    "moby/buildkit: executor root",
  ),
  row(
    "docker-volume",
    "volumes",
    `${CONTAINERS}/volumes`,
    `()${HASH}()`,
    "/var/lib/docker/volumes/{hex64}",
    "docker-volume-create(1), podman-volume(1): anonymous volumes",
  ),
  row(
    "container",
    "containerd",
    `${CONTAINERD}/io\\.containerd\\.[^/]+(?:/[^/]+)?`,
    `()(?:${HASH}|\\d+)()`,
    "/run/containerd/io.containerd.runtime.v2.task/k8s.io/{hex64}",
    "containerd documentation: ops.md, base configuration",
  ),
  row(
    "kubernetes",
    "pods",
    "/var/lib/(?:kubelet|k0s/kubelet)/pods",
    `()${UUID}()`,
    "/var/lib/kubelet/pods/{uuid}",
    "Kubernetes documentation: kubelet files",
  ),
  row(
    "kubernetes",
    "pods",
    `/var/lib/kubelet/pods/${UUID}/volumes/[^/]+`,
    `(pvc-)${UUID}()`,
    "/var/lib/kubelet/pods/57f8f4bc-abf4-655f-bf67-946fc0f9f25b/volumes/kubernetes.io~csi/pvc-{uuid}",
    "Kubernetes documentation: persistent volumes",
  ),
  row(
    "kubernetes",
    "/",
    `${PROJECT}`,
    "(\\.\\.)\\d{4}(?:_\\d\\d){5}\\.\\d+()",
    "/srv/scripts/..2024_03_01_10_00_00.{n}",
    "kubernetes/kubernetes: AtomicWriter, data of ConfigMaps",
  ),
  row(
    "k3s",
    "data",
    "/var/lib/rancher/k3s/data",
    `()${HASH}()`,
    "/var/lib/rancher/k3s/data/{hex64}",
    "k3s-io/k3s: data directory; docs.k3s.io, --data-dir",
  ),
  row(
    "rke2",
    "data",
    "/var/lib/rancher/rke2/data",
    "(v.+-)[0-9a-f]{12}()",
    "/var/lib/rancher/rke2/data/v1.34.7-rke2r1-{hex12}",
    "docs.rke2.io: data directory; rancher/rke2 #3902",
  ),
  row(
    "nomad",
    "alloc",
    "(?:/opt/nomad/data|/opt/nomad|/var/lib/nomad|/var/nomad)/alloc",
    `()${UUID}()`,
    "/opt/nomad/data/alloc/{uuid}",
    "Nomad documentation: allocation filesystem",
  ),
];
