/**
 * The permissions of the exporter, in one place: the compiled file carries them, the `start` task and the tests use the
 * same ones. Found by experiment with Deno 2.6.8: each flag was left out, and the line says what failed without it.
 *
 * Deno can't say "this one library" or "this one file" here, so the checks stop mistakes, not an attacker who already
 * runs code in the process: whoever may call C may do what the user id may do.
 *
 * @module
 */

/** The permission flags, in the order they are passed. */
export const PERMISSION_FLAGS: readonly string[] = [
  // The kernel's sockets and /proc are reached through libc. `--allow-ffi=libc.so.6` is not enough: Deno resolves that
  // name against the working directory, and pointers (recvmmsg, sock_fprog) want the unrestricted form.
  "--allow-ffi",
  // Without it Deno.serve can't bind. The address is the user's to choose (--web.listen-address), so it isn't narrowed.
  "--allow-net",
  // Ordinary files that the user names: --config.file, --web.config.file, --baseline.file, and the package database.
  // It does not open /proc or /sys: Deno asks --allow-all for those, which is why they are read through libc.
  "--allow-read",
  // `baseline learn FILE` writes that file; every other command gives the right up before it does anything.
  "--allow-write",
  // Deno.serve listens where the first variable says, whatever the program asked for: it is deleted before the first use.
  // The others are the service manager's (sd_notify(3), sd_watchdog_enabled(3)); they are read once and deleted.
  // JOURNAL_STREAM says whether standard error is systemd's journal (systemd.exec(5)). The LOG_ ones would make the YAML parser print what it reads; it looks for them at each file. With the last three the exporter
  // tells itself, when it executes itself again with fewer rights, which descriptors are the ring that took them to open, and
  // the C library to share memory among threads and to give it back.
  "--allow-env=DENO_SERVE_ADDRESS,NOTIFY_SOCKET,WATCHDOG_USEC,WATCHDOG_PID,JOURNAL_STREAM,LOG_STREAM,LOG_TOKENS,CNPROC_RING,MALLOC_ARENA_MAX,MALLOC_MMAP_THRESHOLD_",
];

/** What else narrows the process; these take rights away, so nothing fails without them. */
export const RESTRICTION_FLAGS: readonly string[] = [
  // A permission that is missing is an error, never a question on the terminal of whoever started the daemon.
  "--no-prompt",
  // Deno lets a program import modules from a list of hosts unless told otherwise.
  "--deny-import",
];

/** Flags of the runtime. */
export const RUNTIME_FLAGS: readonly string[] = [
  // Lets the program collect the garbage of its start once that is over: 14 MB less (fingerprint/worker/memory.ts). Young garbage gets
  // 1 MiB a half instead of 16: 40 MB less in a storm of 50,000 names.
  "--v8-flags=--expose-gc,--max-semi-space-size=1",
  // Deno asks for it where a listener with TLS is to share its address with another, as one does while its certificate is replaced
  // (metrics/http/port.ts). `deno.json` has it too, for tests and scripts.
  "--unstable-net",
];
