/**
 * What README and docs tell people to type: fenced blocks, the commands in them, and commands between backticks.
 *
 * @module
 */

const ROOT = new URL("../../", import.meta.url);

/** A block between fences. */
export interface Block {
  /** `docs/api.md` */
  readonly file: string;
  /** Of its fence, from 1. */
  readonly line: number;
  /** `sh` is a script, `console` a session: lines after `$ ` or `# ` are typed, the others are what came of it. */
  readonly language: string;
  readonly text: string;
}

/** A command of a session, or a script. */
export interface Typed {
  readonly file: string;
  readonly line: number;
  readonly command: string;
  /** What the document shows as its output; empty for a script. */
  readonly output: string;
}

/** Paths of all documents for people, from the root of the checkout. */
export function documents(): string[] {
  const docs = [...Deno.readDirSync(new URL("docs/", ROOT))].filter(({ name }) => name.endsWith(".md"));
  return ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...docs.map(({ name }) => `docs/${name}`).sort()];
}

/** The text of a file of the checkout. */
export function textOf(file: string): string {
  return Deno.readTextFileSync(new URL(file, ROOT));
}

/** The blocks of a document, in their order. */
export function blocksOf(file: string, text = textOf(file)): Block[] {
  return [...text.matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gms)].map((match) => ({
    file,
    line: text.slice(0, match.index).split("\n").length,
    language: match[2]!,
    text: match[3]!,
  }));
}

/** What a block wants typed. */
export function typedIn({ file, line, language, text }: Block): Typed[] {
  if (language === "sh") return [{ file, line, command: text.trim(), output: "" }];
  if (language !== "console") return [];
  // A line that ends in a backslash goes on in the next one.
  return [...text.matchAll(/^[$#] ((?:.*\\\n)*.*)\n((?:(?![$#] ).*\n)*)/gm)].map((match) => ({
    file,
    line: line + text.slice(0, match.index).split("\n").length,
    command: match[1]!,
    output: match[2]!,
  }));
}

/** What stands between backticks in a document, outside of blocks, in one line each. */
export function inlineCode(text: string): string[] {
  const prose = text.replace(/^( *)```.*?^\1```$/gms, "");
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, code]) => code!.replace(/\s+/g, " "));
}

/**
 * The arguments with which a shell's text runs the exporter: one list for each time. Words end where a shell's do; quotes hold
 * a word together.
 */
export function invocations(script: string): string[][] {
  const joined = script.replace(/\\\n\s*/g, " ");
  const names = /(?:^|[\s(;&|])(?:[\w.~/-]*\/)?(?:cnproc-exporter|"\$exporter")(?=\s|$)/gm;
  return [...joined.matchAll(names)].flatMap((match) => {
    const before = joined.slice(joined.lastIndexOf("\n", match.index) + 1, match.index + 1);
    // The name of a package, a unit, an image or a chart is no run of the program.
    if (/\b(?:systemctl|journalctl|apt|dnf|docker|helm|man)\b|#/.test(before)) return [];
    return [wordsOf(joined.slice(match.index + match[0].length))];
  });
}

/** The words up to the end of a simple command. */
function wordsOf(rest: string): string[] {
  const words: string[] = [];
  for (const [, space, word, end] of rest.matchAll(/([ \t]+)|((?:'[^']*'|"[^"]*"|[^\s'"|&;<>()#])+)|([^])/g)) {
    if (end !== undefined) break;
    if (space !== undefined) continue;
    words.push(word!.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"));
  }
  // `2` of `2> file` is no argument.
  if (/^(?:[^\n]*?)\s\d>/.test(rest) && /^\d$/.test(words.at(-1) ?? "")) words.pop();
  return words;
}
