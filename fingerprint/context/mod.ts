/**
 * Who launched it: the unit, the container and the pod of a process, by its control group.
 *
 * @module
 */
export { type ContextChanges, Contexts, UNKNOWN_CONTEXT, UNTOLD } from "./contexts.ts";
export type { Runtime } from "./containers.ts";
export { unitFamily } from "./units.ts";
export { NOWHERE, placeIn, type ProcessPlace } from "./place.ts";
