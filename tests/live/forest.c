// Launches a known forest of processes and prints the truth about it, for the live tests to compare the exporter with.
//
//   forest MODE [ARG…]        see `modes` at the end; a tree is named relative to the forest's own
//
// Truth, one JSON object a line, for every kind of ending that happened in a tree:
//   {"tree":"ender","outcome":"error","launches":3,"secondsMin":0.060000,"secondsMax":0.070412}
// The bounds are of the sum of the run times, by the monotonic clock: an image began after the time taken before its
// launch and ended before the time taken after its wait; it ran at least as long as it was told to sleep. A mode that
// holds prints {"ready":N} while N processes are alive, and goes on when its standard input ends. The last line is
// {"done":true,"seconds":1.25}. Then the forest waits for the end of its standard input, so that it can be looked at.
//
// Programs of the forest are copies of this file beside it, so that each has its own name, device and inode.
// Everything ends with the forest: children block in a pipe, sleep for a bounded time, or are bounded in number.
// Build: cc -O2 -pthread -o forest forest.c
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_PROCESSES 20000  // no mode starts more at once, whatever its arguments say

extern char **environ;
static char self[4096];    // path of this executable
static char folder[4096];  // where it lies, and its copies

static void fail(const char *what) {
  fprintf(stderr, "forest: %s: %s\n", what, strerror(errno));
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void rest(double seconds) {
  if (seconds <= 0) return;
  struct timespec t = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};
  while (nanosleep(&t, &t) && errno == EINTR) {}
}

static int number(const char *text, int most) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*end || end == text || value < 0 || value > most) {
    fprintf(stderr, "forest: cannot use %s: want a whole number from 0 to %d\n", text, most);
    exit(2);
  }
  return (int)value;
}

// --- the truth ---

struct tally { char tree[96]; const char *outcome; int launches; double min, max; };
static struct tally tallies[256];
static int tally_count;

static const char *outcome_of(int status) {
  if (WIFEXITED(status)) return WEXITSTATUS(status) ? "error" : "success";
  return WCOREDUMP(status) ? "core" : "signal";
}

static void print_tally(const struct tally *t) {
  printf("{\"tree\":\"%s\",\"outcome\":\"%s\",\"launches\":%d,\"secondsMin\":%.6f,\"secondsMax\":%.6f}\n", t->tree,
         t->outcome, t->launches, t->min, t->max);
}

static void ended(const char *tree, const char *outcome, double min, double max) {
  struct tally *t = tallies, *end = tallies + tally_count;
  while (t < end && (strcmp(t->tree, tree) || strcmp(t->outcome, outcome))) t++;
  if (t == end) {
    if (tally_count++ == sizeof tallies / sizeof *tallies) { errno = ENOSPC; fail("tallies"); }
    snprintf(t->tree, sizeof t->tree, "%s", tree);
    t->outcome = outcome;
  }
  t->launches++;
  t->min += min;
  t->max += max;
}

static void hold(int alive) {
  char c;
  printf("{\"ready\":%d}\n", alive);
  fflush(stdout);
  while (read(0, &c, 1) > 0 || errno == EINTR) errno = 0;
}

// --- launching ---

// A copy of this executable under another name; the path is the caller's to keep.
static char *copy(const char *name) {
  char *path = malloc(strlen(folder) + strlen(name) + 2);
  struct stat st;
  sprintf(path, "%s/%s", folder, name);
  if (!stat(path, &st)) return path;
  int from = open(self, O_RDONLY | O_CLOEXEC), to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
  if (from < 0 || to < 0 || fstat(from, &st)) fail(path);
  for (off_t left = st.st_size; left > 0;) {
    ssize_t done = sendfile(to, from, 0, left);
    if (done <= 0) fail(path);
    left -= done;
  }
  close(from);
  close(to);
  return path;
}

// Starts a program; returns once it has been executed (posix_spawn waits for the exec). Standard output is the truth's:
// a silent program has none.
static pid_t start(const char *program, char *const argv[], int input, int silent) {
  posix_spawn_file_actions_t actions;
  pid_t pid;
  posix_spawn_file_actions_init(&actions);
  if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, 0);
  if (silent) posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  int error = posix_spawn(&pid, program, &actions, 0, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error) { errno = error; return -1; }
  return pid;
}

static int wait_for(pid_t pid) {
  int status;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) fail("waitpid");
  return status;
}

// Launches a program, waits for it and writes it down.
static void run(const char *tree, const char *program, char *const argv[], double min) {
  double before = now();
  pid_t pid = start(program, argv, -1, 1);
  if (pid < 0) fail(program);
  int status = wait_for(pid);
  ended(tree, outcome_of(status), min, now() - before);
}

// Launches a copy of this executable in one of the modes for children.
static void run_copy(const char *name, double min, ...) {
  char *argv[8] = {(char *)name}, *program = copy(name);
  va_list list;
  va_start(list, min);
  for (int i = 1; i < 7 && (argv[i] = va_arg(list, char *)); i++) {}
  va_end(list);
  run(name, program, argv, min);
  free(program);
}

// "hop-one-zero-seven": digits as words, because a name with digits may be taken for a machine-made one.
static void spell(char *out, size_t size, const char *stem, int value) {
  static const char *words[] = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
  char digits[16];
  size_t at = snprintf(out, size, "%s", stem);
  snprintf(digits, sizeof digits, "%d", value);
  for (char *d = digits; *d && at < size; d++) at += snprintf(out + at, size - at, "-%s", words[*d - '0']);
}

// --- modes for the children of a forest ---

static void child_end(char **a) {  // AFTER_MS CODE|sSIGNAL|core
  rest(number(a[0], 600000) / 1e3);
  if (!strcmp(a[1], "core")) {
    struct rlimit limit;
    getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_CORE, &limit);
    if (chdir(folder)) fail(folder);
    abort();
  }
  if (*a[1] != 's') _exit(number(a[1], 255));
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  raise(number(a[1] + 1, 64));
}

static void child_read(char **a) {  // until standard input ends
  char c;
  (void)a;
  while (read(0, &c, 1) > 0) {}
}

static void child_hop(char **a) {  // NEXT LAST DELAY_US NAME BEFORE BEGAN LEFT: the image NAME became this one
  int next = number(a[0], 100000), last = number(a[1], 100000), delay = number(a[2], 10000000);
  double entered = now();
  if (next > 1) {
    struct tally t = {.outcome = "exec", .launches = 1, .min = atof(a[6]) - atof(a[5]), .max = entered - atof(a[4])};
    snprintf(t.tree, sizeof t.tree, "%s", a[3]);
    print_tally(&t);
    fflush(stdout);
  }
  if (next > last) return;
  char name[96], number_text[16], began[32], left[32];
  spell(name, sizeof name, "hop", next);
  char *program = copy(name);
  rest(delay / 1e6);
  snprintf(number_text, sizeof number_text, "%d", next + 1);
  snprintf(began, sizeof began, "%.9f", entered);
  snprintf(left, sizeof left, "%.9f", now());
  char *own = basename(self);
  char *argv[] = {name, "child-hop", number_text, a[1], a[2], own, a[6], began, left, 0};
  execv(program, argv);
  fail(program);
}

static pthread_barrier_t barrier;
static void *thread_swarm(void *unused) {
  pthread_barrier_wait(&barrier);
  return unused;
}

static void child_swarm(char **a) {  // N threads that end together
  int n = number(a[0], 5000);
  pthread_t *threads = calloc(n, sizeof *threads);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 64 << 10);
  pthread_barrier_init(&barrier, 0, n + 1);
  for (int i = 0; i < n; i++)
    if ((errno = pthread_create(&threads[i], &small, thread_swarm, 0))) fail("pthread_create");
  pthread_barrier_wait(&barrier);
  for (int i = 0; i < n; i++) pthread_join(threads[i], 0);
}

static char **thread_arguments;
static void *thread_leaderless(void *unused) {
  rest(number(thread_arguments[0], 60000) / 1e3);
  exit(number(thread_arguments[1], 255));
  return unused;
}

static void child_leaderless(char **a) {  // MS CODE: the first thread ends, another ends the process later
  pthread_t thread;
  thread_arguments = a;
  if ((errno = pthread_create(&thread, 0, thread_leaderless, 0))) fail("pthread_create");
  pthread_exit(0);
}

static void *thread_exec(void *unused) {
  rest(0.03);  // let the first thread reach its end or its pause
  char *argv[] = {thread_arguments[0], "child-end", "20", "0", 0};
  execv(copy(thread_arguments[0]), argv);
  fail("execv");
  return unused;
}

static void child_thread_exec(char **a) {  // NAME stays|leaves: a thread that is not the first executes NAME
  pthread_t thread;
  thread_arguments = a;
  if ((errno = pthread_create(&thread, 0, thread_exec, 0))) fail("pthread_create");
  if (!strcmp(a[1], "leaves")) pthread_exit(0);
  pause();
}

static void grow(int depth, int width, int with_exec) {
  char deeper[16], wide[16];
  snprintf(deeper, sizeof deeper, "%d", depth - 1);
  snprintf(wide, sizeof wide, "%d", width);
  char *argv[] = {"bomber", "child-bomb", deeper, wide, 0}, *program = with_exec ? copy("bomber") : 0;
  for (int i = 0; depth > 0 && i < width; i++) {
    pid_t pid = fork();
    if (pid < 0) fail("fork");
    if (pid) continue;
    if (with_exec) { execv(program, argv); _exit(127); }
    grow(depth - 1, width, 0);
    _exit(0);
  }
  int status;
  while (wait(&status) > 0)
    if (status) { errno = ECHILD; fail("a child of the bomb"); }
}

static void child_bomb(char **a) {  // DEPTH WIDTH
  grow(number(a[0], 20), number(a[1], MOST_PROCESSES), 1);
}

static void child_nest(char **a) {  // NEXT LAST: a child that runs the next program, and so on
  int next = number(a[0], 64);
  if (next > number(a[1], 64)) return;
  char name[96], number_text[16];
  spell(name, sizeof name, "nest", next);
  snprintf(number_text, sizeof number_text, "%d", next + 1);
  char *argv[] = {name, "child-nest", number_text, a[1], 0};
  pid_t pid = start(copy(name), argv, -1, 0);
  if (pid < 0) fail(name);
  if (wait_for(pid)) exit(1);
}

// --- modes of the forest ---

static void mode_launch(char **a) {  // TREE N RATE PROGRAM [ARG…]: one after the other, at RATE a second (0: at once)
  int n = number(a[1], 10000000);
  double rate = number(a[2], 100000), began = now();
  for (int i = 0; i < n; i++) {
    run(a[0], a[3], a + 3, 0);
    if (rate > 0) rest(began + (i + 1) / rate - now());
  }
}

static void mode_names(char **a) {  // FOLDER: every program in a folder, one after the other; the truth is their number
  DIR *programs = opendir(a[0]);
  if (!programs) fail(a[0]);
  int n = 0;
  for (struct dirent *entry; (entry = readdir(programs));) {
    if (*entry->d_name == '.') continue;
    char program[4352];
    snprintf(program, sizeof program, "%s/%s", a[0], entry->d_name);
    char *argv[] = {entry->d_name, 0};
    pid_t pid = start(program, argv, -1, 1);
    if (pid < 0) fail(program);
    if (wait_for(pid)) fail(program);
    n++;
  }
  closedir(programs);
  printf("{\"tree\":\"names\",\"outcome\":\"success\",\"launches\":%d,\"secondsMin\":0,\"secondsMax\":0}\n", n);
}

static void mode_ends(char **a) {  // every way to end
  (void)a;
  static const char *ways[] = {"0", "1", "3", "127", "255", "s15", "s9", "s11", "s6", "s14", "core"};
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    run_copy("ender", 0.02, "child-end", "20", ways[i], NULL);
}

static void mode_forks(char **a) {  // N: children that run no program of their own; holds
  int n = number(a[0], MOST_PROCESSES), gate[2];
  char c;
  if (pipe(gate)) fail("pipe");
  for (int i = 0; i < n; i++) {
    pid_t pid = fork();
    if (pid < 0) fail("fork");
    if (pid) continue;
    close(gate[1]);
    if (read(gate[0], &c, 1)) {}
    _exit(i % 2);
  }
  hold(n);
  close(gate[1]);
  while (wait(0) > 0) {}
}

static void mode_sleepers(char **a) {  // N: programs that wait; holds
  int n = number(a[0], MOST_PROCESSES), gate[2];
  if (pipe2(gate, O_CLOEXEC)) fail("pipe");
  char *program = copy("sleeper"), *argv[] = {"sleeper", "child-read", 0};
  double *before = calloc(n, sizeof *before), *after = calloc(n, sizeof *after);
  for (int i = 0; i < n; i++) {
    before[i] = now();
    if (start(program, argv, gate[0], 0) < 0) fail(program);
    after[i] = now();
  }
  hold(n);
  double opened = now();
  close(gate[1]);
  for (int i = 0, status; i < n; i++) {  // they end in any order: only the sums are exact
    if (wait(&status) < 0) fail("wait");
    ended("sleeper", outcome_of(status), opened - after[i], now() - before[i]);
  }
}

static void mode_double(char **a) {  // N daemons: their parent ends before they run their program
  int n = number(a[0], MOST_PROCESSES), gate[2];
  char *program = copy("orphan"), *argv[] = {"orphan", "child-end", "20", "3", 0}, c;
  if (pipe(gate)) fail("pipe");
  double before = now();
  for (int i = 0; i < n; i++) {
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
      pid_t parent = getpid(), grandchild = fork();
      if (grandchild) _exit(grandchild < 0);
      for (int tries = 0; getppid() == parent && tries < 10000; tries++) rest(0.0005);
      execv(program, argv);
      _exit(127);
    }
    wait_for(child);
  }
  close(gate[1]);
  if (read(gate[0], &c, 1)) {}  // ends when the last orphan has closed its files, just before its end
  for (int i = 0; i < n; i++) ended("orphan", "error", 0.02, now() - before + 0.1);
}

static void mode_chain(char **a) {  // N DELAY_US: one process that runs N programs after one another
  char name[96], began[32], *argv[] = {"hop", "child-hop", "1", a[0], a[1], "", "0", "0", began, 0};
  int n = number(a[0], 5000);
  char *program = copy("hop");
  double before = now();
  snprintf(began, sizeof began, "%.9f", before);
  pid_t pid = start(program, argv, -1, 0);
  if (pid < 0) fail(program);
  int status = wait_for(pid);
  if (n) spell(name, sizeof name, "hop", n); else strcpy(name, "hop");
  ended(name, outcome_of(status), 0, now() - before);
}

static void mode_threads(char **a) {  // N: a program whose N threads end together
  run_copy("swarm", 0, "child-swarm", a[0], NULL);
}

static void mode_leaderless(char **a) {  // a program whose first thread ends 100 ms before its last
  (void)a;
  run_copy("leaderless", 0.1, "child-leaderless", "100", "5", NULL);
}

static void mode_thread_exec(char **a) {  // programs run by a thread that is not the first
  (void)a;
  static const char *cases[][3] = {{"patient", "threadborn", "stays"}, {"hasty", "heir", "leaves"}};
  for (int i = 0; i < 2; i++) {
    char *argv[] = {(char *)cases[i][0], "child-thread-exec", (char *)cases[i][1], (char *)cases[i][2], 0};
    double before = now();
    pid_t pid = start(copy(cases[i][0]), argv, -1, 0);
    if (pid < 0) fail(cases[i][0]);
    int status = wait_for(pid);
    ended(cases[i][0], "exec", 0.03, now() - before);
    ended(cases[i][1], outcome_of(status), 0.02, now() - before);
  }
}

static void mode_vfork(char **a) {  // N: vfork with and without a program, and programs that do not exist
  int n = number(a[0], MOST_PROCESSES);
  char *program = copy("vforked"), *argv[] = {"vforked", "child-end", "0", "0", 0}, *none[] = {"none", 0};
  for (int i = 0; i < n; i++) {
    double before = now();
    pid_t pid = vfork();
    if (pid == 0) { execv(program, argv); _exit(127); }
    int status = wait_for(pid);
    ended("vforked", outcome_of(status), 0, now() - before);
    pid = vfork();
    if (pid == 0) _exit(9);
    wait_for(pid);
    if (start("/nonexistent/none", none, -1, 0) >= 0 || errno != ENOENT) fail("a program that does not exist");
  }
}

static void mode_bomb(char **a) {  // DEPTH WIDTH EXEC: every process starts WIDTH more, DEPTH times; EXEC 1: as programs
  int depth = number(a[0], 20), width = number(a[1], MOST_PROCESSES), with_exec = number(a[2], 1);
  long total = 0;
  for (long i = 0, level = 1; i < depth; i++) {
    level *= width;
    total += level;
    if (total > MOST_PROCESSES) { fprintf(stderr, "forest: cannot start more than %d processes\n", MOST_PROCESSES); exit(2); }
  }
  if (with_exec) copy("bomber");
  double before = now();
  grow(depth, width, with_exec);
  for (long i = 0; with_exec && i < total; i++) ended("bomber", "success", 0, now() - before);
}

static void mode_nest(char **a) {  // N: a program that runs a program that runs …, N deep
  char tree[2048] = "", name[96], one[] = "1", *argv[] = {one, a[0]};
  double before = now();
  child_nest(argv);
  double seconds = now() - before;
  for (int i = 1; i <= number(a[0], 30); i++) {
    spell(name, sizeof name, i == 1 ? "nest" : "/nest", i);
    strcat(tree, name);
    printf("{\"tree\":\"%s\",\"outcome\":\"success\",\"launches\":1,\"secondsMin\":0,\"secondsMax\":%.6f}\n", tree, seconds);
  }
}

static void mode_busy(char **a) {  // N SECONDS: loops that never sleep, for so long at the most; holds
  int n = number(a[0], 64), seconds = number(a[1], 600);
  pid_t pids[64];
  for (int i = 0; i < n; i++) {
    pids[i] = fork();
    if (pids[i] < 0) fail("fork");
    if (pids[i]) continue;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(seconds);
    for (volatile unsigned long spin = 0;; spin++) {}
  }
  hold(n);
  for (int i = 0; i < n; i++) {
    kill(pids[i], SIGKILL);
    wait_for(pids[i]);
  }
}

// Forks a process with a chosen id; other processes of the machine may have that id for a while.
static pid_t fork_as(pid_t wanted) {
  struct clone_args args = {.exit_signal = SIGCHLD, .set_tid = (uintptr_t)&wanted, .set_tid_size = 1};
  for (int refused = 0; refused < 1000; refused++) {
    pid_t pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid >= 0 || errno != EEXIST) return pid;
    rest(0.005);
  }
  return -1;
}

static void mode_reuse(char **a) {  // N STAYS: two programs by turns, with one process id; STAYS 1: a third keeps it, holds
  int n = number(a[0], 100000), gate[2];
  static const char *names[] = {"former", "latter"};
  char *programs[] = {copy(names[0]), copy(names[1])}, *program = copy("squatter");
  if (pipe2(gate, O_CLOEXEC)) fail("pipe");
  pid_t pid = fork();
  if (pid == 0) _exit(0);
  wait_for(pid);
  for (int i = 0; i < n; i++) {
    double before = now();
    pid = fork_as(pid);
    if (pid < 0) fail("clone3 with a chosen process id");
    if (pid == 0) {
      char *argv[] = {(char *)names[i % 2], "child-end", "0", i % 2 ? "1" : "0", 0};
      execv(programs[i % 2], argv);
      _exit(127);
    }
    int status = wait_for(pid);
    ended(names[i % 2], outcome_of(status), 0, now() - before);
  }
  if (number(a[1], 1) == 0) return;
  double before = now();
  pid = fork_as(pid);
  if (pid < 0) fail("clone3 with a chosen process id");
  if (pid == 0) {
    char *argv[] = {"squatter", "child-read", 0};
    dup2(gate[0], 0);
    execv(program, argv);
    _exit(127);
  }
  hold(1);
  close(gate[1]);
  int status = wait_for(pid);
  ended("squatter", outcome_of(status), 0, now() - before);
}

static const struct { const char *name; int arguments; void (*run)(char **); } modes[] = {
    {"launch", 4, mode_launch}, {"names", 1, mode_names}, {"ends", 0, mode_ends}, {"forks", 1, mode_forks}, {"sleepers", 1, mode_sleepers},
    {"double", 1, mode_double}, {"chain", 2, mode_chain}, {"threads", 1, mode_threads},
    {"leaderless", 0, mode_leaderless}, {"thread-exec", 0, mode_thread_exec}, {"vfork", 1, mode_vfork},
    {"bomb", 3, mode_bomb}, {"nest", 1, mode_nest}, {"busy", 2, mode_busy}, {"reuse", 2, mode_reuse},
    {"child-end", 2, child_end}, {"child-read", 0, child_read}, {"child-hop", 7, child_hop},
    {"child-swarm", 1, child_swarm}, {"child-leaderless", 2, child_leaderless},
    {"child-thread-exec", 2, child_thread_exec}, {"child-bomb", 2, child_bomb}, {"child-nest", 2, child_nest},
};

int main(int argc, char **argv) {
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  if (length < 0) fail("/proc/self/exe");
  strcpy(folder, self);
  *strrchr(folder, '/') = 0;
  for (size_t i = 0; argc > 1 && i < sizeof modes / sizeof *modes; i++) {
    if (strcmp(argv[1], modes[i].name) || argc - 2 < modes[i].arguments) continue;
    if (!strncmp(argv[1], "child-", 6)) {
      modes[i].run(argv + 2);
      return 0;
    }
    double began = now();
    modes[i].run(argv + 2);
    for (int t = 0; t < tally_count; t++) print_tally(&tallies[t]);
    printf("{\"done\":true,\"seconds\":%.6f}\n", now() - began);
    fflush(stdout);
    child_read(0);
    return 0;
  }
  fprintf(stderr, "forest: cannot read the arguments: want MODE and its arguments, one of");
  for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) fprintf(stderr, " %s(%d)", modes[i].name, modes[i].arguments);
  fprintf(stderr, "\n");
  return 2;
}
