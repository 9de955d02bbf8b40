import assert from "node:assert/strict";
import { ServiceManager } from "../../../../metrics/commands/service_manager.ts";
import { KeptLog } from "../fake_watcher.ts";
import { FakeTime } from "../http/api/fake_time.ts";

/** A service manager by these variables, and what it was told. */
function setUp(variables: Readonly<Record<string, string>>, failure?: Error) {
  const told: string[] = [], taken: string[] = [], passed: string[] = [], log = new KeptLog();
  const service = new ServiceManager({
    takeVariable: (name) => (taken.push(name), variables[name]),
    passVariable: (name, value) => passed.push(`${name}=${value}`),
    openNotifier: (address) => {
      if (failure !== undefined) throw failure;
      const tell = (text: string) => void told.push(`${address} ${text}`);
      return {
        extend: (milliseconds) => tell(`extend: ${milliseconds}`),
        ready: (status) => tell(`ready: ${status}`),
        reloading: () => tell("reloading"),
        stopping: () => tell("stopping"),
        alive: () => tell("alive"),
      };
    },
  }, log);
  return { service, told, taken, passed, log };
}

Deno.test("its variables are taken, whether or not there is one", () => {
  for (const variables of [{}, { NOTIFY_SOCKET: "/n" }] as const) {
    assert.deepEqual(setUp(variables).taken.sort(), ["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"]);
  }
});

Deno.test("a start, a reload and an end", () => {
  const { service, told } = setUp({ NOTIFY_SOCKET: "/n" });
  service.reloading();
  service.reloaded(); // the start isn't over: nothing is ready
  service.ready("Watching");
  service.reloading();
  service.reloaded();
  service.stopping();
  assert.deepEqual(told, ["/n ready: Watching", "/n reloading", "/n ready: Watching", "/n stopping"]);
});

Deno.test("reloads that overlap are one, and end with one READY", () => {
  const { service, told } = setUp({ NOTIFY_SOCKET: "/n" });
  service.ready("Watching");
  service.reloading();
  service.reloading();
  service.reloaded("a first");
  service.reloaded();
  assert.deepEqual(told, ["/n ready: Watching", "/n reloading", "/n ready: Watching"]);
});

Deno.test("the status says why a reload failed, until one doesn't", () => {
  const { service, told } = setUp({ NOTIFY_SOCKET: "/n" });
  service.ready("Watching");
  for (const failure of ["no such file", undefined]) {
    service.reloading();
    service.reloaded(failure);
  }
  assert.deepEqual(told.filter((text) => text.includes("ready")), [
    "/n ready: Watching",
    "/n ready: Watching; the last reload failed: no such file",
    "/n ready: Watching",
  ]);
});

Deno.test("a start that takes long is given more time, for ten minutes, until it is over", async () => {
  for (const [seconds, want] of [[5, 1], [50, 3], [3600, 30]] as const) {
    using time = new FakeTime();
    const { service, told } = setUp({ NOTIFY_SOCKET: "/n" });
    service.starting();
    await time.pass(seconds * 1000);
    assert.deepEqual(told, Array(want).fill("/n extend: 60000"), `${seconds} s`);
    service.ready("Watching");
    await time.pass(60_000);
    assert.deepEqual(told.slice(want), ["/n ready: Watching"]);
    service[Symbol.dispose]();
  }
});

Deno.test("the variables are passed on to the program that is executed next", () => {
  const { service, passed } = setUp({ NOTIFY_SOCKET: "/n", WATCHDOG_USEC: "3000" });
  assert.deepEqual(passed, []);
  service.passOn();
  assert.deepEqual(passed, ["NOTIFY_SOCKET=/n", "WATCHDOG_USEC=3000"]);
});

Deno.test("one that can't be told is one warning, and nobody is told", () => {
  const { service, told, passed, log } = setUp({ NOTIFY_SOCKET: "/n", WATCHDOG_USEC: "3000" }, new Error("no socket"));
  service.starting();
  service.passOn();
  service.keepAlive(() => Promise.resolve(true));
  service.ready("Watching");
  assert.deepEqual([told, passed, log.lines], [[], ["WATCHDOG_USEC=3000"], ["warn no socket {}"]]);
});

Deno.test("a watchdog of this process hears three times within its time, while all is well", async () => {
  const cases: [variables: Readonly<Record<string, string>>, want: number][] = [
    [{ WATCHDOG_USEC: "300000" }, 30],
    [{ WATCHDOG_USEC: "300000", WATCHDOG_PID: String(Deno.pid) }, 30],
    [{ WATCHDOG_USEC: "300000", WATCHDOG_PID: String(Deno.pid + 1) }, 0],
    [{ WATCHDOG_USEC: "0" }, 0],
    [{}, 0],
  ];
  for (const [variables, want] of cases) {
    using time = new FakeTime();
    const { service, told } = setUp({ NOTIFY_SOCKET: "/n", ...variables });
    let isWell = true;
    service.keepAlive(() => Promise.resolve(isWell));
    await time.pass(3000);
    assert.deepEqual(told, [], "the start isn't over");
    service.ready("Watching");
    told.length = 0;
    await time.pass(3000);
    assert.deepEqual(told, Array(want).fill("/n alive"), JSON.stringify(variables));
    isWell = false;
    await time.pass(3000);
    assert.equal(told.length, want);
    service[Symbol.dispose]();
  }
});
