/**
 * The command line: the commands and their flags as data, the parser of arguments, and the texts of `--help`.
 *
 * @module
 */
export type { CheckConfigOptions } from "./check_config.ts";
export type { CheckOptions, LearnOptions } from "./baseline.ts";
export { type Command, type Flag, SWITCHES, takesValue } from "./command.ts";
export { COMMAND_SET, type CommandSet, PROGRAM, SUMMARY } from "./commands.ts";
export type { ExplainOptions } from "./explain.ts";
export { helpText } from "./help.ts";
export { type CommandLine, parseCommandLine } from "./parser.ts";
export { type ServeOptions } from "./serve.ts";
export type { ContextOptions } from "./shared_flags.ts";
export type { TopOptions, TreeOptions } from "./tree.ts";
export { type TraceOptions } from "./trace.ts";
export { shown, UsageError } from "./usage_error.ts";
