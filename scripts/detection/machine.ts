/**
 * A Debian on which ordinary work is recorded: a root of its own, made by mmdebstrap and kept, with sshd, cron and Apache on
 * loopback, in namespaces that end with them.
 *
 * @module
 */

import { poll } from "../../tests/live/exporter.ts";
import { CRON_JOBS, FILES, LOGINS, PACKAGES, PAGES } from "./ordinary_work.ts";
import type { Recording } from "./recording.ts";

const SUITE = "bookworm";
const FOLDER = "/var/cache/cnproc-exporter-detection";
const ROOT = `${FOLDER}/root`, KEY = `${FOLDER}/key`;
const SSH_PORT = 20_022, HTTP_PORT = 20_080;
/** The daemons whose children are recorded. */
const DAEMONS: Readonly<Record<string, string>> = {
  "/usr/sbin/sshd": "sshd",
  "/usr/sbin/cron": "cron",
  "/usr/sbin/apache2": "apache2",
};
/** What says nothing about a recording; and about a login: the day's message. */
const PLAIN = new Set(["sh", "dash", "bash", "sshd", "env", "x"]);
const MESSAGE = new Set([
  "run-parts",
  "10-uname",
  "uname",
  "92-unattended-upgrades",
  "update-motd-unattended-upgrades",
]);
const MOST_NAMES = 8;
/** A job of each minute has begun by then, and most have ended. */
const CRON_MS = 100_000;

async function run(command: string, ...args: string[]): Promise<number> {
  const { code } = await new Deno.Command(command, { args, stdin: "null", stdout: "null", stderr: "null" }).output();
  return code;
}

async function must(command: string, ...args: string[]): Promise<void> {
  const code = await run(command, ...args);
  if (code !== 0) throw new Error(`Cannot make a Debian: ${command} ended with ${code}`);
}

const DAEMON_SCRIPT = `mkdir -p /run/sshd /run/lock /run/apache2
/usr/sbin/sshd -D -e -p ${SSH_PORT} -o ListenAddress=127.0.0.1 2>/var/log/sshd.log &
/usr/sbin/cron -f &
. /etc/apache2/envvars; /usr/sbin/apache2 -DFOREGROUND >/dev/null 2>&1 &
wait
`;

export class Machine implements AsyncDisposable {
  readonly root = ROOT;
  #child: Deno.ChildProcess | undefined;

  private constructor() {}

  /** Makes the root where it isn't there, and puts files and accounts into it. */
  static async start(): Promise<Machine> {
    if (await run("test", "-x", `${ROOT}/usr/sbin/apache2`) !== 0) {
      await Deno.mkdir(FOLDER, { recursive: true });
      const options = ["--quiet", "--variant=apt", `--include=${PACKAGES.join(",")}`];
      await must("mmdebstrap", ...options, `--aptopt=APT::Sandbox::User "root"`, SUITE, ROOT);
    }
    if (await run("test", "-f", KEY) !== 0) await must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KEY);
    const inside = (script: string) => must("chroot", ROOT, "/bin/sh", "-ec", script);
    await inside(
      "id alice >/dev/null 2>&1 || useradd --create-home --shell /bin/bash --groups sudo alice; a2enmod -q cgid",
    );
    const files = {
      ...FILES,
      "/root/daemons.sh": DAEMON_SCRIPT,
      "/etc/apache2/ports.conf": `Listen 127.0.0.1:${HTTP_PORT}\nServerName localhost\n`,
      "/home/alice/.ssh/authorized_keys": await Deno.readTextFile(`${KEY}.pub`),
      "/etc/cron.d/recorded": CRON_JOBS.map((job) => `* * * * * ${job}\n`).join(""),
    };
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(`${ROOT}${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(ROOT + path, text);
      await Deno.chmod(ROOT + path, text.startsWith("#!") ? 0o755 : path.includes("sudoers") ? 0o440 : 0o644);
    }
    await inside("chown -R alice: /home/alice; chmod 700 /home/alice/.ssh");
    return new Machine();
  }

  /** The daemon that an executable is. */
  daemonOf(exe: string): string | undefined {
    return exe.startsWith(ROOT) ? DAEMONS[exe.slice(ROOT.length)] : undefined;
  }

  /** What tells a recording from others. */
  nameOf({ below, strings, events }: Recording): string {
    const texts = events.flatMap((event) => event[0] === "exec" ? [event[2], ...event[5]] : []);
    const names = texts.map((index) => strings[index]!).filter((text) => text.includes("/"))
      .map((text) => text.replace(/.*\//, "")).filter((name) =>
        !PLAIN.has(name) && !(below === "sshd" && MESSAGE.has(name))
      );
    return `${below}: ${[...new Set(names)].slice(0, MOST_NAMES).join(" ") || "sh"}`;
  }

  /** Starts the daemons, does all that is done of a day, and ends them. */
  async work(): Promise<void> {
    const enter =
      `mount --bind ${ROOT} ${ROOT}; cd ${ROOT}; mount -t proc x proc; mount --rbind /dev dev; mount -t tmpfs x run; ` +
      `exec chroot ${ROOT} /bin/sh /root/daemons.sh`;
    const args = ["--mount", "--propagation=private", "--pid", "--fork", "--kill-child", "sh", "-ec", enter];
    this.#child = new Deno.Command("unshare", { args, stdin: "null", stdout: "null", stderr: "inherit" }).spawn();
    const begun = performance.now();
    await poll("a login", async () => await this.#login("true") === 0, 30_000);
    await poll("a page", async () => await this.#ask("/") === 0, 30_000);
    for (const command of LOGINS) {
      const code = await this.#login(command);
      if (code !== 0) console.error(`${code}: ${command}`);
    }
    for (const page of PAGES) await this.#ask(page);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, CRON_MS - (performance.now() - begun))));
  }

  /** A login of Alice; with `-t` in front of the command on a terminal, by a login shell. */
  #login(command: string): Promise<number> {
    const isTerminal = command.startsWith("-t "),
      options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "BatchMode=yes"];
    const args = options.flatMap((option) => ["-o", option]);
    const told = isTerminal
      ? ["-tt", "alice@127.0.0.1", `bash -lc '${command.slice(3)}'`]
      : ["alice@127.0.0.1", command];
    return run("timeout", "120", "ssh", ...args, "-i", KEY, "-p", String(SSH_PORT), ...told);
  }

  #ask(page: string): Promise<number> {
    return run("curl", "-sf", "-o", "/dev/null", `http://127.0.0.1:${HTTP_PORT}${page}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.status;
  }
}
