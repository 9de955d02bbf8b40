// hold_thread TID: stops one thread of another process (ptrace(2)), says so, and lets it go when standard input ends.
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  pid_t thread = argc > 1 ? atoi(argv[1]) : 0;
  char byte;
  if (ptrace(PTRACE_SEIZE, thread, 0, 0) || ptrace(PTRACE_INTERRUPT, thread, 0, 0) || waitpid(thread, 0, __WALL) < 0) {
    perror("hold_thread");
    return 1;
  }
  puts("stopped");
  fflush(stdout);
  while (read(0, &byte, 1) > 0) {}
  return ptrace(PTRACE_DETACH, thread, 0, 0) != 0;
}
