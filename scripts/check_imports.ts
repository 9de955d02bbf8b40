/**
 * Keeps the shape of the sources: which folder may import which, and which one file may use the dangerous doors.
 * Part of `deno task ok`; prints one line per violation and ends with 1 if there is one.
 *
 * @module
 */

/** Folder of a source file (`""` for main.ts) → folders it may import, always through their `mod.ts`. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "": ["metrics", "fingerprint", "netlink"],
  metrics: ["fingerprint"],
  fingerprint: ["netlink"],
  netlink: [],
};

/** Members of `Deno` → the only file that may use them. */
const OWNER_OF: Readonly<Record<string, string>> = {
  dlopen: "netlink/libc.ts",
  args: "main.ts",
  env: "main.ts",
  exit: "main.ts",
  exitCode: "main.ts",
};

/** Modules that lead around {@link OWNER_OF}. */
const BACK_DOORS: readonly string[] = ["node:process", "node:child_process"];

/** The only reader of /proc. */
const PROC_READER = "fingerprint/procfs.ts";

/** Literals that look like a path under /proc and are none that is read, with the reason. */
const NOT_READ: ReadonlyArray<{ file: string; literal: string; why: string }> = [
  { file: "netlink/child.ts", literal: "/proc/self/exe", why: "executed, as the self-test's last resort" },
  { file: "fingerprint/interpreters.ts", literal: "/proc/self/fd/0", why: "compared with an argument" },
];

/** What breaks a rule, and where. */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** A piece of source text: a name, a string without its quotes, or one character of punctuation. */
export interface Token {
  readonly kind: "name" | "string" | "punctuation";
  readonly text: string;
  readonly line: number;
}

/** Names after which a slash begins a regular expression; after any other name it divides. */
const BEFORE_EXPRESSION = new Set(
  "return typeof case in of do else void delete throw new await yield instanceof".split(" "),
);

/**
 * Splits TypeScript into tokens: comments, numbers and regular expressions are left out. A template literal gives one
 * string, with `${}` where code stood, after the tokens of that code.
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;

  function take(length: number): string {
    const text = source.slice(at, at + length);
    for (const char of text) if (char === "\n") line++;
    at += length;
    return text;
  }

  /** Takes what stands before the next `end`, and `end`; without one, all the rest. */
  function takePast(end: string): void {
    const found = source.indexOf(end, at + 2);
    take(found < 0 ? source.length - at : found + end.length - at);
  }

  function quoted(quote: string): void {
    const start = line;
    let text = "";
    take(1);
    while (at < source.length && source[at] !== quote) {
      if (source[at] === "\\") {
        text += take(2);
      } else if (quote === "`" && source.startsWith("${", at)) {
        take(2);
        code("}");
        text += "${}";
      } else {
        text += take(1);
      }
    }
    take(1);
    tokens.push({ kind: "string", text, line: start });
  }

  function regularExpression(): void {
    let inClass = false;
    take(1);
    while (at < source.length && (inClass || source[at] !== "/") && source[at] !== "\n") {
      if (source[at] === "[") inClass = true;
      if (source[at] === "]") inClass = false;
      take(source[at] === "\\" ? 2 : 1);
    }
    take(1);
  }

  function dividesHere(): boolean {
    const last = tokens.at(-1);
    if (last === undefined) return false;
    if (last.kind === "name") return !BEFORE_EXPRESSION.has(last.text);
    return last.kind === "string" || ")]}".includes(last.text);
  }

  /** Reads up to `end` at the depth it began with, or to the end of the text. */
  function code(end: string): void {
    let depth = 0;
    while (at < source.length) {
      const char = source[at]!;
      if (char === end && depth === 0) {
        take(1);
        return;
      }
      if (/\s/.test(char)) take(1);
      else if (source.startsWith("//", at)) takePast("\n");
      else if (source.startsWith("/*", at)) takePast("*/");
      else if (char === '"' || char === "'" || char === "`") quoted(char);
      else if (char === "/" && !dividesHere()) regularExpression();
      else {
        const name = /^[\p{ID_Start}$_#][\p{ID_Continue}$]*|^\d[\w.]*/u.exec(source.slice(at, at + 128))?.[0];
        if (char === "{") depth++;
        if (char === "}") depth--;
        tokens.push({ kind: name === undefined ? "punctuation" : "name", text: name ?? char, line });
        take((name ?? char).length);
      }
    }
  }

  code("");
  return tokens;
}

/** The modules a file names after `from`, `import` or in `import(…)`. */
function imports(tokens: readonly Token[]): Token[] {
  return tokens.filter((token, i) => {
    if (token.kind !== "string") return false;
    const before = tokens[i - 1];
    if (before?.text === "(") return tokens[i - 2]?.text === "import";
    return before?.kind === "name" && (before.text === "from" || before.text === "import");
  });
}

function folderOf(file: string): string {
  return file.includes("/") ? file.slice(0, file.indexOf("/")) : "";
}

function checkImport(file: string, specifier: string): string | undefined {
  if (BACK_DOORS.includes(specifier)) return `imports ${specifier}, want Deno's own API in its owner`;
  if (!specifier.startsWith(".")) return undefined;
  const target = new URL(specifier, `file:///${file}`).pathname.slice(1);
  const from = folderOf(file);
  const to = folderOf(target);
  if (from === to) return undefined;
  if (!MAY_IMPORT[from]?.includes(to)) {
    return `imports ${target}, want only ${MAY_IMPORT[from]?.join(", ") || "its own folder"}`;
  }
  if (target !== `${to}/mod.ts`) return `imports ${target}, want ${to}/mod.ts: a folder has one door`;
  return undefined;
}

function checkDeno(file: string, next: Token | undefined, member: Token | undefined): string | undefined {
  if (next?.text !== ".") return "uses Deno as a value, want Deno.<member>, which can be checked";
  const owner = OWNER_OF[member?.text ?? ""];
  return owner === undefined || owner === file ? undefined : `uses Deno.${member?.text}, want it only in ${owner}`;
}

function checkLiteral(file: string, text: string): string | undefined {
  if (file === PROC_READER || /\s/.test(text) || !/\/proc(\/|$)/.test(text)) return undefined;
  if (NOT_READ.some((exception) => exception.file === file && exception.literal === text)) return undefined;
  return `names the path ${text}, want it only in ${PROC_READER}`;
}

/** Checks one source file; `file` is its path from the root of the project. */
export function check(file: string, source: string): Violation[] {
  const tokens = tokenize(source);
  const found: Violation[] = [];
  const report = (line: number, message: string | undefined) => {
    if (message !== undefined) found.push({ file, line, message });
  };
  for (const token of imports(tokens)) report(token.line, checkImport(file, token.text));
  tokens.forEach((token, i) => {
    if (token.kind === "string") report(token.line, checkLiteral(file, token.text));
    if (token.kind === "name" && token.text === "Deno") {
      report(token.line, checkDeno(file, tokens[i + 1], tokens[i + 2]));
    }
  });
  return found;
}

/** The source files of a folder and the folders in it. */
async function* sourcesIn(root: string, folder: string): AsyncGenerator<string> {
  for await (const { name, isFile, isDirectory } of Deno.readDir(`${root}/${folder}`)) {
    if (isDirectory) yield* sourcesIn(root, `${folder}/${name}`);
    else if (isFile && /\.tsx?$/.test(name)) yield `${folder}/${name}`;
  }
}

/** The source files of the project: main.ts and everything in the folders of {@link MAY_IMPORT}. */
async function* sources(root: string): AsyncGenerator<string> {
  yield "main.ts";
  for (const folder of Object.keys(MAY_IMPORT)) if (folder !== "") yield* sourcesIn(root, folder);
}

if (import.meta.main) {
  const root = `${import.meta.dirname}/..`;
  const found: Violation[] = [];
  let files = 0;
  for await (const file of sources(root)) {
    files++;
    found.push(...check(file, await Deno.readTextFile(`${root}/${file}`)));
  }
  for (const { file, line, message } of found) console.error(`${file}:${line} ${message}`);
  if (found.length > 0) Deno.exit(1);
  console.log(`imports: ${files} files, no violation`);
}
