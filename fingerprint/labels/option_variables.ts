/**
 * Variables of the environment that hold options, or a prompt, for an interpreter: some have code run, most don't.
 *
 * @module
 */

/** Options of java(1) whose value is code's place: agents, other classes of its own, files of options, what runs on an error. */
const loadsJava = (value: string): boolean =>
  /(?:^|\s)["']?(?:-javaagent:|-agentpath:|-agentlib:[^\s=]*\/|-Xbootclasspath|--patch-module|--upgrade-module-path|-XX:(?:Flags|On\w*Error)=|@)/
    .test(value);

/** `NAME` → whether a value has code loaded. */
const LOADS: Readonly<Record<string, (value: string) => boolean>> = {
  // perlrun(1), PERL5OPT: -[CDIMTUWdmtw] only, with or without the hyphen; -M, -m, -I and -d load.
  PERL5OPT: (value) => /[MmId]/.test(value),
  // ruby(1), RUBYOPT: letters that may be combined, with or without the hyphen; -r and -I load. -W and -E have values.
  RUBYOPT: (value) => value.split(/\s+/).some((word) => /^-?(?:W\d|[A-DF-HJ-VX-Za-qs-z\d])*[rI]/.test(word)),
  // node(1), NODE_OPTIONS: words, which may be quoted, with `_` as good as `-`.
  NODE_OPTIONS: (value) =>
    /(?:^|\s)-(?:r|-(?:require|import|(?:experimental-)?loader)(?=[=\s]|$))/
      .test(value.replace(/["\\]/g, "").replaceAll("_", "-")),
  JAVA_TOOL_OPTIONS: loadsJava,
  JDK_JAVA_OPTIONS: loadsJava,
  // HotSpot's own, behind all others (src/hotspot/share/runtime/arguments.cpp).
  _JAVA_OPTIONS: loadsJava,
  // bash(1), EXPANSION, before each command of a script that is traced (`-x`, or SHELLOPTS from the environment): commands, and
  // what takes other variables for text with commands in it (arithmetic by a name, `${!x}`, `${x@P}`).
  PS4: (value) => /`|\$[([]|\$\{(?:[\s|!]|[^}]*?(?:[[:]\s*[A-Za-z_]|@P))/.test(value),
};

/**
 * Whether a variable, `NAME=value`, has its interpreter load code. True where a value was cut at `most` bytes, since nobody knows
 * how it goes on.
 */
export function loadsCode(variable: string, most: number): boolean {
  const sign = variable.indexOf("="), loads = LOADS[variable.slice(0, sign)];
  return loads !== undefined && (variable.length >= most - 1 || loads(variable.slice(sign + 1)));
}
