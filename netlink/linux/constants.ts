/**
 * Constants of the kernel interfaces used here, in the kernel's own spelling. Values are part of the kernel's ABI.
 * Sources: include/uapi/linux/{netlink,connector,cn_proc,genetlink,taskstats,filter,sched}.h and asm-generic/socket.h, Linux 6.18.
 *
 * @module
 */

// socket(2), include/linux/socket.h and uapi/linux/netlink.h
export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
/** In place of a user id that isn't known: `(uid_t) -1`, which is nobody's. */
export const NO_USER = 0xffffffff;
/** Number of the first user namespace, USER_NS_INIT_INO (PROC_USER_INIT_INO of linux/proc_ns.h before 6.18). */
export const USER_NS_INIT_INO = 0xeffffffd;
/** shutdown(2): no more to be received, which ends a listening socket; no more of either direction. */
export const SHUT_RD = 0;
export const SHUT_RDWR = 2;
export const SOCK_CLOEXEC = 0o2000000;
export const NETLINK_CONNECTOR = 11;
export const NETLINK_GENERIC = 16;
export const MSG_DONTWAIT = 0x40;
export const MSG_NOSIGNAL = 0x4000;
export const MSG_TRUNC = 0x20;

// setsockopt(2), asm-generic/socket.h
export const SOL_SOCKET = 1;
export const SO_RCVBUF = 8;
export const SO_REUSEPORT = 15;
export const SO_RCVTIMEO = 20;
export const SO_ATTACH_FILTER = 26;
export const SO_ACCEPTCONN = 30;
export const SO_RCVBUFFORCE = 33;
export const SO_DOMAIN = 39;
export const SO_ATTACH_REUSEPORT_CBPF = 51;
export const SO_MEMINFO = 55;
export const SO_COOKIE = 57;
/** Index of the drop counter in the array that SO_MEMINFO fills (uapi/linux/sock_diag.h, SK_MEMINFO_DROPS). */
export const SK_MEMINFO_DROPS = 8;
export const SK_MEMINFO_VARS = 9;
export const SOL_NETLINK = 270;
export const NETLINK_NO_ENOBUFS = 5;

// Netlink messages, uapi/linux/netlink.h
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLM_F_REQUEST = 1;
export const NLM_F_ACK = 4;

// Generic netlink, uapi/linux/genetlink.h
export const GENL_ID_CTRL = 16;
export const CTRL_CMD_GETFAMILY = 3;
export const CTRL_ATTR_FAMILY_ID = 1;
export const CTRL_ATTR_FAMILY_NAME = 2;

// The connector, uapi/linux/connector.h and cn_proc.h
export const CN_IDX_PROC = 1;
export const CN_VAL_PROC = 1;
export const PROC_CN_MCAST_LISTEN = 1;
export const PROC_CN_MCAST_IGNORE = 2;
/** Types of `struct proc_event` that are used: the acknowledgement (PROC_EVENT_NONE) first. */
export const PROC_EVENT_NONE = 0;
export const PROC_EVENT_FORK = 0x00000001;
export const PROC_EVENT_EXEC = 0x00000002;
export const PROC_EVENT_EXIT = 0x80000000;

// Accounting, uapi/linux/taskstats.h
export const TASKSTATS_GENL_NAME = "TASKSTATS";
export const TASKSTATS_CMD_GET = 1;
export const TASKSTATS_CMD_NEW = 2;
export const TASKSTATS_CMD_ATTR_REGISTER_CPUMASK = 3;
export const TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK = 4;
export const TASKSTATS_TYPE_PID = 1;
export const TASKSTATS_TYPE_TGID = 2;
export const TASKSTATS_TYPE_STATS = 3;
export const TASKSTATS_TYPE_AGGR_PID = 4;
export const TASKSTATS_TYPE_AGGR_TGID = 5;
/** `ac_flag` bits, uapi/linux/acct.h: forked and never exec'd; last task of its process (since 5.19). */
export const AFORK = 0x01;
export const AGROUP = 0x20;

// poll(2), eventfd(2), open(2)
export const POLLIN = 1;
export const EFD_CLOEXEC = 0o2000000;
/** fcntl(2). */
export const F_SETFD = 2;
export const F_GETFL = 3;
export const FD_CLOEXEC = 1;
export const EFD_NONBLOCK = 0o4000;
/** epoll(7): of an edge-triggered source each wake-up is told once, whatever is unread. */
export const EPOLL_CLOEXEC = 0o2000000;
export const EPOLL_CTL_ADD = 1;
export const EPOLLIN = 1;
export const EPOLLET = 0x80000000;
// mmap(2), madvise(2), sysconf(3)
export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const MAP_SHARED = 1;
export const MADV_DONTNEED = 4;
/** Since Linux 5.4. */
export const MADV_PAGEOUT = 21;
export const _SC_PAGESIZE = 30;
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_CREAT = 0o100;
export const O_NOCTTY = 0o400;
export const O_APPEND = 0o2000;
export const O_NONBLOCK = 0o4000;
export const O_CLOEXEC = 0o2000000;
/** A file descriptor that only names a place, for openat(2) and the like. */
export const O_PATH = 0o10000000;
/** Of x86_64; on aarch64 (asm/fcntl.h) it has another number. */
export const O_NOFOLLOW = Deno.build.arch === "aarch64" ? 0o100000 : 0o400000;
export const AT_FDCWD = -100;
export const AT_SYMLINK_NOFOLLOW = 0x100;
/** The open file itself, for statx(2) with an empty path. */
export const AT_EMPTY_PATH = 0x1000;
/** linux/auxvec.h: the address of the name of a program that was executed. */
export const AT_EXECFN = 31;
/** What is known is enough: no server of a network or user-space file system is asked (statx(2)). */
export const AT_STATX_DONT_SYNC = 0x4000;
/** openat2(2): a path over a link of the kernel's own, such as /proc/PID/exe, is refused. */
export const RESOLVE_NO_MAGICLINKS = 0x02;
/** A path over any link is refused. */
export const RESOLVE_NO_SYMLINKS = 0x04;
/** The open folder is the root of the path and of every link on it. */
export const RESOLVE_IN_ROOT = 0x10;
/** Only what the kernel has cached: EAGAIN instead of waiting for a file system (Linux 5.12). */
export const RESOLVE_CACHED = 0x20;

/** The user whose namespace of users it is (ioctl_nsfs(2), Linux 4.11). */
export const NS_GET_OWNER_UID = 0xb704;

// clock_gettime(2), uapi/linux/time.h
export const CLOCK_REALTIME = 0;
export const CLOCK_MONOTONIC = 1;
export const CLOCK_PROCESS_CPUTIME_ID = 2;
export const CLOCK_THREAD_CPUTIME_ID = 3;
/** Advances with the tick, so its resolution is the time between two. */
export const CLOCK_REALTIME_COARSE = 5;
export const CLOCK_BOOTTIME = 7;

// sched(7), uapi/linux/sched.h
export const SCHED_OTHER = 0;
export const SCHED_FIFO = 1;
export const SCHED_RESET_ON_FORK = 0x40000000;
export const PRIO_PROCESS = 0;

// capabilities(7), uapi/linux/capability.h
export const _LINUX_CAPABILITY_VERSION_3 = 0x20080522;
export const CAP_DAC_READ_SEARCH = 2;
export const CAP_NET_BIND_SERVICE = 10;
export const CAP_NET_ADMIN = 12;
export const CAP_SYS_PTRACE = 19;
export const CAP_SYS_ADMIN = 21;
export const CAP_SYS_NICE = 23;
/** Since 5.8; before, bpf(2) asks for CAP_SYS_ADMIN. */
export const CAP_PERFMON = 38;
export const CAP_BPF = 39;

// prctl(2), uapi/linux/prctl.h
export const PR_GET_SECCOMP = 21;
export const PR_SET_NAME = 15;
export const PR_CAPBSET_READ = 23;
export const PR_CAPBSET_DROP = 24;
export const PR_SET_NO_NEW_PRIVS = 38;
export const PR_CAP_AMBIENT = 47;
export const PR_CAP_AMBIENT_RAISE = 2;

// errno(3), asm-generic/errno{-base,}.h
export const EPERM = 1;
export const ENOENT = 2;
export const ESRCH = 3;
export const EINTR = 4;
export const EIO = 5;
export const ENXIO = 6;
export const E2BIG = 7;
export const EBADF = 9;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EACCES = 13;
export const EBUSY = 16;
export const ENODEV = 19;
export const ENOTDIR = 20;
export const EISDIR = 21;
export const EINVAL = 22;
export const ENFILE = 23;
export const EMFILE = 24;
export const EFBIG = 27;
export const ENOSPC = 28;
export const EROFS = 30;
export const EPIPE = 32;
export const ENAMETOOLONG = 36;
export const ENOSYS = 38;
export const ELOOP = 40;
export const EPROTONOSUPPORT = 93;
export const EOPNOTSUPP = 95;
export const EAFNOSUPPORT = 97;
export const ENOBUFS = 105;
export const ECONNREFUSED = 111;
export const EDQUOT = 122;

// malloc.h
export const M_ARENA_MAX = -8;
export const M_MMAP_THRESHOLD = -3;
