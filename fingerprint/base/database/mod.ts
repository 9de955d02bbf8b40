/**
 * What every reader of a package database uses: files under a root, their paths, reading in steps, what packages require.
 *
 * @module
 */
export { denoFiles, type Files } from "./files.ts";
export { addTo, type BasePackages, type Closure, closure, NO_PACKAGE } from "./packages.ts";
export { baseName, mayRun, mergePath, own } from "./paths.ts";
export { finish, type Steps } from "./steps.ts";
