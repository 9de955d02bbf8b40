/** Other mounts, other roots, other ids of processes. @module */

import type { Technique } from "../technique.ts";

/** In namespaces of its own, as its root. */
const OWN = "unshare -rm --propagation=private sh -ec";

/** Root's, with a shell in its image and an overlay as its root; what follows is done there before anything runs in it. */
const CONTAINER =
  "mkdir -p lower/bin upper work root; cp $(command -v busybox) lower/bin/sh; ln -s sh lower/bin/sleep; " +
  'mount="mount -t overlay x -o lowerdir=lower,upperdir=$PWD/upper,workdir=work root" ' +
  'unshare -m --propagation=private sh -ec \'eval "$mount"; eval "$1"\' sh';

export const NAMESPACES: readonly Technique[] = [
  {
    id: "mounted-over",
    what: "mounted over ls in an own mount namespace",
    idea: "T1564.013",
    asUser: true,
    script: `${OWN} 'mount --bind $PAYLOAD /usr/bin/ls; exec /usr/bin/ls 6'`,
    honest: /^payload$/,
    flags: ["unconfirmed"],
  },
  {
    id: "mounted-over-root",
    what: "the same by root",
    idea: "T1564.013",
    script: "unshare -m --propagation=private sh -ec 'mount --bind $PAYLOAD /usr/bin/ls; exec /usr/bin/ls 6'",
    honest: /^payload$/,
    flags: ["unconfirmed"],
  },
  {
    id: "mounted-over-service",
    what: "mounted over a service's program",
    asUser: true,
    script: `${OWN} 'mount -t tmpfs x /usr/sbin; cp $PAYLOAD /usr/sbin/sshd; exec /usr/sbin/sshd -D'`,
    honest: /^payload$/,
    flags: ["unconfirmed"],
  },
  {
    id: "mounted-over-script",
    what: "mounted over a base script",
    asUser: true,
    script: `${OWN} 'mount --bind $LAB/payload.sh /usr/bin/ldd; exec /usr/bin/ldd 6'`,
    honest: /^payload/,
    flags: ["unconfirmed"],
  },
  {
    id: "mounted-over-script-argument",
    what: "mounted over a base script that bash is given",
    asUser: true,
    script: `${OWN} 'mount --bind $LAB/payload.sh /usr/bin/ldd; exec bash /usr/bin/ldd 6'`,
    honest: /^payload/,
    flags: ["unconfirmed"],
  },
  {
    id: "overlay",
    what: "an overlay over /usr",
    asUser: true,
    script: `mkdir -p up/bin work; cp $PAYLOAD up/bin/ls; ` +
      `${OWN} 'mount -t overlay x -o lowerdir=/usr,upperdir=up,workdir=work,userxattr /usr; exec /usr/bin/ls 6'`,
    honest: /^payload$/,
    flags: ["unconfirmed"],
  },
  {
    id: "folder-mounted-over",
    what: "an own folder mounted over /usr/bin",
    asUser: true,
    script:
      `mkdir bin; cp $PAYLOAD bin/ls; cp /bin/busybox bin/sh; ${OWN} 'mount --bind bin /usr/bin; exec /usr/bin/ls 6'`,
    honest: /^payload$/,
    flags: ["unconfirmed"],
    needs: ["busybox"],
  },
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
    id: "user-root-base",
    what: "an ordinary user's root, where it is /usr/bin/ls",
    asUser: true,
    script: "mkdir -p root/usr/bin; cp $PAYLOAD root/usr/bin/ls; unshare -r chroot root /usr/bin/ls 6",
    honest: /^ls@user-root$/,
  },
  {
    id: "user-root-service",
    what: "an ordinary user's root, where it is a service",
    asUser: true,
    script: "mkdir -p root/usr/sbin; cp $PAYLOAD root/usr/sbin/sshd; unshare -r chroot root /usr/sbin/sshd -D",
    honest: /^sshd@user-root$/,
  },
  {
    id: "user-root-shell",
    what: "an ordinary user's root with a shell of the user's own, said to run a base script",
    asUser: true,
    script: "mkdir -p root/usr/bin; cp $PAYLOAD root/usr/bin/bash; unshare -r chroot root /usr/bin/bash /usr/bin/ldd",
    honest: /^ldd@user-root$/,
  },
  {
    id: "container-dropped",
    what: "put into a container that runs, by its root",
    idea: "T1105",
    script: `${CONTAINER} 'cp $PAYLOAD root/dropped; exec chroot root /bin/sh -c "sleep 0.5; /dropped 6"'`,
    honest: /^dropped$/,
    flags: ["upper"],
    needs: ["busybox"],
  },
  {
    id: "container-dropped-script",
    what: "a script put into a container that runs, run by the shell of its image",
    idea: "T1105",
    script:
      `${CONTAINER} 'cp $LAB/payload.sh root/dropped.sh; exec chroot root /bin/sh -c "sleep 0.5; sh /dropped.sh 6"'`,
    honest: /^dropped/,
    flags: ["upper"],
    needs: ["busybox"],
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
    honest: /^\\?systemd/,
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
  {
    id: "lazily-unmounted",
    what: "usr/bin/ls of a mount that was taken away while in use",
    idea: "T1564.013",
    asUser: true,
    script:
      `mkdir m; ${OWN} 'mount -t tmpfs x m; mkdir -p m/usr/bin; cp $PAYLOAD m/usr/bin/ls; cd m; umount -l $PWD; exec ./usr/bin/ls 6'`,
    honest: /^payload$|^ls@/,
    flags: ["unconfirmed"],
  },
];
