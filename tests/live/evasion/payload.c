/*
 * What the techniques want to hide: a program that says its process id on descriptor 9, lives for a moment, and ends well.
 * Whatever its arguments: it runs under the names and command lines of others. As a library it does the same when it is loaded;
 * the short one ends at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void report(void) {
	/* The link names the process by its id outside of a process namespace; getpid() would not. */
	char id[32];
	ssize_t length = readlink("/proc/self", id, sizeof id - 1);
	if (length < 1 || id[0] < '0' || id[0] > '9') length = snprintf(id, sizeof id - 1, "%d", getpid());
	id[length] = '\n';
	if (write(9, id, length + 1) < 0) _exit(3);
	#ifndef SHORT
	struct timespec moment = {0, 50000000};
	nanosleep(&moment, NULL);
#endif
}

#ifdef LIBRARY
__attribute__((constructor)) static void loaded(void) { report(); }
/* What an auditor of the loader, and a converter of character sets, must have. */
unsigned la_version(unsigned version) { return version; }
int gconv(void) { return 1; }
int gconv_init(void) { return 1; }
#else
int main(void) {
	report();
	return 0;
}
#endif
