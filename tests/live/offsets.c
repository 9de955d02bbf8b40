/*
 * Prints the layouts and constants that wanted.inc names, as the C compiler has them from the installed headers: one a line,
 * "struct.field offset size", "struct size" or "NAME value". Built by offsets_test.ts, which writes wanted.inc.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <linux/acct.h>
#include <linux/auxvec.h>
#include <linux/capability.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/nsfs.h>
#include <linux/openat2.h>
#include <linux/prctl.h>
#include <linux/sock_diag.h>
#include <linux/taskstats.h>
#include <linux/version.h>
#ifndef SCHED_ATTR_SIZE_VER0 /* a C library that has no struct sched_attr */
#define sched_param kernel_sched_param
#include <linux/sched/types.h>
#undef sched_param
#endif

#define NO_USER ((uid_t)-1)
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0) /* the kernel's own PROC_USER_INIT_INO before */
#define USER_NS_INIT_INO 0xEFFFFFFDU
#endif

#define FIELD(type, field) \
  printf("%s.%s %zu %zu\n", #type, #field, offsetof(struct type, field), sizeof(((struct type *)0)->field));
#define SIZE(type) printf("%s %zu\n", #type, sizeof(struct type));
#define NUMBER(name) printf("%s %lld\n", #name, (long long)(name));
#define TEXT(name) printf("%s %s\n", #name, name);

int main(void) {
#include "wanted.inc"
  return 0;
}
