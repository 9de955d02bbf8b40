import assert from "node:assert/strict";
import { hashSync } from "bcryptjs";
import { Authenticator } from "../../../../metrics/http/authentication.ts";

const basic = (text: string): string => `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`;
const CLIENT = { hostname: "10.0.0.1", port: 1 };
/** CPU time of this thread so far, milliseconds: other load on the machine doesn't count. */
const cpuMs = (): number => Number(Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ")[0]) / 1e6;
const hash = (password: string, cost = 4): string => hashSync(password, cost).replace(/^\$2b/, "$2y");

Deno.test("who has the right password, and nobody else", async () => {
  const long = "x".repeat(72);
  const authenticator = new Authenticator(
    new Map([["alice", hash("se:cret")], ["bär", hash("pässwörd")], ["long", hash(long)], ["", hash("")]]),
  );
  const cases: [header: string | undefined, right: boolean][] = [
    [basic("alice:se:cret"), true],
    [basic("alice:se:cret").replace("Basic", "bAsIc"), true],
    [basic("bär:pässwörd"), true],
    [basic(`long:${long}`), true],
    [basic(":"), true],
    [basic(`long:${long}y`), false], // bcrypt itself can't tell it from the right one
    [basic("alice:"), false],
    [basic("alice"), false],
    [basic("alice:wrong"), false],
    [basic("Alice:se:cret"), false],
    [basic("nobody:se:cret"), false],
    [undefined, false],
    ["", false],
    ["Basic", false],
    ["Basic !!!", false],
    [`Bearer ${btoa("alice:se:cret")}`, false],
  ];
  for (const round of [1, 2]) {
    for (const [header, right] of cases) {
      assert.equal(await authenticator.check(header, CLIENT), right ? "right" : "wrong", `round ${round}: ${header}`);
    }
  }
});

Deno.test("without users everybody is right", async () => {
  assert.equal(await new Authenticator(new Map()).check(undefined, CLIENT), "right");
});

Deno.test("an answer is remembered, and a flood of wrong ones doesn't push out the right one", async () => {
  const authenticator = new Authenticator(new Map([["alice", hash("right", 10)]]));
  const time = async (header: string): Promise<number> => {
    const start = cpuMs();
    await authenticator.check(header, CLIENT);
    return cpuMs() - start;
  };
  const first = await time(basic("alice:right"));
  // The flood meets a cheap hash.
  const cheap = new Authenticator(new Map([["alice", hash("right", 4)]]));
  assert.equal(await cheap.check(basic("alice:right"), CLIENT), "right");
  for (let i = 0; i < 300; i++) assert.equal(await cheap.check(basic(`alice:wrong-${i}`), CLIENT), "wrong");
  assert.equal(await cheap.check(basic("alice:right"), CLIENT), "right");
  assert.ok(await time(basic("alice:right")) < first / 5, "no second comparison");
});

Deno.test("an unknown user takes as long as a known one", async () => {
  const authenticator = new Authenticator(new Map([["alice", hash("right", 9)]]));
  const times: Record<string, number[]> = { known: [], unknown: [] };
  for (let i = 0; i < 7; i++) {
    for (const [kind, user] of [["known", "alice"], ["unknown", "nobody"]] as const) {
      const start = cpuMs();
      assert.equal(await authenticator.check(basic(`${user}:wrong-${i}`), CLIENT), "wrong");
      times[kind]!.push(cpuMs() - start);
    }
  }
  const least = (kind: string): number => Math.min(...times[kind]!);
  const ratio = least("unknown") / least("known");
  assert.ok(ratio > 0.6 && ratio < 1.7, `unknown ÷ known ${ratio}`);
});

Deno.test("no more than a few comparisons wait", async () => {
  const authenticator = new Authenticator(new Map([["alice", hash("right", 4)]]));
  const verdicts = await Promise.all(
    Array.from({ length: 100 }, (_, i) => authenticator.check(basic(`alice:${i}`), CLIENT)),
  );
  assert.equal(verdicts.filter((verdict) => verdict === "wrong").length, 65);
  assert.equal(verdicts.filter((verdict) => verdict === "busy").length, 35);
  assert.equal(await authenticator.check(basic("alice:right"), CLIENT), "right", "afterwards there is room again");
});

Deno.test("a flood of wrong passwords keeps only those waiting who send it", async () => {
  const right = basic("alice:right");
  for (
    const [where, other] of [["another address", { hostname: "10.0.0.2", port: 1 }], ["the same", {
      ...CLIENT,
      port: 9999,
    }]] as const
  ) {
    const authenticator = new Authenticator(new Map([["alice", hash("right", 4)]]));
    let compared = 0, isOver = false;
    // Each of 80 connections asks again as soon as it is answered.
    const flood = Array.from({ length: 80 }, async (_, port) => {
      for (let i = 0; !isOver; i++) {
        const verdict = await authenticator.check(basic(`alice:${port}-${i}`), { ...CLIENT, port });
        if (verdict === "wrong") compared++;
        else await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
    while (compared < 100) await new Promise((resolve) => setTimeout(resolve, 5));
    const before = compared;
    assert.equal(await authenticator.check(right, other), "right", where);
    assert.ok(compared - before < 5, `${compared - before} came before it, from ${where}`);
    isOver = true;
    await Promise.all(flood);
  }
});
