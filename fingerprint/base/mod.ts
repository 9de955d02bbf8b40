/**
 * What is the machine's base distribution: by the database of its package manager, or by a built-in list.
 *
 * @module
 */
export { type BaseOverrides, BasePaths, type Origin } from "./programs.ts";
export { APK_DATABASES } from "./apk.ts";
export { DIVERSIONS, readDiversions } from "./diversions.ts";
export { DPKG_INFO, DPKG_STATUS } from "./dpkg.ts";
export { PACMAN_LOCAL, pacmanSection } from "./pacman.ts";
export { addTo, baseName, denoFiles, type Files, mergePath, own, type Steps } from "./database/mod.ts";
export { isKnownName } from "./known_names.ts";
export { appletKeepsName } from "./services.ts";
export { BaseWatch } from "./watch.ts";
