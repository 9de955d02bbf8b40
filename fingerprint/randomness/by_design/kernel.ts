/**
 * What the kernel and the service manager name by numbers, and what is mounted or unpacked for one start.
 *
 * @module
 */

import { type ByDesign, row, UUID } from "./row.ts";

/** Its rows, in the order in which they are tried. */
export const KERNEL: readonly ByDesign[] = [
  row("proc", "proc", "/proc", "()\\d+()", "/proc/{n}", "proc(5)"),
  row("proc", "proc", "/proc/[^/]+/(?:fd|task|fdinfo|map_files)", "()[0-9a-f-]+()", "/proc/self/fd/{n}", "proc(5)"),
  row("proc", "dev", "/dev/fd", "()\\d+()", "/dev/fd/{n}", "proc_pid_fd(5)"),
  row("run-user", "user", "/run/user", "()\\d+()", "/run/user/{n}", "pam_systemd(8)"),
  row(
    "systemd-credentials",
    "credentials",
    "/run(?:/user/\\d+)?/credentials",
    "(run-)(?:[ru][0-9a-f]+|p\\d+-i\\d+)(\\.\\w+)",
    "/run/credentials/run-u{n}.service",
    "systemd.exec(5): credentials; systemd-run(1)",
  ),
  row(
    "systemd-credentials",
    "credentials",
    "/run(?:/user/\\d+)?/credentials",
    "([^@]+@)[^/]+(\\.service)",
    "/run/credentials/backup@{uuid}.service",
    "systemd.exec(5): credentials; systemd.unit(5)",
  ),
  row(
    "s6-rc",
    "run",
    "/run(?:/s6|/service)?",
    "(s6-rc:[^:]+:)[A-Za-z0-9]{6}()",
    "/run/s6-rc:s6-rc-init:{base62-6}",
    "s6-rc-init: the live folder is a link to one by mkdtemp(3)",
  ),
  row(
    "cloud-init",
    "instances",
    "/var/lib/cloud/instances",
    `()(?:i-[0-9a-f]{8,17}|${UUID}|\\d+)()`,
    "/var/lib/cloud/instances/i-{hex17}",
    "cloud-init documentation: directory layout",
  ),
  row(
    "appimage",
    "tmp",
    "/tmp",
    "(\\.mount_[^/]{1,6}?)[A-Za-z0-9]{6}",
    "/tmp/.mount_Nextcl{base62-6}",
    "AppImage/type2-runtime: mkdtemp in TMPDIR",
  ),
  row(
    "appimage",
    "tmp",
    "/tmp",
    "(appimage_extracted_)[0-9a-f]{32}()",
    "/tmp/appimage_extracted_{hex32}",
    "AppImage/type2-runtime: --appimage-extract-and-run",
  ),
];
