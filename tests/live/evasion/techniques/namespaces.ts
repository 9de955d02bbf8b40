/** Other mounts, other roots, other ids of processes. @module */

import type { Technique } from "../technique.ts";

/** In namespaces of its own, as its root. */
const OWN = "unshare -rm --propagation=private sh -ec";

export const NAMESPACES: readonly Technique[] = [
  {
    id: "learned-inode",
    what: "mounted over ls, then run by its own name",
    asUser: true,
    script: `cp $PAYLOAD own; ${OWN} 'mount --bind own /usr/bin/ls; /usr/bin/ls 6'; : >$PIDS; ./own; ./own`,
    honest: /^own$/,
  },
  {
    id: "proc-hidden",
    what: "with nothing at /proc",
    asUser: true,
    script: `cp $PAYLOAD own; ${OWN} 'mount -t tmpfs x /proc; exec ./own'`,
    honest: /^own$/,
  },
  {
    id: "proc-mounted-over",
    what: "another process mounted over its own /proc/PID, in its namespace",
    idea: "T1564.013",
    script: "cp $PAYLOAD own; unshare -m --propagation=private sh -ec 'mount --bind /proc/2 /proc/$$; exec ./own'",
    honest: /^own$/,
  },
  {
    id: "proc-mounted-over-host",
    what: "another process mounted over its own /proc/PID, for all",
    idea: "T1564.013",
    script: "cp $PAYLOAD own; mkfifo go; (read -r line <go; exec ./own) & child=$!; trap 'umount /proc/$child' EXIT; " +
      "mount --bind /proc/2 /proc/$child; echo >go; wait",
    honest: /^own$/,
  },
  {
    id: "user-root",
    what: "an ordinary user's root, whose own database says the program is base",
    asUser: true,
    script: "mkdir -p root/usr/bin root/var/lib/dpkg/info; cp $PAYLOAD root/usr/bin/miner; " +
      "printf 'Package: miner\\nStatus: install ok installed\\nPriority: required\\n\\n' >root/var/lib/dpkg/status; " +
      "echo /usr/bin/miner >root/var/lib/dpkg/info/miner.list; unshare -r chroot root /usr/bin/miner",
    honest: /^miner/,
  },
  {
    id: "learned-inode-short",
    what: "mounted over ls, then run by its own name, ending at once",
    asUser: true,
    script: `cp $LAB/payload-short own; ${OWN} 'mount --bind own /usr/bin/ls; /usr/bin/ls; /usr/bin/ls'; : >$PIDS; ` +
      "for i in 1 2 3 4 5; do ./own; done",
    honest: /^own$/,
  },
  {
    id: "user-root-systemd",
    what: "an ordinary user's root, with an own systemd",
    asUser: true,
    script:
      "mkdir -p root/usr/lib/systemd; cp $PAYLOAD root/usr/lib/systemd/systemd; unshare -r chroot root /usr/lib/systemd/systemd",
    honest: /^systemd/,
  },
  {
    id: "first-of-namespace",
    what: "an own systemd, first process of its namespace",
    asUser: true,
    script: "cp $PAYLOAD systemd; unshare -rpf ./systemd",
    honest: /^systemd@/,
    flags: ["namesake"],
  },
  {
    id: "own-processes",
    what: "in a namespace of processes",
    asUser: true,
    script: "cp $PAYLOAD own; unshare -rpf ./own",
    honest: /^own$/,
  },
  {
    id: "below-left-out",
    what: "a program below an own systemd --user",
    asUser: true,
    script: "cp $LAB/tricks systemd; ./systemd vfork $PAYLOAD --user",
    honest: /^payload$/,
  },
];
