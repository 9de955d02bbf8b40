/**
 * Programs that have others run under another root: container runtimes, sandboxes, chroot(1) and what is built on it. A root
 * may change between two looks at any process; where one of these has just been launched, the next launches are looked at.
 *
 * @module
 */

const NAMES = new Set(
  (
    // util-linux, coreutils, initramfs
    "chroot unshare nsenter pivot_root switch_root " +
    // OCI runtimes and their managers
    "runc crun youki runsc kata-runtime docker-runc docker-init buildkit-runc buildah podman conmon crio dockerd docker-untar " +
    "containerd-shim containerd-shim-runc-v1 containerd-shim-runc-v2 nerdctl " +
    // other containers and sandboxes
    "lxc-start lxc-attach lxc-execute lxc-unshare lxc-usernsexec incus lxd systemd-nspawn machinectl bwrap flatpak snap-confine " +
    "firejail nsjail minijail0 jailer starter starter-suid apptainer singularity udocker " +
    // builders of systems and packages
    "schroot dchroot sbuild pbuilder cowbuilder mmdebstrap debootstrap arch-chroot mock systemd-dissect"
  ).split(" "),
);

/** Whether a program by this file name, or an applet of busybox, enters other roots. */
export function entersRoots(name: string): boolean {
  return NAMES.has(name);
}
