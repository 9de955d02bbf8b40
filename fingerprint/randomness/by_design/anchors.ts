/**
 * Where the folders that carry hashes and numbers by design begin, as sources of regular expressions.
 *
 * @module
 */

/**
 * Home folders: people's (Fedora's below /var/home; on large sites below another mount, as /data/home, /export/home or /users), root's,
 * those of services (useradd(8), Debian Policy 9.2; www-data's by base-passwd; of what has a folder in /opt or /srv), of Termux, of a job of GitHub's in a container, and
 * of what buildpacks have built.
 */
export const HOME =
  "(?:(?!/(?:tmp|dev|run|proc|sys|var/lock|var/crash)/)(?:/(?!tmp/)[^/]+){0,2}?/(?:home|users)/[^/]+(?:/(?!tmp/)[^/]+)?|/root|/var/lib/[^/]+|" +
  "/var/www|/(?:opt|srv|usr/share|var/spool)/[^/.][^/]*|/data/data/[^/]+/files/home|/github/home|/app)";

/** Where a Flatpak or a snap keeps what is a home folder to the program in it. */
const CONFINED = `(?:/\\.var/app/[^/]+|/snap/[^/]+/[^/]+)`;

/** `$XDG_CACHE_HOME` (XDG Base Directory Specification; in a Flatpak `~/.var/app/ID/cache`). */
export const CACHE = `${HOME}(?:${CONFINED}?/\\.cache|/\\.var/app/[^/]+/cache)`;

/** `$XDG_DATA_HOME` (likewise). */
export const DATA = `${HOME}(?:${CONFINED}?/\\.local/share|/\\.var/app/[^/]+/data)`;

/** `$XDG_STATE_HOME`. */
export const STATE = `${HOME}${CONFINED}?/\\.local/state`;

/** A project's folder: anywhere that not everybody may write to (FHS 3.0, shm_overview(7)), and no kernel's. */
export const PROJECT = "(?!/(?:tmp|var/tmp|dev|run|proc|sys|var/lock|var/crash)/)(?:/[^/]+)*";

/** Roots of container engines: Docker's, also as a snap and rootless; Podman's and CRI-O's, rootless too. */
export const CONTAINERS =
  `(?:/var/lib/docker|/var/snap/docker/common/var-lib-docker|/var/lib/containers/storage|${DATA}/(?:docker|containers/storage))`;

/** Roots of containerd and its state, also K3s's and RKE2's, MicroK8s's, and Docker's. */
export const CONTAINERD = "(?:/(?:var/lib|run)(?:/docker)?/containerd(?:/daemon)?|/run/k3s/containerd|" +
  "/var/lib/rancher/(?:k3s|rke2)/agent/containerd|/var/snap/microk8s/common(?:/var/lib|/run)/containerd)";
