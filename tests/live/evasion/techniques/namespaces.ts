/** Other mounts, other roots, other ids of processes. @module */

import type { Technique } from "../technique.ts";

/** In namespaces of its own, as its root. */
const OWN = "unshare -rm --propagation=private sh -ec";

/** Root's, with a shell in its image and an overlay as its root; what follows is done there before anything runs in it. */
const CONTAINER =
  "mkdir -p lower/bin upper work root; cp $(command -v busybox) lower/bin/sh; ln -s sh lower/bin/sleep; " +
  'mount="mount -t overlay x -o lowerdir=lower,upperdir=$PWD/upper,workdir=work root" ' +
  'unshare -m --propagation=private sh -ec \'eval "$mount"; eval "$1"\' sh';

/** What nobody vouches for, since it was seen by a user's own mounts. */
const USERS = /@user-mounts$/;

/** The payload as a script that lives until it has been looked at, whatever happens right after its start. */
const LASTING = "sed s/0.05/0.5/ $LAB/payload.sh >own.sh; chmod +x own.sh";

/** Likewise, waiting for the end of its input; the shell that started it waits in the namespaces. */
const WAITING = "printf '#!/bin/bash\\necho $$ >&9\\nread -r line\\n' >own.sh; chmod +x own.sh";

export const NAMESPACES: readonly Technique[] = [
  {
    id: "mounted-over-nested",
    what: "mounted over ls in the inner one of two namespaces",
    idea: "T1564.013",
    asUser: true,
    script: `${OWN} 'exec ${OWN} "mount --bind $PAYLOAD /usr/bin/ls; exec /usr/bin/ls 6"'`,
    honest: USERS,
    flags: ["unconfirmed"],
  },
  {
    id: "mounted-over-parent",
    what: "an own folder mounted over /usr",
    asUser: true,
    script: `mkdir -p usr/bin; cp $PAYLOAD usr/bin/ls; ${OWN} 'mount --bind usr /usr; exec /usr/bin/ls 6'`,
    honest: USERS,
    flags: ["unconfirmed"],
  },
  {
    id: "mounted-over-interpreter",
    what: "mounted over the interpreter of a base script",
    asUser: true,
    script: `${OWN} 'mount --bind $PAYLOAD $(realpath /usr/bin/perl); exec /usr/bin/shasum x'`,
    honest: USERS,
    flags: ["unconfirmed"],
    needs: ["/usr/bin/shasum"],
  },
  {
    id: "mounted-over-shell",
    what: "an own bash that is deleted as it runs, said to run a base script",
    asUser: true,
    script: `${OWN} 'mount -t tmpfs x /usr/sbin; cp $PAYLOAD /usr/sbin/bash; /usr/sbin/bash /usr/bin/ldd & ` +
      "sleep 0.02; rm /usr/sbin/bash; wait'",
    honest: USERS,
  },
  {
    id: "mounted-over-library",
    what: "an own library mounted over one that ls loads",
    idea: "T1574.006",
    asUser: true,
    script: "export lib=$(ldd /bin/ls | awk '/selinux/ { print $3 }'); " +
      `${OWN} 'mount --bind $LAB/payload.so $lib; /usr/bin/ls 6; :' 2>/dev/null`,
    honest: USERS,
  },
  {
    id: "unmounted-script",
    what: "mounted over a base script, unmounted right after its start",
    idea: "T1564.013",
    asUser: true,
    script:
      `${LASTING}; ${OWN} 'mount --bind own.sh /usr/bin/ldd; /usr/bin/ldd 6 & sleep 0.1; umount -l /usr/bin/ldd; wait'`,
    honest: USERS,
  },
  {
    id: "unmounted-script-argument",
    what: "mounted over a base script that bash is given, unmounted right after its start",
    idea: "T1564.013",
    asUser: true,
    script:
      `${LASTING}; ${OWN} 'mount --bind own.sh /usr/bin/ldd; bash /usr/bin/ldd & sleep 0.1; umount -l /usr/bin/ldd; wait'`,
    honest: USERS,
  },
  {
    id: "unmounted-init-script",
    what: "mounted over a service's init script, unmounted right after its start",
    asUser: true,
    script: `${LASTING}; mkdir e; mv own.sh e/ssh; ${OWN} 'mount --bind e /etc/init.d; sh /etc/init.d/ssh start & ` +
      "sleep 0.1; umount -l /etc/init.d; wait'",
    honest: USERS,
  },
  {
    id: "unmounted-folder",
    what: "a relative script in usr/bin of a mount that was taken away while in use",
    idea: "T1564.013",
    asUser: true,
    script:
      `${LASTING}; mkdir m; ${OWN} 'mount -t tmpfs x m; mkdir -p m/usr/bin; cp own.sh m/usr/bin/ldd; cd m/usr/bin; ` +
      "umount -l ${PWD%/usr/bin}; exec bash ./ldd 6' 2>/dev/null",
    honest: USERS,
  },
  {
    id: "unmounted-script-before",
    what: "mounted over a base script before the exporter was there, unmounted since",
    asUser: true,
    script: `${WAITING}; ${OWN} 'exec 5<&0; mount --bind own.sh /usr/bin/ldd; /usr/bin/ldd 6 <&5 5<&- & ` +
      "exec 5<&- 0</dev/null; sleep 0.2; umount -l /usr/bin/ldd; wait'",
    honest: USERS,
    isStanding: true,
  },
  {
    id: "pivoted-root",
    what: "an ordinary user's root by pivot_root, where it is /usr/bin/ls",
    asUser: true,
    script: `mkdir -p root/usr/bin root/old; cp $PAYLOAD root/usr/bin/ls; ${OWN} 'mount --bind root root; cd root; ` +
      "pivot_root . old; exec /usr/bin/ls 6'",
    honest: /^ls@user-root$/,
  },
  {
    id: "bound-root",
    what: "the machine's root bound elsewhere, mounted over ls there, and that as the root",
    asUser: true,
    script: `mkdir r; ${OWN} 'mount --rbind / r; mount --bind $PAYLOAD r/usr/bin/ls; exec chroot r /usr/bin/ls 6'`,
    honest: /^ls@/,
  },
  {
    id: "user-root-before",
    what: "an ordinary user's root, where it is ls, before the exporter was there",
    asUser: true,
    script:
      "mkdir -p root/usr/bin; cp $LAB/tricks root/usr/bin/ls; WAIT=1 unshare -r chroot root /usr/bin/ls comm ls; :",
    honest: /^ls@user-root$/,
    isStanding: true,
  },
  {
    id: "own-format",
    what: "a format of programs of a user's own, for files that are called .txt",
    idea: "T1546",
    asUser: true,
    script: `${OWN} 'mount -t binfmt_misc x /proc/sys/fs/binfmt_misc && cd /proc/sys/fs/binfmt_misc && ` +
      'echo ":x:E::txt::$PAYLOAD:" >register && cd - >/dev/null && touch ls.txt && chmod +x ls.txt && exec ./ls.txt || ' +
      "exec $PAYLOAD' 2>/dev/null",
    honest: /^payload$/,
  },
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
