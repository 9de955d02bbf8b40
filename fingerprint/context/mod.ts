/**
 * Who launched it: the unit, the container and the pod of a process, by its control group.
 *
 * @module
 */
export { NOWHERE, placeIn, type ProcessPlace } from "./place.ts";
