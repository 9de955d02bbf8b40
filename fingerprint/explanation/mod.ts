/**
 * Why a tree is what it is, for a person who asks.
 *
 * @module
 */
export { type ExplainedRule, Explainer, type Explanation, type ProcessExplanation } from "./explainer.ts";
export { type CommandLine, CommandLineError, parseCommandLine } from "./command_line.ts";
export { machineExplainer } from "./machine.ts";
