/**
 * The manual page cnproc-exporter(8), in mdoc(7), made from the table of commands and flags like `--help`:
 *
 *     deno run -A scripts/manual.ts > cnproc-exporter.8
 *
 * @module
 */

import {
  type Command,
  COMMAND_SET,
  type CommandSet,
  type Flag,
  PROGRAM,
  SUMMARY,
  SWITCHES,
  takesValue,
} from "../metrics/command_line/mod.ts";

/** Names of macros that mdoc(7) would call where they stand as an argument of another macro's line. */
const CALLABLE = /^[A-Z%][A-Za-z0-9]{1,2}$/;

/** Characters of a line of text, at most: mandoc's style, with room for escapes. */
const LINE = 72;

/** Text for a line of its own: nothing in it is read as markup. */
export function escapeText(text: string): string {
  const escaped = text.replaceAll("\\", "\\e").replaceAll("…", "\\&...").replaceAll("–", "\\(en").replaceAll(
    "µ",
    "\\(mc",
  );
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

/** One argument of a macro. */
export function escapeArgument(text: string): string {
  const escaped = text.replaceAll("\\", "\\e").replaceAll('"', "\\(dq").replaceAll("…", "\\&...").replaceAll(
    "-",
    "\\-",
  );
  const guarded = CALLABLE.test(escaped) ? `\\&${escaped}` : escaped;
  return /[\s"]/.test(guarded) || guarded === "" ? `"${guarded}"` : guarded;
}

/** Sentences, each on its own line, as mdoc(7) wants them. */
function sentences(text: string): string[] {
  return text.split(/(?<=[A-Za-z0-9)\]"'`][.!?]) +(?=[A-Z0-9])/).flatMap(wrap).map(escapeText);
}

/** Lines of at most {@link LINE} characters. */
function wrap(text: string): string[] {
  const lines: string[] = [""];
  for (const word of text.split(/ +/)) {
    const line = lines.at(-1)!;
    if (line !== "" && line.length + 1 + word.length > LINE) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}

function flagItem(flag: Flag): string[] {
  if (!takesValue(flag)) {
    const [usage, state] = flag.default ? [`no-${flag.name}`, "On"] : [flag.name, "Off"];
    return [`.It Fl \\-${escapeArgument(usage)}`, ...sentences(`${flag.help} ${state} by default.`)];
  }
  const value = flag.default === undefined ? "" : ` Default: ${flag.default}`;
  const repeatable = flag.repeatable === true ? " Repeatable." : "";
  // More choices than fit into a line can't be broken where they stand: text lists them.
  const listed = (flag.choices?.join("|").length ?? 0) > LINE ? ` One of ${flag.choices!.join(", ")}.` : "";
  const argument = flag.choices === undefined || listed !== ""
    ? `Ns = Ns Ar ${escapeArgument(flag.placeholder)}`
    : `Ns = Ns ${flag.choices.map((choice) => `Cm ${escapeArgument(choice)}`).join(" Ns | Ns ")}`;
  return [
    `.It Fl \\-${escapeArgument(flag.name)} ${argument}`,
    ...sentences(`${flag.help}${listed}${repeatable}${value}`),
  ];
}

function flagList(flags: readonly Flag[]): string[] {
  return flags.length === 0 ? [] : [".Bl -tag -width Ds", ...flags.flatMap(flagItem), ".El"];
}

function commandSection(command: Command, isDefault: boolean): string[] {
  const { operands } = command;
  const arguments_ = operands === undefined ? [] : [
    ".Pp",
    ...sentences(`${operands.placeholder}: ${operands.help}`),
  ];
  return [
    `.Ss ${command.name}${isDefault ? " (the default)" : ""}`,
    ...sentences(command.help),
    ...(command.details ?? []).flatMap((paragraph) => [".Pp", ...paragraph.split("\n").flatMap(sentences)]),
    ...arguments_,
    ...flagList(Object.values(command.flags)),
  ];
}

function synopsisLine(command: Command, isDefault: boolean): string[] {
  const words = command.name.split(" ").map((word) => `Cm ${escapeArgument(word)}`).join(" ");
  const { operands } = command;
  const lines = [".Nm", isDefault ? `.Op ${words}` : `.${words}`, ".Op Ar flag ..."];
  if (operands !== undefined) {
    const some = `Ar ${escapeArgument(operands.placeholder)}${operands.most > 1 ? " ..." : ""}`;
    lines.push(operands.least === 0 ? `.Op ${some}` : `.${some}`);
    if (operands.commandLine !== undefined) lines.push(`.Op Fl \\- Ar ${escapeArgument(operands.commandLine)}`);
  }
  return lines;
}

/** What the page says beside the commands; the texts are mdoc(7). */
const BEFORE_COMMANDS = `.Sh DESCRIPTION
.Nm
hears of every process launch from the kernel's proc connector and of every
end from taskstats, names each process by the labels of its ancestors, such as
.Li /sshd/base/server.sh/sudo/base/pstree ,
and answers scrapes of Prometheus on
.Pa /metrics .
.Pp
Flags may be written
.Fl \\-flag Ns = Ns Ar value
or
.Fl \\-flag Ar value ,
before or after the command.
It takes no orders from the environment, but those of the service manager.`;

const AFTER_COMMANDS = `.Sh ENVIRONMENT
.Bl -tag -width Ds
.It Ev NOTIFY_SOCKET , WATCHDOG_USEC , WATCHDOG_PID
Set by the service manager, see
.Xr sd_notify 3 .
.It Ev JOURNAL_STREAM
Set by it too, see
.Xr systemd.exec 5 :
where standard error is the journal, lines have their priority in front.
.El
.Sh FILES
.Bl -tag -width Ds
.It Pa /etc/default/cnproc\\-exporter
.Ev ARGS :
the flags that the service is started with.
.It Pa /etc/cnproc\\-exporter/cnproc\\-exporter.yml
The configuration file that the service reads.
.It Pa /var/log/cnproc\\-exporter
Where the service may write an event log.
.El
.Sh EXIT STATUS
.Bl -tag -width Ds
.It 0
The work is done, or a signal ended it in good order.
.It 1
Something failed: one line says what, and what helps.
.It 2
The command line can't be followed.
.El
.Sh SIGNALS
.Bl -tag -width Ds
.It Dv SIGTERM , SIGINT
Answers what is under way, takes the kernel's subscriptions back and ends.
.It Dv SIGHUP
Reads the configuration again, and opens the event log again.
.El
.Sh EXAMPLES
Watch this machine and look at what it runs:
.Bd -literal -offset indent
sudo cnproc\\-exporter &
curl \\-s localhost:9501/metrics | grep launches_total
.Ed
.Pp
What is odd on another machine, and what it launches now:
.Bd -literal -offset indent
cnproc\\-exporter tree \\-\\-url=http://web\\-1:9501 \\-\\-unexpected
cnproc\\-exporter trace \\-\\-url=http://web\\-1:9501 \\-\\-joined
cnproc\\-exporter trace \\-\\-url=http://web\\-1:9501 \\-\\-unit=nginx
.Ed
.Pp
Learn for a day what is usual, look whether the file can be used, and mark
what isn't usual from then on:
.Bd -literal -offset indent
sudo cnproc\\-exporter baseline learn \\-\\-for=24h baseline.yml
cnproc\\-exporter check\\-config \\-\\-baseline.file=baseline.yml
sudo cnproc\\-exporter \\-\\-baseline.file=baseline.yml
.Ed
.Pp
Why a program, a process or a command line is called what it is:
.Bd -literal -offset indent
cnproc\\-exporter explain /usr/sbin/sshd
cnproc\\-exporter explain 4711
cnproc\\-exporter explain \\-\\- python3 /srv/top.py
.Ed
.Sh SEE ALSO
.Xr prometheus 1 ,
.Xr systemd 1 ,
.Xr proc 5 ,
.Xr capabilities 7 ,
.Xr netlink 7
.Sh CAVEATS
In a pid, user or network namespace of its own the kernel sends no events: then
.Nm
polls
.Pa /proc
and says so.`;

/** The page. `time` is that of the last change, in seconds since 1970. */
export function manualPage(time: number, set: CommandSet = COMMAND_SET): string {
  const date = new Date(time * 1000);
  const month = date.toLocaleString("en-US", { month: "long", timeZone: "UTC" });
  const isDefault = (command: Command) => command === set.byDefault;
  const switches = SWITCHES.flatMap(({ name, short, help }) => [
    `.It ${short === undefined ? "" : `Fl ${short} , `}Fl \\-${name}`,
    ...sentences(help),
  ]);
  return [
    `.\\" Made from the table of commands and flags by scripts/manual.ts.`,
    `.Dd ${month} ${date.getUTCDate()}, ${date.getUTCFullYear()}`,
    `.Dt ${PROGRAM.toUpperCase().replaceAll("-", "\\-")} 8`,
    ".Os",
    ".Sh NAME",
    `.Nm ${PROGRAM}`,
    `.Nd ${escapeText(SUMMARY.replace(`${PROGRAM} watches`, "watch").replace(" counts", " count").replace(/\.$/, ""))}`,
    ".Sh SYNOPSIS",
    ...set.commands.flatMap((command) => synopsisLine(command, isDefault(command))),
    ...BEFORE_COMMANDS.split("\n"),
    ".Sh COMMANDS",
    ...set.commands.flatMap((command) => commandSection(command, isDefault(command))),
    ".Ss Flags of all commands",
    ".Bl -tag -width Ds",
    ...switches,
    ".El",
    ...AFTER_COMMANDS.split("\n"),
    "",
  ].join("\n");
}

if (import.meta.main) {
  console.log(manualPage(Math.floor(Date.now() / 1000)).trimEnd());
}
