/**
 * Whether a name was made by a machine.
 *
 * @module
 */
export { type ElementVerdict, judgePath } from "./judge.ts";
export { doubtOf, shapeOf } from "./shape.ts";
