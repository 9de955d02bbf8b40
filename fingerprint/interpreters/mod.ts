/**
 * What an interpreter runs, by its own grammar of options.
 *
 * @module
 */
export { findInterpreter, findProgram, type Interpreter, type Program } from "./command_line.ts";
export { unwrapped } from "./names.ts";
