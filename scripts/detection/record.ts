/**
 * Records what the evaluation replays, live, as root: `deno task detection --record[=ordinary,techniques,chains]`. A Debian for
 * ordinary work is made by mmdebstrap in a folder of its own, and its daemons listen on loopback.
 *
 * The kernel's own records tell what was launched, and an exporter beside them the flags of each launch.
 *
 * @module
 */

import { ExecRing, Libc, openWake, Reader, RING_BYTES } from "../../netlink/mod.ts";
import { Exporter } from "../../tests/live/exporter.ts";
import { Lab } from "../../tests/live/evasion/lab.ts";
import type { Technique, Trial } from "../../tests/live/evasion/technique.ts";
import { WORK } from "../../tests/live/evasion/work.ts";
import { Recorder } from "../record_forest.ts";
import { CHAINS } from "./attacks/chains.ts";
import { TACTICS } from "./attacks/tactics.ts";
import { evasions } from "./attacks/evasions.ts";
import { Machine } from "./machine.ts";
import { type Kind, LAB_FOLDER, type Recording, writeRecordings } from "./recording.ts";
import { AttackServer } from "./server.ts";
import { Slices, type ToldLaunch } from "./slices.ts";

/** Arguments that are kept of an interpreter: techniques fill command lines. */
const MOST_ARGUMENTS = 400;
/** Time between two looks at the ring; and for events to come after the last command. */
const LOOK_MS = 20, GRACE_MS = 1500;

/** The lab's folder in memory, and its link: they have the number of a process. */
const OTHER_FOLDERS = /cnproc-evasion-[a-z-]+/g;

/** A line of an exporter's event log. */
interface Line {
  readonly type: string;
  readonly pid: number;
  readonly tree: string;
  readonly flags?: readonly string[];
}

/** Launches that an exporter told, each with all its flags. */
export function toldLaunches(text: string): ToldLaunch[] {
  const told: (ToldLaunch & { readonly tree: string })[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const { type, pid, tree, flags = [] } = JSON.parse(line) as Line;
    const last = () => told.findLastIndex((launch) => launch.pid === pid);
    if (type === "launch") told.push({ pid, tree, flags });
    else if (type === "correction" && last() >= 0) told.splice(last(), 1);
    else if (type === "flags" && last() >= 0) {
      const at = last();
      told[at] = { ...told[at]!, flags: [...told[at]!.flags, ...flags] };
    }
  }
  return told;
}

/** Takes down everything that is launched while `work` is done. */
async function takeDown(work: () => Promise<void>): Promise<{ recorder: Recorder; told: ToldLaunch[] }> {
  const log = await Deno.makeTempFile(), libc = new Libc(), recorder = new Recorder(libc, MOST_ARGUMENTS);
  try {
    await using exporter = await Exporter.start({
      capture: "bpf",
      flags: [`--event-log=${log}`, "--event-log.only=all", "--trees.max=10000", "--trees.max-once=0"],
    });
    using ring = ExecRing.open(libc, { ringBytes: 8 * RING_BYTES, lifecycle: true });
    using reader = new Reader(libc, undefined, undefined, openWake(libc).fd, ring);
    let isDone = false;
    const looking = (async () => {
      while (!isDone) {
        reader.drain(recorder);
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    })();
    try {
      await work();
      await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
    } finally {
      isDone = true;
      await looking;
    }
    reader.drain(recorder);
    const drops = reader.drops();
    if (drops.execs + drops.lifecycle > 0) throw new Error("Cannot record: the kernel dropped events; try again");
    await exporter.stop();
    return { recorder, told: toldLaunches(await Deno.readTextFile(log)) };
  } finally {
    await Deno.remove(log);
  }
}

/** What a machine's own folders are in a recording. */
function rewriter(lab: Lab, machine?: Machine): (text: string) => string {
  return (text) => {
    let path = text.replaceAll(lab.folder, LAB_FOLDER).replace(OTHER_FOLDERS, "lab");
    if (machine !== undefined) path = path.replaceAll(machine.root, "") || "/";
    return path;
  };
}

/** Runs trials one after the other; gives what each hid, by process id. */
async function tryAll(lab: Lab, trials: readonly Trial[]): Promise<Map<string, number[]>> {
  const hidden = new Map<string, number[]>();
  for (const trial of trials) {
    const complaint = await lab.run(trial);
    if (complaint !== "") console.error(`${trial.id}: ${complaint.slice(0, 200)}`);
    hidden.set(trial.id, await lab.takePids(trial as Technique));
  }
  return hidden;
}

/** Recordings of trials that ran in the lab. */
async function recordTrials(lab: Lab, trials: readonly (Trial & { readonly idea?: string })[]): Promise<Recording[]> {
  const able = trials.filter((trial) => lab.hasTools(trial)), hidden = new Map<string, number[]>();
  const { recorder, told } = await takeDown(async () => {
    for (const [id, pids] of await tryAll(lab, able)) hidden.set(id, pids);
  });
  const slices = new Slices(recorder.events, recorder.images, told, {
    markerOf: ({ argv }) => {
      const trial = able.find((trial) => argv.some((argument) => argument === `${lab.folder}/${lab.marker(trial)}`));
      return trial && { id: trial.id, what: trial.what, ...trial.idea === undefined ? {} : { idea: trial.idea } };
    },
    daemonOf: () => undefined,
    rewrite: rewriter(lab),
  });
  console.log(`${slices.slices.length} of ${trials.length}, ${slices.unseen} unseen, ${slices.untold} untold`);
  return slices.slices.filter(({ events }) => events.length > 0).map((slice) => {
    const { isPassing = false } = able.find(({ id }) => id === slice.about.id) as Technique;
    const launches = (hidden.get(slice.about.id) ?? []).map((pid) => slice.launches.get(pid) ?? []);
    const indexes = launches.flatMap((own) => isPassing ? own : own.slice(-1));
    return slice.recording(indexes.length === 0 ? undefined : indexes);
  });
}

/** Recordings of what a Debian's daemons launch, and of ordinary work in the lab. */
async function recordOrdinary(lab: Lab): Promise<Recording[]> {
  await using machine = await Machine.start();
  const { recorder, told } = await takeDown(() => machine.work());
  const slices = new Slices(recorder.events, recorder.images, told, {
    markerOf: () => undefined,
    daemonOf: (image) => machine.daemonOf(image.exe),
    rewrite: rewriter(lab, machine),
  });
  console.log(`${slices.slices.length} of the machine, ${slices.unseen} unseen, ${slices.untold} untold`);
  const seen = new Map<string, Recording>();
  for (const slice of slices.slices) {
    const recording = slice.recording(), id = machine.nameOf(recording);
    if (!seen.has(id)) seen.set(id, { ...recording, id, what: id });
  }
  return [...seen.values(), ...await recordTrials(lab, WORK)];
}

/** What is in the folders of people is the recording machine's own: neither their programs nor what their shells begin with. */
const WITHOUT_OWN =
  "for name in .bashrc .profile .bash_profile .bash_aliases; do own=/etc/skel/$name; [ -e $own ] || own=/dev/null; " +
  '[ ! -e "$HOME/$name" ] || mount --bind $own "$HOME/$name"; done; PATH=/usr/sbin:/usr/bin:/sbin:/bin exec "$@"';

/** Runs this program again, in a mount namespace without them. Gives its status. */
export async function recordApart(script: string, kinds: readonly Kind[]): Promise<number> {
  const command = [
    Deno.execPath(),
    "run",
    "--quiet",
    "--lock=tests/deno.lock",
    "-A",
    script,
    `--record-here=${kinds.join(",")}`,
  ];
  const args = ["--mount", "--propagation=private", "sh", "-ec", WITHOUT_OWN, "sh", ...command];
  return (await new Deno.Command("unshare", { args, stdin: "null" }).spawn().status).code;
}

/** Records these kinds anew. */
export async function record(kinds: readonly Kind[]): Promise<void> {
  await using lab = await Lab.build();
  await using server = new AttackServer(lab.path("payload"));
  const aimed = <T extends Trial>(trial: T): T => ({
    ...trial,
    script: trial.script.replaceAll("@URL@", server.url).replaceAll("@PORT@", String(server.port)),
  });
  const { prettyName } = /^PRETTY_NAME="(?<prettyName>[^"]*)"/m.exec(Deno.readTextFileSync("/etc/os-release"))!.groups!;
  const about = { system: prettyName!, kernel: /^[\d.]+/.exec(Deno.osRelease())![0] };
  const make: Readonly<Record<Kind, () => Promise<Recording[]>>> = {
    ordinary: () => recordOrdinary(lab),
    techniques: () => recordTrials(lab, [...evasions(), ...TACTICS].map(aimed)),
    chains: () => recordTrials(lab, CHAINS.map(aimed)),
  };
  for (const kind of kinds) {
    const recordings = await make[kind]();
    await writeRecordings(kind, { ...about, recordings });
    console.log(`${kind}: ${recordings.length} recordings`);
  }
}
