/**
 * The short name of a program, and the rules of people's own that change it.
 *
 * @module
 */
export { LabelChanges } from "./changes.ts";
export { Claim } from "./claim.ts";
export { escapeCharacter, escapeJudged, escapeName, SYSTEMD, USER_MANAGER } from "./escape.ts";
export { Labeller, type Renames, type RootRule } from "./labeller.ts";
export type { Executable, LabelRule, ProgramLabel } from "./program_label.ts";
export { contextFlags, type ExecContext, type ExecutedInterpreter, executedInterpreter } from "./exec_context.ts";
export { compileExpression, ExpressionError, loadExpressions } from "./expressions.ts";
export { ancestryOf, isTree, labelsOf, matchesPieces, parsePattern, PatternError, patternOf } from "./pattern.ts";
export { PatternSet } from "./pattern_set.ts";
export { Flag, type FlagName, flagNames, FLAGS, ORDINARY } from "./flags.ts";
export { entersRoots } from "./root_entrances.ts";
export { CompiledRules, NO_RULES, type RenameRule, RuleError, type Rules } from "./rules.ts";
export { DEEPER_ID, isCollective, isRandom, LabelTable, OTHER_ID, OVERFLOW_ID, plain } from "./table.ts";
