#!/bin/sh
# Makes a folder the root of a container, in the namespaces that unshare(1) has just made, and waits there to become its init:
# enter.sh FOLDER. What systemd could change of the whole kernel is out of its reach: settings of /proc/sys, the clock, modules.
set -eu
cd "$1"
mount --bind . .
cd "$1"
mount -t proc -o nosuid,nodev,noexec proc proc
for path in sys sysrq-trigger irq bus; do
  [ ! -e "proc/$path" ] || mount --bind -o ro "proc/$path" "proc/$path"
done
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755,nosuid tmpfs run
mount -t tmpfs -o mode=1777,nosuid tmpfs tmp
mount -t tmpfs -o mode=755,nosuid tmpfs dev
# Nodes of its own: an init sets the owner and mode of what it takes for its console.
set -- null 3 zero 5 full 7 random 8 urandom 9 console 3
while [ $# -gt 0 ]; do
  mknod -m 666 "dev/$1" c 1 "$2"
  shift 2
done
mknod -m 666 dev/tty c 5 0
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for number in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${number%:*}" "dev/${number#*:}"; done
hostname example
ip link set lo up
mkfifo run/boot
cp "${0%/*}/example-machine.sh" run/example-machine.sh
pivot_root . mnt
umount -l /mnt
exec env -i container=example PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  setpriv --bounding-set=-sys_time,-sys_module,-sys_rawio,-mknod,-syslog,-audit_control,-audit_read,-bpf,-perfmon \
  /run/example-machine.sh
