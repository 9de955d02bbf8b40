/**
 * The files of /proc and statx(2). Nothing else reads them.
 *
 * @module
 */
export { OWN_EXECUTABLE, Procfs, readTextFile } from "./procfs.ts";
export { isSameStart, parseStat, ProcessStat, TICK_NS } from "./stat.ts";
export { encodeDevice, type FileIdentity, type FilePlace, FileStatus, isOneFile } from "./statx.ts";
