/*
 * Programs with names, command lines and files that a careless reader stumbles over.
 *
 *   hostile name HEX      links itself to the name with these bytes, runs it, removes it
 *   hostile script HEX    runs sh with a script of that name
 *   hostile argv HEX      runs sh with these bytes as its whole command line, arguments ended by 00
 *   hostile long          runs sh with a command line of nearly 2 MB, a script behind it
 *   hostile empty         runs sh without any argument, not even its own name
 *   hostile deleted       runs a link to itself that is removed before
 *   hostile memfd HEX     runs itself from memory under that name
 *   hostile comm HEX      gives itself that name, says "ready", and waits for the end of its input
 *   hostile rewrite       runs a copy called python3 that writes over its command line, says "ready", and waits likewise
 *
 * Each runs in the folder where it lies. The exit status says whether it worked.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* What a program does that was run for its name only. */
#define NOTHING "nothing"
#define OVERWRITE "overwrite"

static size_t decode(const char *hex, char *into, size_t size) {
	size_t length = 0;
	for (; hex[0] && hex[1] && length + 1 < size; hex += 2) {
		unsigned byte;
		if (sscanf(hex, "%2x", &byte) != 1) exit(2);
		into[length++] = (char)byte;
	}
	into[length] = 0;
	return length;
}

static void wait_for_end(void) {
	char byte;
	puts("ready");
	fflush(stdout);
	while (read(0, &byte, 1) > 0) {}
}

static int ended(pid_t child) {
	int status;
	if (child < 0 || waitpid(child, &status, 0) != child) return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* Runs `path` (or the open file `fd`) with these arguments; gives its exit status. */
static int run(int fd, const char *path, char *const argv[]) {
	pid_t child = fork();
	if (child == 0) {
		if (fd >= 0) fexecve(fd, argv, environ);
		else execve(path, argv, environ);
		_exit(127);
	}
	return ended(child);
}

int main(int argc, char **argv) {
	static char name[8192];
	const char *mode = argc > 1 ? argv[1] : NOTHING;
	const char *self = "/proc/self/exe";
	size_t length = argc > 2 && strcmp(mode, OVERWRITE) != 0 ? decode(argv[2], name, sizeof name) : 0;
	char *nothing[] = {"x", NOTHING, NULL};

	if (strcmp(mode, NOTHING) == 0) return 0;
	if (strcmp(mode, "name") == 0) {
		if (linkat(AT_FDCWD, "hostile", AT_FDCWD, name, 0) != 0) return 3;
		char *args[] = {name, NOTHING, NULL};
		int status = run(-1, name, args);
		return unlink(name) != 0 || status;
	}
	if (strcmp(mode, "script") == 0) {
		int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0644);
		if (fd < 0 || write(fd, ":\n", 2) != 2 || close(fd) != 0) return 3;
		static char path[8200] = "./";
		memcpy(path + 2, name, length + 1);
		char *args[] = {"sh", path, NULL};
		int status = run(-1, "/bin/sh", args);
		return unlink(name) != 0 || status;
	}
	if (strcmp(mode, "argv") == 0) {
		char *args[256];
		int count = 0;
		for (size_t at = 0; at < length && count < 255; at += strlen(name + at) + 1) args[count++] = name + at;
		args[count] = NULL;
		run(-1, "/bin/sh", args); /* its status is whatever sh makes of it */
		return 0;
	}
	if (strcmp(mode, "long") == 0) {
		static char filler[120001];
		memset(filler, '-', sizeof filler - 1);
		char *args[18] = {"sh", "-c", ":"};
		for (int i = 3; i < 17; i++) args[i] = filler;
		return run(-1, "/bin/sh", args);
	}
	if (strcmp(mode, "empty") == 0) {
		char *args[] = {NULL};
		run(-1, "/bin/sh", args);
		return 0;
	}
	if (strcmp(mode, "deleted") == 0) {
		if (linkat(AT_FDCWD, "hostile", AT_FDCWD, "vanishing", 0) != 0) return 3;
		int fd = open("vanishing", O_RDONLY);
		if (fd < 0 || unlink("vanishing") != 0) return 3;
		return run(fd, NULL, nothing);
	}
	if (strcmp(mode, "memfd") == 0) {
		struct stat status;
		int from = open(self, O_RDONLY), to = memfd_create(name, 0);
		if (from < 0 || to < 0 || fstat(from, &status) != 0) return 3;
		if (sendfile(to, from, NULL, (size_t)status.st_size) != status.st_size) return 3;
		int copy = open((snprintf(name, sizeof name, "/proc/self/fd/%d", to), name), O_RDONLY);
		if (copy < 0 || close(to) != 0) return 3;
		return run(copy, NULL, nothing);
	}
	if (strcmp(mode, "comm") == 0) {
		if (prctl(PR_SET_NAME, name) != 0) return 3;
		wait_for_end();
		return 0;
	}
	if (strcmp(mode, "rewrite") == 0) {
		if (linkat(AT_FDCWD, "hostile", AT_FDCWD, "python3", 0) != 0) return 3;
		char *args[] = {"python3", OVERWRITE, "-m", "pretended", NULL};
		int status = run(-1, "python3", args);
		return unlink("python3") != 0 || status;
	}
	if (strcmp(mode, OVERWRITE) == 0) {
		/* The arguments lie one behind the other. */
		memset(argv[0], '\n', (size_t)(argv[argc - 1] + strlen(argv[argc - 1]) - argv[0]));
		wait_for_end();
		return 0;
	}
	return 2;
}
