/**
 * Recorded forests, and what becomes of them in the real table of processes with the real labels.
 *
 * @module
 */
import type { BasePaths } from "../../../fingerprint/base/programs.ts";
import type { FlagName } from "../../../fingerprint/labels/flags.ts";
import { Column } from "../../../fingerprint/trees/columns.ts";
import { OTHER } from "../../../fingerprint/trees/nodes.ts";
import { Scene } from "./fake_proc.ts";

/** An event; texts are indexes into the forest's strings. */
export type RecordedEvent =
  | readonly ["fork", parent: number, child: number]
  | readonly [
    "exec",
    pid: number,
    exe: number,
    cwd: number,
    comm: number,
    argv: readonly number[],
    /** Flags that an exporter gave the launch, where one watched. */
    flags?: readonly FlagName[],
  ]
  | readonly ["exit", pid: number, status: number];

/** A forest as scripts/record_forest.ts writes it. The first process has the id 100. */
export interface RecordedForest {
  readonly what: string;
  readonly command: string;
  readonly kernel: string;
  readonly system: string;
  readonly strings: readonly string[];
  readonly events: readonly RecordedEvent[];
}

const FOLDER = `${import.meta.dirname}/../../fixtures/forests`;

/** All that were recorded, by the names of their files. */
export function recordedForests(): Map<string, RecordedForest> {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".json")).sort();
  return new Map(
    names.map((name) => [name.slice(0, -".json".length), JSON.parse(Deno.readTextFileSync(`${FOLDER}/${name}`))]),
  );
}

/** A machine on which forests are replayed, one after the other. Nothing of one is left when the next begins. */
export class Replay {
  readonly scene: Scene;
  #offset = 1000;

  /** `base` is the machine's base system; the built-in list, where it isn't given. */
  constructor(base?: BasePaths) {
    this.scene = new Scene(100_000, base);
    this.scene.proc.set(1, { parent: 0, exe: "/usr/lib/systemd/systemd", argv: ["/sbin/init"], startTicks: 1 });
    this.scene.scanner.scan();
  }

  /** Replays a forest; `rewrite` gives each text its new form, `move` says what an exec runs instead, and as what. */
  replay(
    forest: RecordedForest,
    rewrite: (text: string) => string = (text) => text,
    move: (exe: string, argv: readonly string[]) => readonly [exe: string, argv: readonly string[]] = (...same) => same,
  ): void {
    const { scene } = this, strings = forest.strings.map(rewrite), text = (index: number) => strings[index]!;
    const pidOf = (pid: number) => this.#offset + pid;
    let last = 100;
    scene.fork(1, pidOf(100));
    for (const event of forest.events) {
      switch (event[0]) {
        case "fork":
          scene.fork(pidOf(event[1]), pidOf(event[2]));
          last = Math.max(last, event[2]);
          break;
        case "exec": {
          const [exe, argv] = move(text(event[2]), event[5].map(text));
          scene.exec(pidOf(event[1]), exe, argv, text(event[3]));
          break;
        }
        case "exit":
          if (scene.table.has(pidOf(event[1]))) scene.exit(pidOf(event[1]), event[2]);
      }
    }
    for (let pid = last; pid >= 100; pid--) if (scene.table.has(pidOf(pid))) scene.exit(pidOf(pid));
    this.#offset += last + 1;
  }

  /** The trees that have series, and their launches. */
  trees(): Map<string, number> {
    const { trie, trees } = this.scene, found = new Map<string, number>();
    for (let node = OTHER; node < trie.length; node++) {
      const launches = trees.get(node, Column.Launches);
      if (launches > 0) found.set(trie.pathOf(node), launches);
    }
    return found;
  }
}
