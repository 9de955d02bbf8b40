/** What runs first by the environment, and code from a standard input. @module */

import type { Flag, Technique } from "../technique.ts";

/** A true name with a flag. */
function flagged(
  id: string,
  what: string,
  flags: readonly Flag[],
  script: string,
  more: Partial<Technique> = {},
): Technique {
  return { id, what, idea: "T1574.006", script, honest: /^$/, flags, isInline: flags.includes("inline"), ...more };
}

/** What they load says its process's id before the program runs. */
export const CONTEXTS: readonly Technique[] = [
  flagged(
    "preload-library",
    "a library by LD_PRELOAD",
    ["preload"],
    "LD_PRELOAD=$LAB/payload.so /bin/ls >/dev/null; :",
  ),
  flagged(
    "preload-java-options",
    "an agent by JAVA_TOOL_OPTIONS",
    ["preload"],
    "JAVA_TOOL_OPTIONS=-agentpath:$LAB/payload.so java -version >/dev/null 2>&1; :",
    { needs: ["java"], byRecordOnly: true },
  ),
  flagged(
    "preload-java-own-options",
    "an agent by HotSpot's _JAVA_OPTIONS",
    ["preload"],
    "_JAVA_OPTIONS=-agentpath:$LAB/payload.so java -version >/dev/null 2>&1; :",
    { needs: ["java"], byRecordOnly: true },
  ),
  flagged(
    "preload-prompt",
    "commands in the prompt of a base script's trace",
    ["preload"],
    "SHELLOPTS=xtrace PS4='$(echo $$ >&9)' bash /usr/bin/ldd --version >/dev/null 2>&1; :",
    { asUser: true, byRecordOnly: true },
  ),
  flagged(
    "preload-perl-options",
    "a module by PERL5OPT",
    ["preload"],
    "cp $LAB/payload.pl Own.pm; echo '1;' >>Own.pm; PERL5OPT='-w -I. -MOwn' perl /usr/bin/shasum </dev/null >/dev/null; :",
    { needs: ["/usr/bin/shasum"], byRecordOnly: true },
  ),
  flagged(
    "preload-library-behind",
    "the same behind 400 other variables",
    ["preload"],
    "for i in $(seq 400); do export V$i=x; done; env LD_PRELOAD=$LAB/payload.so /bin/ls >/dev/null; :",
  ),
  flagged("input-pipe", "a script through a pipe", ["inline"], "cat $LAB/payload.sh | sh"),
  flagged("input-pipe-user", "the same by an ordinary user", ["inline"], "cat $LAB/payload.sh | sh", {
    asUser: true,
    byRecordOnly: true,
  }),
  flagged("input-file", "a script as standard input", ["inline"], "bash <$LAB/payload.sh"),
  flagged("input-perl", "a program through a pipe", ["inline"], "cat $LAB/payload.pl | perl"),
  flagged(
    "input-network",
    "a shell of a connection",
    ["socket", "inline"],
    "$LAB/tricks socket /bin/bash <$LAB/payload.sh",
    {
      idea: "T1059.004",
    },
  ),
  flagged(
    "input-network-script",
    "an innocent script's shell of a connection",
    ["socket"],
    "$LAB/tricks socket /usr/bin/perl -e 'exec(qw(/bin/bash -i))' <$LAB/payload.sh 2>/dev/null",
    { idea: "T1059.004" },
  ),
];
