/**
 * Whether a name was made by a machine.
 *
 * @module
 */
export { type ElementVerdict, judgePath } from "./judge.ts";
export { isUnlikely, shapeOf } from "./shape.ts";
