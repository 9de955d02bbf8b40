/** Paths that lead elsewhere by the time they are looked at, or for somebody else. @module */

import type { Technique } from "../technique.ts";

/** In namespaces of its own, as its root. */
const OWN = "unshare -rm --propagation=private sh -ec";

/** A script called `own.sh` that lives until it has been looked at. */
const LASTING = "sed s/0.05/0.5/ $LAB/payload.sh >own.sh; chmod +x own.sh";

/** Namespaces that a process, $holder, keeps, with something mounted there. */
function held(mounting: string): string {
  return `mkfifo ready; ${OWN} '${mounting}; echo $$ >ready; exec sleep 3' & read -r holder <ready`;
}

/** A script that says its id, does something, and lives on. */
function script(name: string, first: string, then = ":"): string {
  return `printf '%s\\n' '#!/bin/bash' '${first}' 'echo $$ >&9' '${then}' 'sleep 0.5' >${name}; chmod +x ${name}`;
}

const LDD = /^ldd@|^\w+:\?$/, LS = /^payload$|^ls@/;

export const PATHS: readonly Technique[] = [
  {
    id: "detached-mount",
    what: "usr/bin/ls of a mount that is attached nowhere",
    idea: "T1564.013",
    asUser: true,
    script: `mkdir m; ${OWN} 'mount -t tmpfs x m; mkdir -p m/usr/bin; cp $PAYLOAD m/usr/bin/ls; ` +
      "exec $LAB/tricks detached m usr/bin/ls'",
    honest: LS,
  },
  {
    id: "entered-mounts",
    what: "in another's namespaces, entered by a program of its own, with ls mounted over",
    idea: "T1564.013",
    asUser: true,
    script: `${held("mount --bind $PAYLOAD /usr/bin/ls")}; $LAB/tricks entered $holder /usr/bin/ls 6; kill $holder`,
    honest: LS,
  },
  {
    id: "entered-mounts-script",
    what: "the same with a base script",
    asUser: true,
    script: `${LASTING}; ${held("mount --bind own.sh /usr/bin/ldd")}; ` +
      "$LAB/tricks entered $holder /usr/bin/ldd 6; kill $holder",
    honest: /^own\.sh|^ldd@|^\w+:\?$/,
  },
  {
    id: "other-root",
    what: "ls in another's namespaces, by the link to its root",
    asUser: true,
    script: `${held("mount --bind $PAYLOAD /usr/bin/ls")}; /proc/$holder/root/usr/bin/ls 6; kill $holder`,
    honest: LS,
  },
  {
    id: "other-root-script",
    what: "a base script in another's namespaces, by the link to its root",
    asUser: true,
    script: `${LASTING}; ${held("mount --bind own.sh /usr/bin/ldd")}; ` +
      "bash /proc/$holder/root/usr/bin/ldd 6; kill $holder",
    honest: LDD,
  },
  {
    id: "script-becomes-link",
    what: "a script that has itself be a link to a base script",
    idea: "T1036",
    asUser: true,
    script: `${script("own.sh", "ln -sf /usr/bin/ldd own.sh")}; bash own.sh; ${
      script("own.sh", "ln -sf /usr/bin/ldd own.sh")
    }; ./own.sh`,
    honest: /^own\.sh$/,
  },
  {
    id: "script-folder-becomes-link",
    what: "a script called ldd that has its folder be a link to /usr/bin",
    idea: "T1036",
    asUser: true,
    script: `mkdir d; ${script("d/ldd", "mv d e; ln -s /usr/bin d")}; bash d/ldd`,
    honest: LDD,
  },
  {
    id: "script-of-descriptor",
    what: "a script called ldd relative to a descriptor, which is one of /usr/bin by then",
    asUser: true,
    script: `mkdir d; ${script("d/ldd", "exec 3</usr/bin 4</usr/bin 5</usr/bin 6</usr/bin")}; $LAB/tricks dirfd d ldd`,
    honest: LDD,
  },
  {
    id: "script-of-folder-link",
    what: "a script called ldd by the link to its working folder, which is /usr/bin by then",
    asUser: true,
    script: `${script("ldd", "cd /usr/bin")}; bash /proc/self/cwd/ldd`,
    honest: LDD,
  },
  {
    id: "script-of-other-folder",
    what: "a script called ldd by the link to another's working folder, which is /usr/bin by then",
    asUser: true,
    script: `${script("ldd", ":")}; bash /proc/$$/cwd/ldd & sleep 0.05; cd /usr/bin; wait`,
    honest: LDD,
  },
];
