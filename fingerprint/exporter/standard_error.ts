/**
 * Whether standard error is what somebody says that it is.
 *
 * @module
 */
import { constants as c, cString, type Libc } from "../../netlink/mod.ts";
import { FileStatus } from "../proc/mod.ts";

const STANDARD_ERROR = 2;

/**
 * Whether standard error is the file that `stream` names, as `DEVICE:INODE` in decimal digits: `JOURNAL_STREAM` of
 * systemd.exec(5) is set for whatever a service starts, also where that has its standard error elsewhere.
 */
export function isStandardError(libc: Libc, stream: string | undefined): boolean {
  const [, device, inode] = /^(\d+):(\d+)$/.exec(stream ?? "") ?? [];
  if (device === undefined || inode === undefined) return false;
  const status = new FileStatus(libc);
  if (!status.read(STANDARD_ERROR, cString(""), c.AT_EMPTY_PATH)) return false;
  const found = BigInt(status.inodeHigh) << 32n | BigInt(status.inodeLow);
  return status.device === Number(device) && found === BigInt(inode);
}
