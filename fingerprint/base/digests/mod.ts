/**
 * What the packages of a root say of the content of their programs, read when it is asked for.
 *
 * @module
 */
export { type Algorithm, type Digests, type Expected } from "./expected.ts";
export { databaseState, lockFiles, readDigests, readsAll } from "./reading.ts";
