import assert from "node:assert/strict";
import { flagNames } from "../../../../fingerprint/labels/flags.ts";
import { LaunchSamples } from "../../../../fingerprint/programs/samples.ts";
import { fileAt, Scene, type Shown } from "../fake_proc.ts";

const TCP: [number, number] = [0o140777, 2], PIPE: [number, number] = [0o010600, 0];

const LAUNCHES: readonly (readonly [what: string, shown: Partial<Shown>, want: string])[] = [
  ["nothing of either", { exe: "/usr/bin/ls" }, ""],
  ["LD_PRELOAD", { exe: "/usr/bin/ls", environment: ["LD_PRELOAD=/tmp/x.so"] }, "preload"],
  ["LD_PRELOAD, of a program of one's own", { exe: "/opt/tool", environment: ["LD_PRELOAD=/tmp/x.so"] }, "preload"],
  ["LD_PRELOAD with another user's rights", {
    exe: "/usr/bin/ls",
    environment: ["LD_PRELOAD=/tmp/x.so"],
    users: [1000, 0],
  }, ""],
  [
    "options of Perl",
    { exe: "/usr/bin/perl", argv: ["perl", "/srv/a.pl"], environment: ["PERL5OPT=-MEvil"] },
    "preload",
  ],
  ["a shell of a connection", { exe: "/usr/bin/dash", argv: ["sh", "-i"], input: TCP }, "inline socket"],
  ["a shell in a pipe", { exe: "/usr/bin/dash", argv: ["sh"], input: PIPE }, "inline"],
  ["no interpreter at a connection", { exe: "/usr/bin/ls", input: TCP }, ""],
];

for (const [what, shown, want] of LAUNCHES) {
  Deno.test(`looked at: the flags of a launch by its environment and standard input: ${what}`, () => {
    const { programs, proc } = new Scene();
    for (let pid = 10; pid < 13; pid++) {
      proc.set(pid, { argv: ["x"], ...shown });
      assert.equal(flagNames(programs.flagsOf(programs.look(pid))).join(" "), want);
    }
  });
}

Deno.test("looked at: environments are read of the first launches, and then of some; of an interpreter that is told nothing always", () => {
  const { programs, proc } = new Scene();
  const reads = (shown: Partial<Shown>) => {
    proc.environmentsRead.length = 0;
    for (let pid = 100; pid < 300; pid++) {
      proc.set(pid, shown);
      programs.look(pid);
    }
    return proc.environmentsRead.length;
  };
  assert.equal(reads({ exe: "/usr/bin/dash", argv: ["sh", "-c", "exit"] }), 11);
  assert.equal(reads({ exe: "/usr/bin/dash", argv: ["sh"] }), 200);
  assert.ok(reads({ exe: "/usr/bin/ls", argv: ["ls"] }) <= 12);
});

Deno.test("launch samples: the first eight launches of each executable, then each 64th", () => {
  const samples = new LaunchSamples();
  const due = (executable: number) =>
    Array.from({ length: 140 }, (_, i) => samples.isDue(executable) ? [i] : []).flat();
  const want = [0, 1, 2, 3, 4, 5, 6, 7, 71, 135];
  assert.deepEqual([due(5), due(6)], [want, want]);
  samples.clear();
  assert.equal(samples.isDue(5), true);
});

Deno.test("looked at: a script that wrote over its command line is named as it was executed", () => {
  const { programs, proc, labels, files } = new Scene();
  const look = (shown: Partial<Shown>) => {
    proc.set(9, shown);
    proc.folders.add(9);
    const program = programs.lookAtFound(9), flags = flagNames(programs.flagsOf(program));
    return [labels.textOf(programs.labelOf(program)), ...flags].join(" ");
  };
  const title = ["pvedaemon worker", "", "", ""];
  assert.equal(look({ exe: "/usr/bin/perl", argv: title, execName: "/opt/pve/pvedaemon" }), "pvedaemon");
  assert.equal(look({ exe: "/usr/bin/perl", argv: ["perl", "/srv/own.pl"], execName: "/opt/pve/pvedaemon" }), "own.pl");
  assert.equal(look({ exe: "/usr/bin/perl", argv: title, execName: "./own.pl", cwd: "/srv" }), "own.pl");
  assert.equal(
    look({ exe: "/usr/bin/perl", argv: title, execName: "/usr/bin/perl5.36" }),
    "base",
    "no script was executed",
  );
  assert.equal(look({ exe: "/usr/bin/perl", argv: title }), "base", "its memory can't be read");
  files.linked.set("/usr/bin/js", fileAt("/usr/bin/nodejs"));
  assert.equal(
    look({ exe: "/usr/bin/nodejs", argv: ["js"], execName: "/usr/bin/js" }),
    "node",
    "a link to the interpreter",
  );
  assert.equal(look({ exe: "/usr/bin/nodejs", argv: ["js"], execName: "/usr/local/bin/js" }), "js", "a script");
});
