/**
 * The C library: the only place that opens it. Each declaration stands below its C prototype.
 *
 * Sizes and results are 32 bits wide, which spares a BigInt a call: no buffer here comes near 2 GiB, and both supported
 * architectures zero-extend a 32-bit argument register.
 *
 * @module
 */
import * as c from "./constants.ts";
import { SystemCallError } from "./errors.ts";

const SYMBOLS = {
  // int socket(int domain, int type, int protocol);
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  // int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen);
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  // int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen);
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  // int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen);
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  // int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen);
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  // int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen);
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  // int getpeername(int sockfd, struct sockaddr *addr, socklen_t *addrlen);
  getpeername: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  // int shutdown(int sockfd, int how);
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
  // ssize_t send(int sockfd, const void *buf, size_t len, int flags);
  send: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  // ssize_t recvfrom(int sockfd, void *buf, size_t len, int flags, struct sockaddr *src_addr, socklen_t *addrlen);
  recvfrom: { parameters: ["i32", "buffer", "u32", "i32", "buffer", "buffer"], result: "i32" },
  // int recvmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags, struct timespec *timeout);
  recvmmsg: { parameters: ["i32", "buffer", "u32", "i32", "pointer"], result: "i32" },
  // int poll(struct pollfd *fds, nfds_t nfds, int timeout);
  poll: { parameters: ["buffer", "u32", "i32"], result: "i32" },
  // int eventfd(unsigned int initval, int flags);
  eventfd: { parameters: ["u32", "i32"], result: "i32" },
  // int open(const char *pathname, int flags);
  open: { parameters: ["buffer", "i32"], result: "i32" },
  // int open(const char *pathname, int flags, mode_t mode);   with O_CREAT
  create: { name: "open", parameters: ["buffer", "i32", "u32"], result: "i32" },
  // int openat(int dirfd, const char *pathname, int flags);
  openat: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  // ssize_t read(int fd, void *buf, size_t count);
  read: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  // ssize_t pread(int fd, void *buf, size_t count, off_t offset);
  pread: { parameters: ["i32", "buffer", "u32", "i64"], result: "i32" },
  // ssize_t write(int fd, const void *buf, size_t count);
  write: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  // int fcntl(int fd, int op, int arg);
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  // int close(int fd);
  close: { parameters: ["i32"], result: "i32" },
  // int ioctl(int fd, unsigned long op, void *arg);
  ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  // ssize_t readlinkat(int dirfd, const char *pathname, char *buf, size_t bufsiz);
  readlinkat: { parameters: ["i32", "buffer", "buffer", "u32"], result: "i32" },
  // int clock_gettime(clockid_t clockid, struct timespec *tp);
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  // int clock_getres(clockid_t clockid, struct timespec *res);
  clock_getres: { parameters: ["i32", "buffer"], result: "i32" },
  // int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *, const posix_spawnattr_t *, char *const argv[], char *const envp[]);
  posix_spawn: { parameters: ["buffer", "buffer", "pointer", "pointer", "buffer", "buffer"], result: "i32" },
  // pid_t waitpid(pid_t pid, int *wstatus, int options);
  waitpid: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  // int mallopt(int param, int value);
  mallopt: { parameters: ["i32", "i32"], result: "i32" },
  // int malloc_trim(size_t pad);
  malloc_trim: { parameters: ["u32"], result: "i32" },
  // int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);
  sched_setscheduler: { parameters: ["i32", "i32", "buffer"], result: "i32" },
  // int setpriority(int which, id_t who, int prio);
  setpriority: { parameters: ["i32", "u32", "i32"], result: "i32" },
  // int prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5);
  prctl: { parameters: ["i32", "usize", "usize", "usize", "usize"], result: "i32" },
  // uid_t geteuid(void);
  geteuid: { parameters: [], result: "u32" },
  // int execv(const char *pathname, char *const argv[]);
  execv: { parameters: ["buffer", "buffer"], result: "i32" },
  // int * __errno_location(void);
  __errno_location: { parameters: [], result: "pointer" },
  // long syscall(long number, unsigned int fd, void *dirp, unsigned int count);   getdents64(2)
  getdents64: { name: "syscall", parameters: ["i32", "i32", "buffer", "u32"], result: "i32" },
  // long syscall(long number, int dirfd, const char *path, int flags, unsigned int mask, struct statx *buf);   statx(2)
  statx: { name: "syscall", parameters: ["i32", "i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
  // long syscall(long number, int dirfd, const char *path, struct open_how *how, size_t size);   openat2(2)
  openat2: { name: "syscall", parameters: ["i32", "i32", "buffer", "buffer", "u32"], result: "i32" },
  // long syscall(long number, pid_t pid, struct sched_attr *attr, unsigned int flags);   sched_setattr(2)
  sched_setattr: { name: "syscall", parameters: ["i32", "i32", "buffer", "u32"], result: "i32" },
  // long syscall(long number, cap_user_header_t hdrp, cap_user_data_t datap);   capget(2), capset(2)
  capabilities: { name: "syscall", parameters: ["i32", "buffer", "buffer"], result: "i32" },
  // long syscall(long number, int cmd, union bpf_attr *attr, unsigned int size);   bpf(2)
  bpf: { name: "syscall", parameters: ["i32", "i32", "buffer", "u32"], result: "i32" },
  // long syscall(long number, const char *fsname, unsigned int flags);   fsopen(2)
  fsopen: { name: "syscall", parameters: ["i32", "buffer", "u32"], result: "i32" },
  // long syscall(long number, int fd, unsigned int cmd, const char *key, const void *value, int aux);   fsconfig(2)
  fsconfig: { name: "syscall", parameters: ["i32", "i32", "u32", "pointer", "pointer", "i32"], result: "i32" },
  // long syscall(long number, int fd, unsigned int flags, unsigned int attr_flags);   fsmount(2)
  fsmount: { name: "syscall", parameters: ["i32", "i32", "u32", "u32"], result: "i32" },
  // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset);
  mmap: { parameters: ["pointer", "usize", "i32", "i32", "i32", "i64"], result: "pointer" },
  // int munmap(void *addr, size_t length);
  munmap: { parameters: ["pointer", "usize"], result: "i32" },
  // int madvise(void *addr, size_t length, int advice);
  madvise: { parameters: ["pointer", "usize", "i32"], result: "i32" },
  // int epoll_create1(int flags);
  epoll_create1: { parameters: ["i32"], result: "i32" },
  // int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event);
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  // int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout);
  epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  // long sysconf(int name);
  sysconf: { parameters: ["i32"], result: "i64" },
  // long syscall(long number);   gettid(2)
  gettid: { name: "syscall", parameters: ["i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/**
 * Calls that may wait for a file system as long as it likes: each keeps a thread of the runtime's pool until it returns, and answers
 * by a promise. Its `errno` is that thread's, and its buffers are its own until then.
 */
const BACKGROUND = {
  openat: { ...SYMBOLS.openat, nonblocking: true },
  readlinkat: { ...SYMBOLS.readlinkat, nonblocking: true },
  pread: { ...SYMBOLS.pread, nonblocking: true },
  write: { ...SYMBOLS.write, nonblocking: true },
  close: { ...SYMBOLS.close, nonblocking: true },
  getdents64: { ...SYMBOLS.getdents64, nonblocking: true },
  openat2: { ...SYMBOLS.openat2, nonblocking: true },
} as const satisfies Deno.ForeignLibraryInterface;

/** Numbers of the system calls made through syscall(2), by architecture (asm/unistd_64.h, asm-generic/unistd.h); newer ones are alike. */
const NEWER = { openat2: 437, fsopen: 430, fsconfig: 431, fsmount: 432 };
const NUMBERS = {
  x86_64: {
    getdents64: 217,
    statx: 332,
    sched_setattr: 314,
    gettid: 186,
    capget: 125,
    capset: 126,
    bpf: 321,
    ...NEWER,
  },
  aarch64: { getdents64: 61, statx: 291, sched_setattr: 274, gettid: 178, capget: 90, capset: 91, bpf: 280, ...NEWER },
};

/** The functions of libc, called synchronously on the calling thread. */
export type Functions = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** Functions of libc that wait in another thread. */
export type BackgroundFunctions = Deno.DynamicLibrary<typeof BACKGROUND>["symbols"];

/** An open C library and the error number of the last call of this thread. */
export class Libc {
  /** What this thread has opened: once for all, as each function takes a page of memory each time. */
  static #functions: Functions | undefined;
  static #backgroundFunctions: BackgroundFunctions | undefined;
  /** The functions themselves; -1 is failure, and {@link Libc.errno} says why. */
  readonly call: Functions;
  readonly number: (typeof NUMBERS)["x86_64" | "aarch64"];
  readonly #errno: Deno.UnsafePointerView;
  readonly #inUse = new Set<readonly Uint8Array[]>();

  /** Opens `libc.so.6`. Throws where it isn't glibc, or on an architecture whose system call numbers are unknown. */
  constructor() {
    this.number = NUMBERS[Deno.build.arch];
    this.call = Libc.#functions ??= Deno.dlopen("libc.so.6", SYMBOLS).symbols;
    const location = this.call.__errno_location();
    if (location === null) throw new Error("Cannot use the C library: __errno_location() gave no address");
    this.#errno = new Deno.UnsafePointerView(location); // errno's address is fixed for a thread, and a worker is one thread
  }

  /** Functions that wait elsewhere. Their promises come only to a thread that goes back to its event loop. */
  get background(): BackgroundFunctions {
    return Libc.#backgroundFunctions ??= Deno.dlopen("libc.so.6", BACKGROUND).symbols;
  }

  /** What a call in the background returns. Its buffers are kept until then: the runtime doesn't know that they are in use. */
  async returned(result: Promise<number>, ...buffers: Uint8Array[]): Promise<number> {
    this.#inUse.add(buffers);
    try {
      return await result;
    } finally {
      this.#inUse.delete(buffers);
    }
  }

  /** `errno` of this thread: valid directly after a call that returned -1. */
  get errno(): number {
    return this.#errno.getInt32(0);
  }

  /** Returns `result`, or throws a {@link SystemCallError} about `op` where it is negative. */
  check(result: number, op: string, remedy?: string): number {
    if (result < 0) throw new SystemCallError(op, this.errno, remedy);
    return result;
  }

  /** The address of a buffer, as the 8 bytes of a pointer hold it. The caller keeps the buffer alive as long as C uses the address. */
  address(buffer: Uint8Array<ArrayBuffer>): bigint {
    return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer)));
  }

  /** Bytes of a page of memory: 4096, or up to 65536 on arm64. */
  get pageBytes(): number {
    return Number(this.call.sysconf(c._SC_PAGESIZE));
  }

  /** Maps `length` bytes of `fd` at `offset` into memory, shared with the kernel (mmap(2)). Throws {@link SystemCallError}. */
  map(fd: number, length: number, protection: number, offset: number): Mapping {
    const address = this.call.mmap(null, BigInt(length), protection, c.MAP_SHARED, fd, BigInt(offset));
    if (address === null || BigInt(Deno.UnsafePointer.value(address)) === MAP_FAILED) {
      throw new SystemCallError("map memory (mmap)", this.errno);
    }
    return new Mapping(this, address, length);
  }

  /** Advises the kernel about `length` bytes of memory at an address of this process (madvise(2)): 0, or -1 for failure. */
  advise(address: number, length: number, advice: number): number {
    return this.call.madvise(Deno.UnsafePointer.create(BigInt(address)), BigInt(length), advice);
  }

  /** prctl(2) with up to two arguments, numbers or addresses: its result, -1 for failure. */
  prctl(option: number, first: number | bigint = 0, second: number | bigint = 0): number {
    return this.call.prctl(option, BigInt(first), BigInt(second), 0n, 0n);
  }

  readonly #timespec = new BigInt64Array(2);
  readonly #timespecBytes = new Uint8Array(this.#timespec.buffer);
  readonly #timespecView = new DataView(this.#timespec.buffer);

  /** Time of a clock, nanoseconds (exact below 2^53, that is 104 days; then to a few nanoseconds). */
  clock(clock: number): number {
    this.call.clock_gettime(clock, this.#timespecBytes);
    return this.#nanoseconds();
  }

  /** Resolution of a clock, nanoseconds. */
  resolution(clock: number): number {
    this.call.clock_getres(clock, this.#timespecBytes);
    return this.#nanoseconds();
  }

  #nanoseconds(): number {
    const view = this.#timespecView;
    return (view.getUint32(0, true) + view.getInt32(4, true) * 4294967296) * 1e9 + view.getUint32(8, true);
  }
}

/** What mmap(2) gives where it fails: (void *) -1. */
const MAP_FAILED = 0xffffffffffffffffn;

/** Memory shared with the kernel. To read {@link bytes} after {@link close} would end the process. */
export class Mapping {
  readonly bytes: ArrayBuffer;
  readonly #libc: Libc;
  #address: Deno.PointerObject | null;

  constructor(libc: Libc, address: Deno.PointerObject, length: number) {
    this.#libc = libc;
    this.#address = address;
    this.bytes = Deno.UnsafePointerView.getArrayBuffer(address, length);
  }

  close(): void {
    if (this.#address === null) return;
    this.#libc.call.munmap(this.#address, BigInt(this.bytes.byteLength));
    this.#address = null;
  }
}

/** A C string: the bytes of `text` in UTF-8 and a zero. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text + "\0");
}
