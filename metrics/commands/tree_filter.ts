/**
 * Which trees are shown: the filter that a person writes.
 *
 * @module
 */

import {
  compileExpression,
  ExpressionError,
  loadExpressions,
  PatternError,
  PatternSet,
} from "../../fingerprint/mod.ts";
import { shown, UsageError } from "../command_line/mod.ts";

export type TreeFilter = (tree: string) => boolean;

/**
 * Reads the value of `--filter`, or of another flag: what begins with `/` is a pattern of trees, anything else an expression of RE2 that is
 * searched for in them. Throws a {@link UsageError}.
 */
export async function readTreeFilter(text: string, flag = "filter"): Promise<TreeFilter> {
  try {
    if (text.startsWith("/")) {
      const patterns = new PatternSet([text]);
      return (tree) => patterns.matches(tree);
    }
    await loadExpressions();
    const expression = compileExpression(text);
    return (tree) => expression.matcher(tree).find();
  } catch (error) {
    if (!(error instanceof PatternError || error instanceof ExpressionError)) throw error;
    const problem = error instanceof PatternError
      ? `it ${error.message}; want a tree such as /sshd/**, or an expression such as ^/sshd/`
      : error.message;
    throw new UsageError(text, `Cannot use ${shown(text)} for --${flag}: ${problem}`);
  }
}
