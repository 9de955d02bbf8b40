/**
 * A virtual machine: qemu boots a kernel with the image, and commands run in it over ssh.
 *
 * Its network is restricted to what it is asked for: nothing of it leaves this machine's loopback.
 *
 * @module
 */

import { poll } from "../live/exporter.ts";
import { Scrape } from "../live/exposition.ts";
import type { Image } from "./image.ts";
import type { Kernel } from "./kernels.ts";

const TEXT = new TextDecoder();
/** How long a boot may take, and anything else that is waited for: ten times what an emulated processor takes. */
const BOOT_MS = 600_000;
/** Between two looks at what isn't there yet: each one takes time of an emulated processor. */
const PAUSE_MS = 1000;
/** What a console by a serial line needn't say of each unit that waits. */
const QUIET = "quiet systemd.show_status=error";
/** Where the exporter listens in the guest. */
const EXPORTER_PORT = 9501;

export interface Output {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a guest is made of. */
export interface GuestParts {
  readonly kernel: Kernel;
  readonly image: Image;
  /** More of the kernel's command line. */
  readonly append?: string | undefined;
  /** Where its console and its ssh connection are kept. */
  readonly folder: string;
}

/** Whether this machine's processor lets a guest run on it. A device alone doesn't say so: in a guest it may be a dead one. */
export function hasKvm(): boolean {
  try {
    Deno.openSync("/dev/kvm", { read: true, write: true }).close();
    return /^flags\b.*\b(?:vmx|svm)\b/m.test(Deno.readTextFileSync("/proc/cpuinfo"));
  } catch {
    return false;
  }
}

/** Waits for something that a guest does, for as long as it takes on a busy machine; looks for it once a second. */
export async function comes<T>(what: string, condition: () => Promise<T | false>): Promise<T> {
  return await poll(what, async () => {
    const value = await condition();
    if (value === false) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return value;
  }, BOOT_MS);
}

/** A port of loopback that nobody listens on. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A running guest. Use it with `await using`, so that it ends with whoever started it. */
export class Guest implements AsyncDisposable {
  readonly kernel: Kernel;
  /** Whether launches are named by BPF: not with lockdown=confidentiality. */
  readonly hasBpf: boolean;
  /** What its console has said. */
  readonly console: string;
  readonly #image: Image;
  readonly #child: Deno.ChildProcess;
  readonly #socket: string;
  readonly #sshPort: number;
  readonly #exporterPort = freePort();
  #hasEnded = false;

  private constructor(parts: GuestParts, child: Deno.ChildProcess, sshPort: number) {
    this.kernel = parts.kernel;
    this.hasBpf = parts.append?.includes("lockdown=confidentiality") !== true;
    this.console = `${parts.folder}/console`;
    this.#socket = `${parts.folder}/ssh`;
    this.#image = parts.image;
    this.#child = child;
    this.#sshPort = sshPort;
    void child.status.then(() => this.#hasEnded = true);
  }

  /** Boots a guest and waits until it answers by ssh. */
  static async boot(parts: GuestParts): Promise<Guest> {
    const { kernel, image, append = "", folder } = parts, sshPort = freePort();
    const line = `root=/dev/nvme0n1 rw console=ttyS0 net.ifnames=0 panic=-1 ${QUIET} ${append}`;
    const accelerator = hasKvm() ? ["-accel", "kvm", "-cpu", "host"] : ["-accel", "tcg", "-cpu", "max"];
    // It ends with this process, however that ends.
    const child = new Deno.Command("setpriv", {
      args: [
        ...["--pdeathsig", "KILL", "qemu-system-x86_64"],
        ...accelerator,
        ...["-smp", "1", "-m", "1536", "-nodefaults", "-display", "none"],
        ...["-serial", `file:${folder}/console`],
        ...["-kernel", kernel.image, "-append", line],
        ...["-drive", `file=${image.disk},format=raw,if=none,id=disk,snapshot=on`],
        ...["-device", "nvme,serial=1,drive=disk"],
        ...["-netdev", `user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:${sshPort}-:22`],
        ...["-device", "virtio-net-pci,netdev=net,romfile="],
        ...["-object", "rng-random,id=rng,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=rng"],
      ],
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    const guest = new Guest(parts, child, sshPort);
    try {
      await guest.connect();
      return guest;
    } catch (error) {
      await guest[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Waits until it answers by ssh, and has the exporter's port here too. */
  async connect(): Promise<void> {
    const forward = `${this.#exporterPort}:127.0.0.1:${EXPORTER_PORT}`;
    await comes(`ssh of the guest with Linux ${this.kernel.name} (${this.console})`, async () => {
      if (this.#hasEnded) throw new Error(`qemu has ended; see ${this.console}`);
      const options = ["-f", "-N", "-M", "-o", "ConnectTimeout=60", "-L", forward];
      return (await this.#ssh([...options, "root@127.0.0.1"])).code === 0;
    });
  }

  /** Runs a command of the shell, as root; as another user by a login of its own. */
  async run(command: string, user = "root"): Promise<Output> {
    return await this.#ssh([...(user === "root" ? [] : ["-S", "none"]), `${user}@127.0.0.1`, command]);
  }

  /** As {@link run}, of a command that must succeed: what it printed, without blanks at the ends. */
  async must(command: string, user?: string): Promise<string> {
    const { code, out, err } = await this.run(command, user);
    if (code !== 0) throw new Error(`Cannot run ${command}: status ${code}, ${err.trim() || out.trim()}`);
    return out.trim();
  }

  /** What the exporter answers to a path. */
  async get(path: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.#exporterPort}${path}`);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`Cannot get ${path}: status ${response.status}, ${text.trim()}`);
    return text;
  }

  /** What the exporter says now. */
  async scrape(): Promise<Scrape> {
    return new Scrape(await this.get("/metrics"));
  }

  /** Waits until the exporter says that it is ready. */
  async ready(): Promise<void> {
    await comes("the exporter ready", async () => {
      const answer = await fetch(`http://127.0.0.1:${this.#exporterPort}/-/ready`).catch(() => undefined);
      await answer?.body?.cancel();
      return answer?.status === 200;
    });
  }

  /** Starts it anew and waits until it answers. */
  async reboot(): Promise<void> {
    const before = await this.must("cat /proc/sys/kernel/random/boot_id");
    await this.run("systemctl reboot");
    await comes("another boot", async () => {
      await this.#ssh(["-O", "exit", "root@127.0.0.1"]);
      await this.connect();
      return (await this.run("cat /proc/sys/kernel/random/boot_id")).out.trim() !== before;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ssh(["-O", "exit", "root@127.0.0.1"]);
    try {
      this.#child.kill("SIGKILL"); // its disk is a snapshot
    } catch {
      // It has ended.
    }
    await this.#child.status;
  }

  async #ssh(args: readonly string[]): Promise<Output> {
    const options = [
      ...["-F", "none", "-S", this.#socket, "-i", this.#image.key, "-p", String(this.#sshPort), "-o", "BatchMode=yes"],
      ...["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"],
    ];
    // The one that stays in the background would keep the pipes open.
    const stdio = args.includes("-f") ? "null" : "piped";
    const command = new Deno.Command("ssh", {
      args: [...options, ...args],
      stdin: "null",
      stdout: stdio,
      stderr: stdio,
    });
    if (stdio === "null") return { code: (await command.spawn().status).code, out: "", err: "" };
    const { code, stdout, stderr } = await command.output();
    return { code, out: TEXT.decode(stdout), err: TEXT.decode(stderr) };
  }
}
