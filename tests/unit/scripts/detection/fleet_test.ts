/** The weeks that are drawn. */

import assert from "node:assert/strict";
import { drawFleet, type FleetOptions } from "../../../../scripts/detection/fleet.ts";
import type { Recording } from "../../../../scripts/detection/recording.ts";
import { rewriter } from "../../../../scripts/detection/variety.ts";
import { Random } from "../../../../scripts/randomness/generator.ts";

const OPTIONS: FleetOptions = { hosts: 6, days: 5, learningDays: 2, seed: 7 };
const DAY = 86_400;

function recording(id: string, below: string): Recording {
  return { id, what: id, below, strings: [], events: [] };
}

const WORK = [
  recording("cron: check_disk.sh", "cron"),
  recording("apache2: status", "apache2"),
  ...Array.from({ length: 20 }, (_, at) => recording(`work ${at}`, "shell")),
];
const ATTACKS = Array.from({ length: 12 }, (_, at) => ({
  recording: recording(`attack ${at}`, "shell"),
  entry: (["sshd", "cron", "apache2"] as const)[at % 3]!,
}));

Deno.test("fleet: the same seed draws the same week, another seed another one", () => {
  const draw = (seed: number) => drawFleet(WORK, ATTACKS, { ...OPTIONS, seed });
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
});

Deno.test("fleet: each attack happens once, after the learning, on every second day and one an entry, host and day", () => {
  const members = drawFleet(WORK, ATTACKS, OPTIONS), places = new Set<string>();
  const attacks = members.flatMap(({ deeds }, host) => deeds.map((deed) => ({ ...deed, host })))
    .filter(({ attack }) => attack !== undefined);
  assert.deepEqual(attacks.map(({ attack }) => attack!).sort((a, b) => a - b), ATTACKS.map((_, at) => at));
  for (const { time, host, entry, attack } of attacks) {
    const day = Math.floor(time / DAY);
    assert.ok(day >= OPTIONS.learningDays && (day + host) % 2 === 0);
    assert.equal(entry, ATTACKS[attack!]!.entry);
    places.add(`${host} ${day} ${entry}`);
  }
  assert.equal(places.size, ATTACKS.length);
});

Deno.test("fleet: deeds stand in the order of their times, and some work comes after the learning only", () => {
  const members = drawFleet(WORK, [], OPTIONS), deeds = members.flatMap((member) => member.deeds);
  for (const { deeds } of members) assert.deepEqual(deeds, deeds.toSorted((a, b) => a.time - b.time));
  const kinds = (isLearning: boolean) =>
    new Set(
      deeds.filter(({ time }) => time < OPTIONS.learningDays * DAY === isLearning).map(({ recording }) => recording.id),
    );
  assert.ok(kinds(true).size >= WORK.length / 2);
  assert.ok(kinds(true).size < WORK.length, "all is done while it is learned");
  assert.ok(deeds.every(({ time }) => time >= 0 && time < OPTIONS.days * DAY));
});

Deno.test("fleet: more attacks than there is room for", () => {
  assert.throws(() => drawFleet(WORK, [...ATTACKS, ...ATTACKS], { ...OPTIONS, hosts: 1 }), RangeError);
});

Deno.test("variety: a part has one new text in a run, and another in the next", () => {
  const random = new Random(3), person = { name: "carol", project: "billing", script: "release" };
  const run = () => rewriter(random, person, { python: 12, gcc: 13 }, false), first = run(), second = run();
  assert.equal(first("/tmp/tmp.AbCdEf1234/x"), first("/tmp/tmp.AbCdEf1234/x"));
  assert.notEqual(first("/tmp/tmp.AbCdEf1234/x"), second("/tmp/tmp.AbCdEf1234/x"));
  assert.match(first("/tmp/tmp.AbCdEf1234/x"), /^\/tmp\/tmp\.[A-Za-z0-9]{10}\/x$/);
  assert.equal(first("/usr/bin/python3.11"), "/usr/bin/python3.12");
  assert.equal(first("/home/alice/project/app"), "/home/carol/billing/app");
  assert.equal(first("/home/alice/deploy.sh"), "/home/carol/release.sh");
  assert.equal(first("/tmp/lab/lab/payload.sh"), "/home/carol/billing/lab/tidy.sh");
});
