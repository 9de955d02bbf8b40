/**
 * The short name of a program, and the rules that an operator gives it by.
 *
 * @module
 */
export { escapeName, type Executable, Labeller, type LabelRule, type ProgramLabel, type Renames } from "./labeller.ts";
export { entersRoots } from "./root_entrances.ts";
export { CompiledRules, loadExpressions, NO_RULES, type RenameRule, RuleError, type Rules } from "./rules.ts";
export { isRandom, LabelTable, OVERFLOW_ID, plain } from "./table.ts";
