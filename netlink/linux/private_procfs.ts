/**
 * A procfs of this process's own, in no mount namespace: what anybody mounts over a folder in /proc isn't there.
 *
 * System calls: fsopen(2), fsconfig(2), fsmount(2), Linux 5.2. They need CAP_SYS_ADMIN; what they gave doesn't.
 *
 * @module
 */
import { Descriptor } from "./descriptor.ts";
import { cString, type Libc } from "./libc.ts";

/** FSOPEN_CLOEXEC and FSMOUNT_CLOEXEC, FSCONFIG_CMD_CREATE (include/uapi/linux/mount.h, 6.18). */
const CLOEXEC = 1;
const CREATE = 6;
/** MOUNT_ATTR_RDONLY, _NOSUID, _NODEV, _NOEXEC. */
const ATTRIBUTES = 1 | 2 | 4 | 8;

/** Opens one; undefined where that isn't allowed. Whoever gets it owns it. */
export function openPrivateProcfs(libc: Libc): Descriptor | undefined {
  const { call, number } = libc;
  using context = Descriptor.of(libc, call.fsopen(number.fsopen, cString("proc"), CLOEXEC));
  if (context === undefined) return undefined;
  if (call.fsconfig(number.fsconfig, context.fd, CREATE, null, null, 0) < 0) return undefined;
  return Descriptor.of(libc, call.fsmount(number.fsmount, context.fd, CLOEXEC, ATTRIBUTES));
}
