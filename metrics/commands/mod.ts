/**
 * What each command does.
 *
 * @module
 */
export { runProgram } from "./program.ts";
