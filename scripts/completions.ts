/**
 * Completions for bash, zsh and fish, made from the table of commands and flags like `--help`:
 *
 *     deno run -A scripts/completions.ts bash|zsh|fish
 *
 * @module
 */

import {
  type Command,
  COMMAND_SET,
  type CommandSet,
  type Flag,
  PROGRAM,
  SWITCHES,
  takesValue,
} from "../metrics/command_line/mod.ts";

/** The shells, each with the path of its file below /usr/share in the packages. */
export const SHELLS = {
  bash: `bash-completion/completions/${PROGRAM}`,
  zsh: `zsh/vendor-completions/_${PROGRAM}`,
  fish: `fish/vendor_completions.d/${PROGRAM}.fish`,
} as const;
export type Shell = keyof typeof SHELLS;

const HEAD = "# Made from the table of commands and flags by scripts/completions.ts.";

/** How a flag is typed: `--name=`, `--name`, `--no-name`. */
function typed(flag: Flag): string {
  return takesValue(flag) ? `--${flag.name}=` : flag.default ? `--no-${flag.name}` : `--${flag.name}`;
}

function flagsOf(command: Command): Flag[] {
  return Object.values(command.flags);
}

/** Each flag once, though several commands have it. */
function allFlags({ commands }: CommandSet): Flag[] {
  return [...new Map(commands.flatMap(flagsOf).map((flag) => [flag.name, flag])).values()];
}

/** Words that may stand first, with a sentence about each: the commands of one word and the groups. */
function firstWords({ commands, groups }: CommandSet): [word: string, help: string][] {
  const single = commands.filter(({ name }) => !name.includes(" ")).map((
    { name, help },
  ): [string, string] => [name, help]);
  return [...single, ...Object.entries(groups)];
}

/** Words that may stand second, by the first. */
function secondWords({ commands, groups }: CommandSet): [group: string, words: [word: string, help: string][]][] {
  return Object.keys(groups).map((group) => {
    const own = commands.filter(({ name }) => name.startsWith(`${group} `));
    return [group, own.map(({ name, help }) => [name.slice(group.length + 1), help])];
  });
}

/** A text between single quotes, as POSIX shells and fish read it. */
function quote(text: string, escape: "'\\''" | "\\'" = "'\\''"): string {
  return `'${text.replaceAll("'", escape)}'`;
}

const words = (list: readonly (readonly [string, string])[]) => list.map(([word]) => word).join(" ");

/** Reads what was typed up to the cursor; `--flag=value` is three words for bash, as `=` divides them. */
function bash(set: CommandSet): string {
  const switches = SWITCHES.map(({ name }) => `--${name}`);
  const values = allFlags(set).filter(takesValue).map((flag) => {
    const reply = flag.choices !== undefined
      ? `COMPREPLY=($(compgen -W ${quote(flag.choices.join(" "))} -- "$cur"))`
      : flag.placeholder === "FILE"
      ? `COMPREPLY=($(compgen -f -- "$cur")); compopt -o filenames`
      : ":";
    return `    --${flag.name}) ${reply}; return ;;`;
  });
  const flags = set.commands.map((command) =>
    `    ${command === set.byDefault ? `'' | ` : ""}${quote(command.name)}) flags=${
      quote([...flagsOf(command).map(typed), ...switches].join(" "))
    } ;;`
  );
  const groups = secondWords(set).map(([group, second]) => `    ${group}) words=${quote(words(second))} ;;`);
  return `${HEAD}
_cnproc_exporter() {
  local cur=\${COMP_WORDS[COMP_CWORD]} flag=\${COMP_WORDS[COMP_CWORD - 1]} command='' flags='${
    switches.join(" ")
  }' words='' word
  if [[ $cur == = ]]; then
    cur=''
  elif [[ $flag == = ]]; then
    flag=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case $flag in
${values.join("\n")}
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case " ${
    [...words(firstWords(set)).split(" "), ...secondWords(set).flatMap(([, second]) => second.map(([w]) => w))].join(
      " ",
    )
  } " in
    *" $word "*) command+="\${command:+ }$word" ;;
    esac
  done
  case $command in
${flags.join("\n")}
  esac
  case $command in
    '') words=${quote(words(firstWords(set)))} ;;
${groups.join("\n")}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
    [[ \${COMPREPLY[0]-} == *= ]] && compopt -o nospace
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
  return 0
}
complete -F _cnproc_exporter ${PROGRAM}
`;
}

/** A flag as _arguments of zsh takes it. */
function zshFlag(flag: Flag): string {
  const help = flag.help.replaceAll(/[[\]\\:]/g, "\\$&");
  if (!takesValue(flag)) return quote(`${typed(flag)}[${help}]`);
  const action = flag.choices !== undefined
    ? `(${flag.choices.join(" ")})`
    : flag.placeholder === "FILE"
    ? "_files"
    : " ";
  const value = flag.placeholder.replaceAll("|", " or ").replaceAll(":", "\\:");
  return quote(`${flag.repeatable === true ? "*" : ""}${typed(flag)}[${help}]:${value}:${action}`);
}

function zsh(set: CommandSet): string {
  const switches = SWITCHES.map(({ name, help }) => quote(`--${name}[${help}]`));
  const described = (list: readonly (readonly [string, string])[]) =>
    list.map(([word, help]) => quote(`${word}:${help.replaceAll(":", "\\:")}`)).join(" ");
  const flags = set.commands.map((command) =>
    `    (${command === set.byDefault ? `|` : ""}${command.name.replace(" ", "\\ ")}) flags=(\n${
      [...flagsOf(command).map(zshFlag), ...switches].map((line) => `      ${line}`).join("\n")
    }\n    ) ;;`
  );
  const groups = secondWords(set).map(([group, second]) =>
    `      (${group}) list=(${described(second)}); _describe command list ;;`
  );
  const known = [...firstWords(set), ...secondWords(set).flatMap(([, second]) => second)];
  return `#compdef ${PROGRAM}
${HEAD}
_cnproc_exporter() {
  local word command='' state
  local -a flags list
  for word in \${words[2,CURRENT-1]}; do
    case $word in
      (${[...new Set(known.map(([name]) => name))].join("|")}) command+=\${command:+ }$word ;;
    esac
  done
  flags=(${switches.join(" ")})
  case $command in
${flags.join("\n")}
  esac
  _arguments $flags '*: :->words'
  if [[ $state == words ]]; then
    case $command in
      ('') list=(${described(firstWords(set))}); _describe command list ;;
${groups.join("\n")}
      (*) _files ;;
    esac
  fi
}
_cnproc_exporter "$@"
`;
}

function fish(set: CommandSet): string {
  const q = (text: string) => quote(text, "\\'");
  const first = words(firstWords(set));
  const lines = firstWords(set).map(([word, help]) =>
    `complete -c ${PROGRAM} -n ${q(`not __fish_seen_subcommand_from ${first}`)} -f -a ${word} -d ${q(help)}`
  );
  for (const [group, second] of secondWords(set)) {
    for (const [word, help] of second) {
      const when = `__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${words(second)}`;
      lines.push(`complete -c ${PROGRAM} -n ${q(when)} -f -a ${word} -d ${q(help)}`);
    }
  }
  for (const command of set.commands) {
    const seen = command.name.split(" ").map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    const when = command === set.byDefault ? `${seen}; or not __fish_seen_subcommand_from ${first}` : seen;
    for (const flag of flagsOf(command)) {
      const values = !takesValue(flag)
        ? "-f"
        : flag.choices !== undefined
        ? `-x -a ${q(flag.choices.join(" "))}`
        : flag.placeholder === "FILE"
        ? "-r -F"
        : "-x";
      const name = typed(flag).replace(/^--/, "").replace(/=$/, "");
      lines.push(`complete -c ${PROGRAM} -n ${q(when)} -l ${name} ${values} -d ${q(flag.help)}`);
    }
  }
  for (const { name, short, help } of SWITCHES) {
    lines.push(`complete -c ${PROGRAM} ${short === undefined ? "" : `-s ${short} `}-l ${name} -f -d ${q(help)}`);
  }
  return [HEAD, ...lines, ""].join("\n");
}

/** The completions of a shell. */
export function completions(shell: Shell, set: CommandSet = COMMAND_SET): string {
  return { bash, zsh, fish }[shell](set);
}

if (import.meta.main) {
  const [shell] = Deno.args;
  if (shell === undefined || !(shell in SHELLS)) {
    console.error(`Cannot make completions for ${shell ?? "no shell"}: want ${Object.keys(SHELLS).join(", ")}`);
    Deno.exit(2);
  }
  console.log(completions(shell as Shell).trimEnd());
}
