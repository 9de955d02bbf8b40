// Processes in roots of their own, for tests/live/descriptors_test.ts. Built static, so that it runs in an empty root.
//
//   roots deep COUNT     COUNT execs in one root that lies 25 folders of 200 characters deep
//   roots many COUNT     a process in each of COUNT roots, all at once; they end when standard input does
//   roots churn COUNT    COUNT roots, each removed right after the exec in it
//   roots vanish COUNT   COUNT execs in a root, ended as soon as they are there
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int self;

static void die(const char *what) {
  perror(what);
  exit(1);
}

// A child that runs this program again, in the root that is its working folder.
static pid_t launch(const char *mode) {
  pid_t pid = fork();
  if (pid < 0) die("fork");
  if (pid > 0) return pid;
  if (chroot(".") < 0) die("chroot");
  char *argv[] = {"roots", (char *)mode, NULL}, *envp[] = {NULL};
  fexecve(self, argv, envp);
  die("fexecve");
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "end") == 0) return usleep(3000); // so that its root can be looked at
  if (argc == 2 && strcmp(argv[1], "wait") == 0) return pause();
  if (argc != 3) return 2;
  int count = atoi(argv[2]);
  self = open("/proc/self/exe", O_RDONLY);
  if (self < 0) die("open");
  char top[] = "/tmp/cnproc-roots-XXXXXX";
  if (mkdtemp(top) == NULL || chdir(top) < 0) die(top);
  pid_t *pids = calloc(count, sizeof *pids);
  char name[201];
  if (strcmp(argv[1], "deep") == 0) {
    memset(name, 'd', 200);
    name[200] = 0;
    for (int i = 0; i < 25; i++) if (mkdir(name, 0755) < 0 || chdir(name) < 0) die("mkdir");
    for (int i = 0; i < count; i++) waitpid(launch("end"), NULL, 0);
    for (int i = 0; i < 25; i++) if (chdir("..") < 0 || rmdir(name) < 0) die("rmdir");
  } else if (strcmp(argv[1], "many") == 0) {
    for (int i = 0; i < count; i++) {
      snprintf(name, sizeof name, "%d", i);
      if (mkdir(name, 0755) < 0 || chdir(name) < 0) die("mkdir");
      pids[i] = launch("wait");
      if (chdir("..") < 0) die("chdir");
    }
    puts("ready");
    fflush(stdout);
    while (getchar() != EOF) {}
    for (int i = 0; i < count; i++) {
      snprintf(name, sizeof name, "%d", i);
      kill(pids[i], SIGKILL);
      waitpid(pids[i], NULL, 0);
      if (rmdir(name) < 0) die("rmdir");
    }
  } else if (strcmp(argv[1], "churn") == 0) {
    for (int i = 0; i < count; i++) {
      if (mkdir("churn", 0755) < 0 || chdir("churn") < 0) die("mkdir");
      pid_t pid = launch("end");
      if (chdir("..") < 0 || rmdir("churn") < 0) die("rmdir");
      waitpid(pid, NULL, 0);
    }
  } else if (strcmp(argv[1], "vanish") == 0) {
    if (mkdir("vanish", 0755) < 0 || chdir("vanish") < 0) die("mkdir");
    for (int i = 0; i < count; i++) {
      pid_t pid = launch("wait");
      if (i % 2 == 0) usleep(i % 7 * 100);
      kill(pid, SIGKILL);
      waitpid(pid, NULL, 0);
    }
    if (chdir("..") < 0 || rmdir("vanish") < 0) die("rmdir");
  }
  if (chdir("/") < 0 || rmdir(top) < 0) die("rmdir");
  return 0;
}
