/** Where the program's file is, was, or never was. @module */

import type { Technique } from "../technique.ts";

export const FILES: readonly Technique[] = [
  { id: "plain", what: "a program of its own, without a mask", script: "$PAYLOAD", honest: /^payload$/ },
  {
    id: "hard-link",
    what: "a hard link to a program of its own, called ls",
    script: "cp $PAYLOAD own; ln own ls; ./ls",
    honest: /^ls@|^own$/,
  },
  {
    id: "hard-link-other-way",
    what: "the program run by its own name, after its hard link called ls",
    script: "cp $PAYLOAD own; ln own ls; ./ls; ./own",
    honest: /^ls@|^own$/,
  },
  {
    id: "symbolic-link",
    what: "a symbolic link called ls",
    script: "cp $PAYLOAD own; ln -s own ls; ./ls",
    honest: /^own$/,
  },
  {
    id: "deleted-before",
    what: "deleted before it runs, by a descriptor",
    idea: "T1070.004",
    script: "cp $PAYLOAD ls; exec 3<ls; rm ls; /proc/self/fd/3",
    honest: /^ls@/,
    flags: ["deleted"],
  },
  {
    id: "deleted-after",
    what: "deleted right after its start",
    idea: "T1070.004",
    script: "cp $PAYLOAD ls; ./ls & rm ls; wait",
    honest: /^ls@|^sh$|^base$/,
  },
  {
    id: "replaced-after",
    what: "replaced by an innocent program right after its start",
    idea: "T1036",
    script: "cp $PAYLOAD ls; cp /bin/ls other; ./ls & mv other ls; wait",
    honest: /^ls@/,
  },
  {
    id: "empty-path",
    what: "by a descriptor without a path",
    script: "cp $PAYLOAD own; $LAB/tricks emptypath own",
    honest: /^own$/,
  },
  {
    id: "folder-descriptor",
    what: "relative to a descriptor of its folder",
    script: "mkdir usr; cp $PAYLOAD usr/ls; $LAB/tricks dirfd usr ls",
    honest: /^ls@/,
  },
  {
    id: "never-named",
    what: "a file that never had a name (O_TMPFILE)",
    idea: "T1620",
    script: "$LAB/tricks tmpfile $PAYLOAD",
    honest: /^$/,
    flags: ["deleted"],
  },
  {
    id: "named-late",
    what: "such a file that got a name (linkat)",
    script: "$LAB/tricks linked $PAYLOAD own",
    honest: /^own$/,
  },
  {
    id: "renamed-while-running",
    what: "given a service's name after its start",
    idea: "T1036.003",
    script: "cp $PAYLOAD own; ./own & mv own sshd; wait",
    honest: /^own$|^sshd@/,
  },
  {
    id: "long-name",
    what: "a name of 255 bytes",
    script: "name=ls-$(printf 'x%.0s' $(seq 252)); cp $PAYLOAD $name; ./$name",
    honest: /^ls-x/,
  },
  {
    id: "copied-shell",
    what: "an own copy of bash called own, which runs a script",
    idea: "T1036.003",
    script: "cp /bin/bash own; ./own $LAB/payload.sh",
    honest: /^own$|^payload\.sh$/,
  },
  {
    id: "copied-base",
    what: "an own copy of a base program under its name",
    idea: "T1036.003",
    script: "cp /bin/dash dash; ./dash $LAB/payload.sh",
    honest: /^dash@|^payload\.sh$/,
  },
];
