// A file system in user space that goes silent, and processes whose root lies in it; for tests/live/silent_root_test.ts. Built
// static, so that it runs in that root.
//
//   silent_fuse FOLDER one COUNT     COUNT processes whose root is the file system
//   silent_fuse FOLDER many COUNT    COUNT processes, each with a folder of the file system as its root
//   silent_fuse FOLDER user COUNT    as `one`, of user 1000, whose file system is closed to all others
//
// It mounts itself on FOLDER, prints the processes' ids and `silent`, and answers no request from then on, though it takes them. It
// ends when standard input does, and everything with it: nobody else has the device open, so the kernel fails what waits.
//
// FUSE's messages: include/uapi/linux/fuse.h.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROOT = 1, PROGRAM = 2, FIRST_FOLDER = 100 };

static int device, program;
// Whose file system it is, with a user namespace of that user for those in it; 0 is root, in the machine's.
static int owner;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void answer(uint64_t unique, int error, const void *data, size_t length) {
  static char buffer[1 << 18];
  struct fuse_out_header out = {.len = sizeof out + length, .error = error, .unique = unique};
  memcpy(buffer, &out, sizeof out);
  if (length > 0) memcpy(buffer + sizeof out, data, length);
  if (write(device, buffer, out.len) < 0 && errno != ENOENT) die("write /dev/fuse");
}

static struct fuse_attr attributes(uint64_t node) {
  struct stat status;
  if (fstat(program, &status) < 0) die("fstat");
  struct fuse_attr attr = {.ino = node, .nlink = 1, .uid = owner, .gid = owner, .mode = S_IFDIR | 0755, .blksize = 4096};
  if (node == PROGRAM) {
    attr.mode = S_IFREG | 0755;
    attr.size = status.st_size;
  }
  return attr;
}

// Nothing of what it says holds for longer than a moment, so that the kernel has to ask again.
static void serve(const struct fuse_in_header *in, const void *body) {
  static char data[1 << 17];
  switch (in->opcode) {
    case FUSE_INIT: {
      struct fuse_init_out out = {.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 1 << 16, .max_pages = 16};
      return answer(in->unique, 0, &out, sizeof out);
    }
    case FUSE_LOOKUP: {
      const char *name = body;
      uint64_t node = strcmp(name, "run") == 0 ? PROGRAM : name[0] == 'd' ? (uint64_t)(FIRST_FOLDER + atoi(name + 1)) : 0;
      if (node == 0) return answer(in->unique, -ENOENT, NULL, 0);
      struct fuse_entry_out out = {.nodeid = node, .attr = attributes(node)};
      return answer(in->unique, 0, &out, sizeof out);
    }
    case FUSE_GETATTR: {
      struct fuse_attr_out out = {.attr = attributes(in->nodeid)};
      return answer(in->unique, 0, &out, sizeof out);
    }
    case FUSE_OPEN:
    case FUSE_OPENDIR: {
      struct fuse_open_out out = {.fh = 1};
      return answer(in->unique, 0, &out, sizeof out);
    }
    case FUSE_READ: {
      const struct fuse_read_in *read = body;
      ssize_t length = pread(program, data, read->size, read->offset);
      return answer(in->unique, 0, data, length < 0 ? 0 : length);
    }
    case FUSE_READDIR:
    case FUSE_FLUSH:
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR:
    case FUSE_ACCESS:
      return answer(in->unique, 0, NULL, 0);
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
      return;
    default:
      return answer(in->unique, -ENOSYS, NULL, 0);
  }
}

// A process whose root is the folder; it runs the file system's own program there, which tells when it is all in memory.
static void launch(const char *folder, int told) {
  pid_t pid = fork();
  if (pid < 0) die("fork");
  if (pid > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (owner != 0 && (setresgid(owner, owner, owner) < 0 || setresuid(owner, owner, owner) < 0 || unshare(CLONE_NEWUSER) < 0)) {
    die("unshare");
  }
  if (chdir(folder) < 0 || chroot(".") < 0) die("chroot");
  dup2(told, 1);
  execl("/run", "run", "wait", NULL);
  die("execl");
}

static _Noreturn void wait_for_ever(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (mlockall(MCL_CURRENT) < 0) die("mlockall");
  dprintf(1, "%d\n", getpid());
  for (;;) pause();
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "wait") == 0) wait_for_ever();
  if (argc < 3) return 2;
  const char *folder = argv[1];
  int count = argc > 3 ? atoi(argv[3]) : 0, told[2], silent = 0;
  program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (program < 0 || device < 0 || pipe2(told, O_CLOEXEC) < 0) die("open");
  char options[100];
  owner = strcmp(argv[2], "user") == 0 ? 1000 : 0;
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=%d,group_id=%d%s", device, owner, owner,
           owner == 0 ? ",allow_other" : "");
  if (mount("cnproc-silent", folder, "fuse.cnproc", MS_NOSUID | MS_NODEV, options) < 0) die("mount");

  pid_t launcher = fork();
  if (launcher < 0) die("fork");
  if (launcher == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(device);
    char path[4096];
    for (int i = 0; i < count; i++) {
      if (strcmp(argv[2], "many") == 0) snprintf(path, sizeof path, "%s/d%d", folder, i);
      else snprintf(path, sizeof path, "%s", folder);
      launch(path, told[1]);
    }
    for (;;) pause();
  }
  close(told[1]);

  char pids[1 << 13] = "";
  for (int running = 0;;) {
    struct pollfd files[] = {{device, POLLIN, 0}, {running < count ? told[0] : -1, POLLIN, 0}, {0, POLLIN, 0}};
    if (poll(files, 3, -1) < 0) die("poll");
    if (files[2].revents != 0) break;
    if (files[1].revents != 0) {
      size_t used = strlen(pids);
      ssize_t length = read(told[0], pids + used, sizeof pids - 1 - used);
      if (length <= 0) die("a process");
      for (ssize_t i = 0; i < length; i++) running += pids[used + i] == '\n';
      if (running == count) {
        silent = 1;
        printf("%ssilent\n", pids);
        fflush(stdout);
      }
    }
    if (files[0].revents == 0) continue;
    static char request[1 << 18];
    if (read(device, request, sizeof request) < 0) {
      if (errno == ENODEV) break; // unmounted
      if (errno == ENOENT || errno == EINTR || errno == EAGAIN) continue; // the request was withdrawn
      die("read /dev/fuse");
    }
    struct fuse_in_header *in = (struct fuse_in_header *)request;
    if (!silent) serve(in, in + 1);
  }
  kill(launcher, SIGKILL); // and what it has launched with it
  waitpid(launcher, NULL, 0);
  umount2(folder, MNT_DETACH);
  return 0;
}
