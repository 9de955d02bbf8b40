/**
 * What a process runs: looked at in its exec, named later where it had gone, in whichever root it is.
 *
 * @module
 */
export { type ClaimRoots, Claims } from "./claims.ts";
export { MachineFiles } from "./machine_files.ts";
export { type BaseProgram } from "./labelled.ts";
export { learnKnownExecutables } from "./known_executables.ts";
export { UNSEEN } from "./marks.ts";
export { Left, Programs } from "./naming.ts";
export { NamedBy } from "./numbers.ts";
export { type ProcessReader, readProgram } from "./reading.ts";
export { type RootReadings } from "./pending_readings.ts";
export { RootFiles } from "./root_files.ts";
export { RootReader, type RootRequest } from "./root_readings.ts";
export { RootSnapshot } from "./root_snapshot.ts";
export { HOST, Roots } from "./roots.ts";
