/**
 * The files of /proc, the folders of control groups, and statx(2). Nothing else reads them.
 *
 * @module
 */
export { CgroupFolders } from "./cgroups.ts";
export { readLink, readTextFile } from "./files.ts";
export { countOwnFiles, OWN_EXECUTABLE, ownExecutableMappings, ownFiles, readOwnExecution } from "./own_process.ts";
export { Procfs } from "./procfs.ts";
export { isSameStart, parseStat, ProcessStat, TICK_NS } from "./stat.ts";
export { encodeDevice, type FileIdentity, type FilePlace, FileStatus, isOneFile } from "./statx.ts";
export type { MemoryRange } from "./maps.ts";
