/*
 * What a shell can't do: ways to start a program, or to be one, that need system calls of their own.
 *
 *   tricks memfd NAME PROGRAM        runs a copy of the program from memory under that name
 *   tricks emptypath PROGRAM         runs it by a descriptor and no path (execveat with AT_EMPTY_PATH)
 *   tricks dirfd FOLDER NAME         runs FOLDER/NAME by a descriptor of the folder
 *   tricks detached FOLDER NAME      runs FOLDER/NAME of a mount that is attached nowhere (open_tree)
 *   tricks entered PID PROGRAM …     runs it in the user and mount namespaces of that process
 *   tricks tmpfile PROGRAM           runs a copy that never had a name (O_TMPFILE)
 *   tricks linked PROGRAM NAME       gives such a copy a name and runs that
 *   tricks argv0 WORD PROGRAM …      runs it with that word as its own name
 *   tricks noargv PROGRAM            runs it without any argument
 *   tricks much PROGRAM ARG          runs it with that argument and 1.5 MB of further ones
 *   tricks repeat N WORD PROGRAM …   runs it with N times that word before the other arguments
 *   tricks thread PROGRAM            runs it from a second thread
 *   tricks daemon PROGRAM            runs it in a grandchild that has left session and parent
 *   tricks sibling PROGRAM           runs it in a child of the own parent (CLONE_PARENT)
 *   tricks vfork PROGRAM             runs it in a child of vfork
 *   tricks swap EXECUTABLE           takes that file for its executable (PR_SET_MM_MAP), says its id, waits
 *   tricks comm NAME                 takes that name for its thread, says its id, waits
 *   tricks headless NAME             the same in a second thread, the first ends
 *   tricks socket PROGRAM …          runs it with a loopback connection as input and output, and writes it standard input
 *
 * Those that wait end 50 ms later, or with `WAIT` in the environment at the end of their input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void fail(const char *what) {
	perror(what);
	exit(1);
}

static int ended(pid_t child) {
	int status;
	if (child < 0 || waitpid(child, &status, 0) != child) fail("wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* Copies a program to an open file. */
static void copy(const char *program, int to) {
	int from = open(program, O_RDONLY | O_CLOEXEC);
	struct stat file;
	if (from < 0 || fstat(from, &file)) fail(program);
	for (off_t left = file.st_size; left > 0;) {
		ssize_t sent = sendfile(to, from, NULL, left);
		if (sent <= 0) fail("copy");
		left -= sent;
	}
	close(from);
	fchmod(to, 0755);
}

/* A descriptor to run from may not be open for writing. */
static int reopened(int fd) {
	char path[64];
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	int again = open(path, O_RDONLY);
	if (again < 0) fail(path);
	close(fd);
	return again;
}

static void say_and_wait(void) {
	char id[32], byte;
	int length = snprintf(id, sizeof id, "%d\n", getpid());
	if (write(9, id, length) < 0) fail("say");
	if (!getenv("WAIT")) usleep(50000);
	else
		while (read(0, &byte, 1) > 0) {}
}

/* Puts a copy without a file in the place of each mapping of the own file: else the kernel refuses another executable. */
static void leave_own_file(void) {
	static char lines[1 << 16], own[4096];
	ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
	if (length < 0) fail("exe");
	int fd = open("/proc/self/maps", O_RDONLY);
	size_t size = 0;
	for (ssize_t got; (got = read(fd, lines + size, sizeof lines - 1 - size)) > 0;) size += got;
	close(fd);
	for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n")) {
		unsigned long from, to;
		char mode[5];
		if (!strstr(line, own) || sscanf(line, "%lx-%lx %4s", &from, &to, mode) != 3) continue;
		void *place = mmap(NULL, to - from, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (place == MAP_FAILED) fail("mmap");
		memcpy(place, (void *)from, to - from);
		if (mremap(place, to - from, to - from, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)from) == MAP_FAILED) _exit(4);
	}
}

static void swap_executable(const char *path) {
	struct prctl_mm_map map = {0};
	char text[4096], *field;
	int fd = open("/proc/self/stat", O_RDONLY);
	ssize_t length = read(fd, text, sizeof text - 1);
	close(fd);
	if (length <= 0) fail("stat");
	text[length] = 0;
	unsigned long value[53] = {0};
	int n = 3; /* the field after the name, which ends with the last bracket; proc(5) counts from 1 */
	for (field = strtok(strrchr(text, ')') + 2, " "); field && n < 53; field = strtok(NULL, " ")) value[n++] = strtoul(field, NULL, 10);
	map.start_code = value[26], map.end_code = value[27], map.start_stack = value[28];
	map.start_data = value[45], map.end_data = value[46], map.start_brk = value[47];
	map.arg_start = value[48], map.arg_end = value[49], map.env_start = value[50], map.env_end = value[51];
	map.brk = (unsigned long)sbrk(0);
	map.exe_fd = open(path, O_RDONLY | O_CLOEXEC);
	if ((int)map.exe_fd < 0) fail(path);
	leave_own_file();
	if (prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0)) fail("PR_SET_MM_MAP");
}

static char **arguments;

static void *run_in_thread(void *unused) {
	execv(arguments[0], arguments);
	fail(arguments[0]);
	return unused;
}

static void *headless(void *name) {
	usleep(1000); /* the first thread ends */
	prctl(PR_SET_NAME, name);
	say_and_wait();
	exit(0);
}

/* Both ends of a connection by loopback. */
static void connection(int ends[2]) {
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (void *)&address, length) || listen(listener, 1) || getsockname(listener, (void *)&address, &length)) fail("listen");
	ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(ends[0], (void *)&address, length)) fail("connect");
	ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (ends[1] < 0) fail("accept");
	close(listener);
}

int main(int argc, char **argv) {
	if (argc < 3) return 2;
	const char *mode = argv[1];
	char **rest = argv + 2;
	pid_t child;
	int fd;
	if (!strcmp(mode, "memfd") && argc == 4) {
		fd = memfd_create(argv[2], 0);
		copy(argv[3], fd);
		fexecve(reopened(fd), rest, environ);
	} else if (!strcmp(mode, "emptypath")) {
		syscall(SYS_execveat, open(argv[2], O_PATH), "", rest, environ, AT_EMPTY_PATH);
	} else if (!strcmp(mode, "dirfd") && argc == 4) {
		syscall(SYS_execveat, open(argv[2], O_PATH | O_DIRECTORY), argv[3], rest + 1, environ, 0);
	} else if (!strcmp(mode, "detached") && argc == 4) {
		/* OPEN_TREE_CLONE: the mount is a copy, and below no other. */
		syscall(SYS_execveat, syscall(SYS_open_tree, AT_FDCWD, argv[2], 1), argv[3], rest + 1, environ, 0);
	} else if (!strcmp(mode, "entered") && argc > 3) {
		char user[64], mounts[64], folder[4096];
		snprintf(user, sizeof user, "/proc/%s/ns/user", argv[2]), snprintf(mounts, sizeof mounts, "/proc/%s/ns/mnt", argv[2]);
		int first = open(user, O_RDONLY | O_CLOEXEC), second = open(mounts, O_RDONLY | O_CLOEXEC);
		if (!getcwd(folder, sizeof folder) || setns(first, CLONE_NEWUSER) || setns(second, CLONE_NEWNS) || chdir(folder)) fail("setns");
		execv(argv[3], rest + 1);
	} else if (!strcmp(mode, "tmpfile")) {
		fd = open(".", O_TMPFILE | O_RDWR, 0755);
		if (fd < 0) fail("O_TMPFILE");
		copy(argv[2], fd);
		fexecve(reopened(fd), rest, environ);
	} else if (!strcmp(mode, "linked") && argc == 4) {
		char path[64];
		fd = open(".", O_TMPFILE | O_RDWR, 0755);
		if (fd < 0) fail("O_TMPFILE");
		copy(argv[2], fd);
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		if (linkat(AT_FDCWD, path, AT_FDCWD, argv[3], AT_SYMLINK_FOLLOW)) fail("linkat");
		close(fd);
		execv(argv[3], rest + 1);
	} else if (!strcmp(mode, "argv0") && argc > 3) {
		char *program = argv[3];
		argv[3] = argv[2];
		execv(program, argv + 3);
	} else if (!strcmp(mode, "noargv")) {
		char *none[] = {NULL};
		execve(argv[2], none, environ);
	} else if (!strcmp(mode, "much") && argc == 4) {
		char *word = malloc(1001), **many = calloc(1503, sizeof *many);
		memset(word, 'x', 1000), word[1000] = 0;
		many[0] = argv[2], many[1] = argv[3];
		for (int i = 2; i < 1502; i++) many[i] = word;
		execv(argv[2], many);
	} else if (!strcmp(mode, "repeat") && argc > 4) {
		int count = atoi(argv[2]), at = 0;
		char **many = calloc(count + argc, sizeof *many);
		many[at++] = argv[4];
		for (int i = 0; i < count; i++) many[at++] = argv[3];
		for (int i = 5; i < argc; i++) many[at++] = argv[i];
		execv(argv[4], many);
	} else if (!strcmp(mode, "thread")) {
		pthread_t thread;
		arguments = rest;
		pthread_create(&thread, NULL, run_in_thread, NULL);
		pthread_join(thread, NULL);
	} else if (!strcmp(mode, "daemon")) {
		int ends[2]; /* closes with the last process: then the daemon has ended */
		char byte;
		if (pipe(ends)) fail("pipe");
		if (fork()) {
			close(ends[1]);
			while (read(ends[0], &byte, 1) > 0) {}
			return 0;
		}
		setsid();
		if (fork()) return 0;
		execv(argv[2], rest);
	} else if (!strcmp(mode, "sibling")) {
		/* Its end is told to the parent, which didn't start it: wait by the pipe again. */
		int ends[2];
		char byte;
		if (pipe(ends)) fail("pipe");
		child = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
		if (child == 0) {
			execv(argv[2], rest);
			_exit(1);
		}
		close(ends[1]);
		while (read(ends[0], &byte, 1) > 0) {}
		return 0;
	} else if (!strcmp(mode, "vfork")) {
		child = vfork();
		if (child == 0) {
			execv(argv[2], rest);
			_exit(1);
		}
		return ended(child);
	} else if (!strcmp(mode, "swap")) {
		swap_executable(argv[2]);
		say_and_wait();
		return 0;
	} else if (!strcmp(mode, "comm")) {
		prctl(PR_SET_NAME, argv[2]);
		say_and_wait();
		return 0;
	} else if (!strcmp(mode, "headless")) {
		pthread_t thread;
		pthread_create(&thread, NULL, headless, argv[2]);
		pthread_exit(NULL);
	} else if (!strcmp(mode, "socket")) {
		int ends[2];
		char text[4096];
		connection(ends);
		child = fork();
		if (child == 0) {
			dup2(ends[0], 0), dup2(ends[0], 1);
			execv(argv[2], rest);
			_exit(1);
		}
		close(ends[0]);
		for (ssize_t got; (got = read(0, text, sizeof text)) > 0;)
			if (write(ends[1], text, got) != got) fail("write");
		shutdown(ends[1], SHUT_WR);
		return ended(child);
	}
	fail(mode);
}
