/**
 * The programs that do the least possible, each run for one round.
 *
 * @module
 */

import { cpuNanoseconds, processFigures } from "../../tests/live/figures.ts";
import { poll } from "../../tests/live/exporter.ts";
import type { Forest } from "../../tests/live/forest.ts";
import { programTime } from "./program_time.ts";
import { ANONYMOUS, CPU, LAUNCHING, LOST, MEBIBYTE, type Round } from "./rounds.ts";

/** Launches before a round counts: it is awake then. */
const WARM_UP = 500;

/** A program that listens to the connector or prints `{"ready":true}`, and prints its counts at SIGTERM. */
export interface Floor {
  readonly name: string;
  readonly command: readonly string[];
  /** Whether the kernel works for it inside the launching process. */
  readonly hasProgram: boolean;
}

/** Names of the programs that the exporter is compared with. */
export const C_FLOOR = "C floor";
const FIFO_FLOOR = "C floor under SCHED_FIFO";
const BPF_FLOOR = "BPF floor";
export const FLOORS: readonly string[] = [C_FLOOR, FIFO_FLOOR, BPF_FLOOR];

/** Compiles the C program; it is measured as anybody would start it, and as it reads as many processes in time as it can. */
export async function buildFloors(forest: Forest, source: string): Promise<Floor[]> {
  const path = forest.path("floor");
  const compiler = new Deno.Command("cc", { args: ["-O2", "-o", path, source] });
  if (!(await compiler.output()).success) throw new Error(`Cannot compile ${source}: cc failed`);
  const script = `${import.meta.dirname}/bpf_floor.ts`;
  return [
    { name: C_FLOOR, command: [path], hasProgram: false },
    { name: FIFO_FLOOR, command: ["chrt", "-f", "1", path], hasProgram: false },
    { name: BPF_FLOOR, command: [Deno.execPath(), "run", "--quiet", "-A", script], hasProgram: true },
  ];
}

/** Lines of a program's standard output, as they come. */
async function collect(stream: ReadableStream<Uint8Array>, into: { text: string }): Promise<void> {
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) into.text += chunk;
}

/** Whether a process has a socket of the proc connector: the kernel's table names the listener by its process id. */
function isListening(pid: number): boolean {
  const [, ...rows] = Deno.readTextFileSync("/proc/net/netlink").trim().split("\n");
  return rows.map((line) => line.trim().split(/\s+/)).some(([, protocol, port, groups]) =>
    protocol === "11" && Number(port) === pid && Number.parseInt(groups!, 16) !== 0
  );
}

/** Runs a floor and measures it. */
export async function floorRound(forest: Forest, floor: Floor, launches: number, rate: number): Promise<Round> {
  const [command, ...args] = floor.command;
  const child = new Deno.Command(command!, { args, stdout: "piped", stderr: "inherit" }).spawn();
  const output = { text: "" };
  const read = collect(child.stdout, output);
  const stop = async () => {
    child.kill("SIGTERM");
    await child.status;
    await read;
  };
  try {
    await poll(`${floor.name} ready`, () => output.text.includes("ready") || isListening(child.pid));
    const launch = (stem: string, count: number) =>
      forest.run(stem, "launch", "base", String(count), String(rate), "/bin/true");
    await launch("warming", WARM_UP);
    const before = cpuNanoseconds(child.pid), programBefore = programTime(child.pid);
    await launch("measured", launches);
    const cpu = cpuNanoseconds(child.pid) - before, program = programTime(child.pid);
    const { anonymousBytes } = processFigures(child.pid);
    await stop();
    const counts = JSON.parse(output.text.trim().split("\n").at(-1)!) as {
      execs: number;
      named?: number;
      lost?: number;
    };
    return {
      [CPU]: cpu / 1000 / launches,
      ...floor.hasProgram
        ? { [LAUNCHING]: (program.nanoseconds - programBefore.nanoseconds) / 1000 / launches }
        : { "named from /proc, %": 100 * counts.named! / counts.execs },
      [ANONYMOUS]: anonymousBytes / MEBIBYTE,
      [LOST]: counts.lost ?? 0,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
