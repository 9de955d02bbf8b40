/** Names that look like others, that can't be seen, or that mean something to who reads the tree. @module */

import type { Technique } from "../technique.ts";

/** A copy of the payload under a name, given as bytes of printf(1). */
function named(id: string, bytes: string, what: string, honest: RegExp, more: Partial<Technique> = {}): Technique {
  const script = `name="$(printf '${bytes}x')"; name="\${name%x}"; cp $PAYLOAD "./$name"; "./$name"`;
  return { id, what, idea: "T1036.005", script, honest, ...more };
}

export const NAMES: readonly Technique[] = [
  named("called-base", "base", "a file called base", /^\\base|^base@/),
  named("called-random", "random", "a file called random", /^\\random|^random@/),
  named("called-other", "other", "a file called other", /^\\other|^other@/),
  named("called-star", "*", "a file called *", /^(?!\*$).+/),
  named("called-unknown", "unknown", "a file called unknown", /^\\unknown|^unknown@/),
  named("called-shell-unknown", "bash:\\?", "a file called bash:?", /^(?!bash:\?$).*bash/),
  named("called-mark", "ls@usr", "a file called ls@usr", /^ls.*usr/),
  named("called-mark-itself", "sshd@tmp", "a file called sshd@tmp", /^sshd.*tmp/),
  named("selector", "base\\357\\270\\217", "base and an invisible variation selector", /^base.*(?:fe0f|FE0F)/),
  named("joiner", "sshd\\315\\217", "sshd and an invisible grapheme joiner", /^sshd.*(?:34f|34F)/),
  named("braille-blank", "\\342\\240\\200", "the blank of Braille", /2800/),
  named("slash-alike", "sshd\\342\\210\\225base", "a division slash for a slash", /2215/),
  named("fraction-slash", "sshd\\342\\201\\204base", "a fraction slash for a slash", /2044/),
  named(
    "cyrillic",
    "\\321\\225\\321\\225hd",
    "sshd in letters of two scripts",
    /^(?!sshd)(?!\\u0455\\u0455hd$).*(?:455)/,
  ),
  named("right-to-left", "\\342\\200\\256dhss", "a name written from right to left", /(?:202e|202E)/, {
    idea: "T1036.002",
  }),
  named("zero-width", "ss\\342\\200\\213hd", "sshd with a space of no width", /(?:200b|200B)/),
  named("soft-hyphen", "ss\\302\\255hd", "sshd with a soft hyphen", /(?:ad|AD)/),
  named("hangul-filler", "sshd\\343\\205\\244", "sshd and a filler of Hangul", /3164/),
  named("no-break-space", "sshd\\302\\240", "sshd and a no-break space", /(?:a0|A0)/),
  named("trailing-space", "sshd ", "sshd and a space", /^sshd(?!$)/, { idea: "T1036.006" }),
  named("leading-space", " sshd", "a space and sshd", /^(?!sshd).*sshd/),
  named("trailing-dot", "sshd.", "sshd and a dot", /^sshd\./),
  named("newline", "ls\\nbase", "a line break in a name", /^ls.*base/),
  named("carriage-return", "own\\rls", "a carriage return in a name", /^own.+ls/),
  named("terminal", "own\\033[2Kls", "a terminal's control sequence in a name", /^own.+ls/),
  named("not-text", "ls\\377", "a byte that isn't text", /^ls.*(?:ff|FF)/),
  named("quotes", 'ls"} 1', "what ends a label of Prometheus", /^ls.+1/),
  named("capitals", "SSHD", "a service in capitals", /^SSHD/),
  named("kernel-worker", "[kworker\\342\\210\\2250:1]", "a kernel thread's name with a division slash", /2215/, {
    idea: "T1036.004",
  }),
  named("kernel-thread", "kthreadd", "a kernel thread's name", /^kthreadd@/, {
    idea: "T1036.004",
    flags: ["namesake"],
  }),
  named("kernel-brackets", "[kthreadd]", "a kernel thread's name in brackets", /^\[kthreadd\]@/, { idea: "T1036.004" }),
  named("kernel-swapper", "kswapd0", "the swap thread's name", /^kswapd.*@/, { idea: "T1036.004" }),
  named("first-program", "init", "called init", /^init@/, { flags: ["namesake"] }),
  named("fake-systemd", "systemd", "called systemd", /^systemd@/, { flags: ["namesake"] }),
  named("fake-systemd-unit", "systemd-journald", "called as one of systemd's services", /^systemd-journald@/),
  named("fake-versioned", "python3.11", "called as an interpreter with its version", /^python3.*@/),
  named("fake-numbered-shell", "sh4", "called sh4", /^sh4/),
  named("cyrillic-alone", "\\321\\225\\321\\225\\322\\273\\324\\201", "sshd in Cyrillic letters alone", /^\\u/),
  named(
    "full-width",
    "\\357\\275\\223\\357\\275\\223\\357\\275\\210\\357\\275\\204",
    "sshd in letters of full width",
    /^\\u/,
  ),
  named("mathematical", "\\360\\235\\227\\205\\360\\235\\227\\214", "ls in mathematical letters", /^\\u/),
  named("small-roman", "\\342\\205\\274s", "ls with a small Roman fifty", /^\\u/),
  named("random-name", "kq8zx3vw9jt2", "a machine-made name", /^random$|\*|^kq8/, { idea: "T1036.010" }),
  {
    id: "own-name-kernel",
    what: "a kernel thread's name as its own first argument",
    idea: "T1036.011",
    script: "$LAB/tricks argv0 '[kworker/0:1]' $PAYLOAD",
    honest: /^payload$/,
  },
  {
    id: "own-name-service",
    what: "a service's title as its own first argument",
    idea: "T1036.011",
    script: "$LAB/tricks argv0 'sshd: root@pts/0' $PAYLOAD",
    honest: /^payload$/,
  },
  { id: "own-name-none", what: "no argument at all", script: "$LAB/tricks noargv $PAYLOAD", honest: /^payload$/ },
  {
    id: "thread-name",
    what: "a thread's name forged after the start",
    idea: "T1036.011",
    script: "$LAB/tricks comm sshd",
    honest: /^tricks$/,
  },
];
