/*
 * An ordinary user who tries to use up what an exporter has: its tables, its memory, its descriptors, its time.
 *
 *   hostile_user SECONDS     goes through all of it again and again, in the folder where it lies, and says how often it exec'd
 *   hostile_user CHAIN N     links itself to a name of 63 characters of four bytes and runs that, N deep
 *   hostile_user nothing     does nothing; so do copies of it under other names
 *
 * Everything ends with it: children die with their parent. RLIMIT_NPROC bounds the fork bombs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DEEP = 40, NAMES = 200, BOMB = 64, LEVELS = 15, CHROOTS = 10 };

static unsigned long launches;
static unsigned seed;

static unsigned number(void) {
	seed = seed * 1103515245 + 12345;
	return seed >> 4;
}

/* A name that was never there: 63 characters outside the basic plane, four bytes each. */
static void wide_name(char *name) {
	for (int i = 0; i < 63; i++) {
		unsigned code = 0x20000 + number() % 0x4000;
		*name++ = (char)(0xf0 | code >> 18);
		*name++ = (char)(0x80 | (code >> 12 & 63));
		*name++ = (char)(0x80 | (code >> 6 & 63));
		*name++ = (char)(0x80 | (code & 63));
	}
	*name = 0;
}

static pid_t start(void) {
	pid_t child = fork();
	if (child == 0) prctl(PR_SET_PDEATHSIG, SIGKILL);
	return child;
}

static int ended(pid_t child) {
	int status;
	if (child < 0) return -1;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR) return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Runs a file; the program that does nothing ends with 0. */
static void run(const char *path, char *const argv[]) {
	pid_t child = start();
	if (child == 0) {
		char *none[] = {NULL};
		execve(path, argv, none);
		_exit(127);
	}
	if (ended(child) == 0) launches++;
}

static void run_nothing(const char *path) {
	char *argv[] = {"x", "nothing", NULL};
	run(path, argv);
}

/* The next of a chain of programs, each with a name of its own. */
static int chain(int left) {
	char name[256], count[16];
	if (left == 0) return 0;
	wide_name(name);
	if (link("hostile_user", name) != 0) return 1;
	snprintf(count, sizeof count, "%d", left - 1);
	pid_t child = start();
	if (child == 0) {
		char seeds[16];
		snprintf(seeds, sizeof seeds, "%u", seed);
		char *argv[] = {"x", "CHAIN", count, seeds, NULL}, *none[] = {NULL};
		execve(name, argv, none);
		_exit(127);
	}
	int status = ended(child);
	unlink(name);
	return status;
}

static void names(void) {
	for (int i = 0; i < NAMES; i++) {
		char name[64];
		snprintf(name, sizeof name, "n-%u-%u", number(), number());
		for (char *c = name; *c; c++)
			if (*c >= '0' && *c <= '9') *c = (char)('a' + (*c - '0') * 2); /* nothing that looks machine-made by its digits */
		if (link("hostile_user", name) != 0) continue;
		run_nothing(name);
		if (i % 2) run_nothing(name); /* no throwaway name */
		unlink(name);
	}
}

/* A path of 4 kB: folders of 250 bytes in each other, and a program at the end. */
static void long_path(void) {
	char folder[251];
	memset(folder, 'd', 250);
	folder[250] = 0;
	int home = open(".", O_RDONLY | O_DIRECTORY), depth = 0;
	for (; depth < LEVELS && (mkdir(folder, 0700) == 0 || errno == EEXIST) && chdir(folder) == 0; depth++) {}
	if (linkat(home, "hostile_user", AT_FDCWD, "hostile_user", 0) == 0 || errno == EEXIST) run_nothing("./hostile_user");
	unlink("hostile_user");
	for (; depth > 0 && chdir("..") == 0; depth--) rmdir(folder);
	if (fchdir(home) != 0) _exit(3);
	close(home);
}

/* Roots that nobody has seen, deep ones among them, in user namespaces where the machine lets an ordinary user have some. */
static void roots(void) {
	for (int i = 0; i < CHROOTS; i++) {
		char folder[32];
		snprintf(folder, sizeof folder, "root-%u", number());
		if (mkdir(folder, 0700) != 0) continue;
		char file[64];
		snprintf(file, sizeof file, "%s/hostile_user", folder);
		if (link("hostile_user", file) == 0) {
			pid_t child = start();
			if (child == 0) {
				if (unshare(CLONE_NEWUSER) != 0 || chroot(folder) != 0 || chdir("/") != 0) _exit(0);
				for (int deep = i % 2 ? 0 : LEVELS; deep > 0; deep--)
					if (mkdir("d", 0700) == 0 && link("hostile_user", "d/hostile_user") == 0 && chroot("d") == 0 && chdir("/") == 0) {}
				char *argv[] = {"x", "nothing", NULL}, *none[] = {NULL};
				execve("/hostile_user", argv, none);
				_exit(127);
			}
			ended(child);
		}
		/* From the innermost folder outwards. */
		int home = open(".", O_RDONLY | O_DIRECTORY);
		if (chdir(folder) == 0) {
			int depth = 0;
			while (chdir("d") == 0) depth++;
			unlink("hostile_user");
			for (; depth > 0 && chdir("..") == 0; depth--) {
				rmdir("d");
				unlink("hostile_user");
			}
		}
		if (fchdir(home) != 0) _exit(3);
		close(home);
		rmdir(folder);
	}
}

static void bomb(void) {
	pid_t children[1024];
	int count = 0;
	for (; count < 1024; count++) {
		pid_t child = start();
		if (child < 0) break; /* RLIMIT_NPROC */
		if (child == 0) {
			if (count % BOMB == 0) {
				char *argv[] = {"x", "nothing", NULL}, *none[] = {NULL};
				execve("hostile_user", argv, none);
			}
			pause();
			_exit(0);
		}
		children[count] = child;
	}
	for (int i = 0; i < count; i++) kill(children[i], SIGKILL);
	for (int i = 0; i < count; i++) ended(children[i]);
}

static void long_arguments(void) {
	static char filler[120001];
	memset(filler, '-', sizeof filler - 1);
	char *argv[18] = {"x", "nothing"};
	for (int i = 2; i < 17; i++) argv[i] = filler;
	run("hostile_user", argv);
}

int main(int argc, char **argv) {
	if (argc > 3 && strcmp(argv[1], "CHAIN") == 0) {
		seed = (unsigned)strtoul(argv[3], NULL, 10);
		return chain(atoi(argv[2]));
	}
	int seconds = argc == 2 ? atoi(argv[1]) : 0;
	time_t end = time(NULL) + seconds;
	seed = (unsigned)getpid();
	if (seconds == 0) return 0;
	while (time(NULL) < end) {
		chain(DEEP);
		names();
		long_path();
		roots();
		bomb();
		long_arguments();
	}
	printf("%lu\n", launches);
	return 0;
}
