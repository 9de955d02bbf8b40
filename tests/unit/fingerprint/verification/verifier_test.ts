import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Expected } from "../../../../fingerprint/base/digests/mod.ts";
import { Procfs } from "../../../../fingerprint/proc/mod.ts";
import type { Time } from "../../../../fingerprint/verification/budget.ts";
import { type Judgement, Verdict, Verifier, type VerifyRequest } from "../../../../fingerprint/verification/mod.ts";
import { type Opener, RootFolder } from "../../../../fingerprint/verification/root_folder.ts";
import { Libc } from "../../../../netlink/mod.ts";

const libc = new Libc(), procfs = new Procfs(libc);
void libc.background; // opened once, for all tests
const md5 = (text: string): Expected => ({ algorithm: "md5", digest: createHash("md5").update(text).digest("hex") });

/** A database in memory, and pauses that take no time but let others go on. */
class Database {
  text = "1";
  busy = false;
  expected: Expected[] = [];
  /** Called at each pause, with how many there were. */
  onSleep: (count: number) => void = () => {};
  sleeps = 0;
  nowMs = 0;
  of = () => Promise.resolve(this.expected);
  state = () => Promise.resolve(this.text);
  isBusy = () => Promise.resolve(this.busy);
  readonly time: Time = {
    now: () => this.nowMs,
    sleep: async (milliseconds) => {
      this.nowMs += milliseconds;
      this.onSleep(++this.sleeps);
      await Promise.resolve();
    },
    every: (milliseconds, call) => {
      const timer = setInterval(() => {
        this.nowMs += milliseconds;
        call();
      }, 20);
      return () => clearInterval(timer);
    },
  };
}

async function judge(
  path: string,
  database: Database,
  further: Partial<VerifyRequest> = {},
  opener: Opener = procfs,
): Promise<Judgement> {
  const answer = Promise.withResolvers<Judgement>();
  const verifier = new Verifier(libc, opener, (_, judgement) => answer.resolve(judgement), {
    time: database.time,
    digests: database,
  });
  verifier.ask([{ key: 1, path, package: "x", origin: "dpkg", isEarlier: false, ...further }]);
  return await answer.promise;
}

async function withFile(content: string, test: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await Deno.writeTextFile(`${folder}/program`, content);
    await test(`${folder}/program`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function identityOf(path: string) {
  using folder = RootFolder.open(libc, procfs, undefined)!;
  const file = await folder.openFile(path);
  await folder.close(file!);
  return file!.identity;
}

Deno.test("a file is unchanged where it is what one of its packages says", async () => {
  await withFile("content", async (path) => {
    const database = new Database();
    database.expected = [md5("other"), md5("content")];
    assert.deepEqual(await judge(path, database), { verdict: Verdict.Unchanged });
    database.expected = [{ bytes: 7, modifiedSeconds: Math.floor((await Deno.stat(path)).mtime!.getTime() / 1000) }];
    assert.deepEqual(await judge(path, database), { verdict: Verdict.Unchanged });
    database.expected = [{ bytes: 8, modifiedSeconds: 0 }];
    assert.deepEqual(await judge(path, database), { verdict: Verdict.Modified });
    database.expected = [md5("other")];
    assert.deepEqual(await judge(path, database), { verdict: Verdict.Modified });
  });
});

Deno.test("nothing is said without a digest, of a configuration file, and of what isn't there or is no file", async () => {
  await withFile("content", async (path) => {
    const database = new Database();
    assert.equal((await judge(path, database)).doubt, "its package has no digest of it");
    database.expected = [md5("other"), "configuration"];
    assert.equal((await judge(path, database)).doubt, "a configuration file, which the administrator may edit");
    database.expected = [md5("content")];
    assert.equal((await judge(`${path}-gone`, database)).doubt, "the file can't be read");
    await Deno.symlink(path, `${path}-link`);
    assert.equal((await judge(`${path}-link`, database)).doubt, "the file can't be read");
    assert.equal((await judge("/dev/null", database)).doubt, "the file can't be read");
  });
});

Deno.test("nothing is said of another file than the one that is asked about", async () => {
  await withFile("content", async (path) => {
    const database = new Database(), identity = await identityOf(path);
    database.expected = [md5("content")];
    assert.equal((await judge(path, database, { identity })).verdict, Verdict.Unchanged);
    await Deno.chmod(path, 0o700); // the same inode, changed later
    assert.equal((await judge(path, database, { identity })).doubt, "the file changed meanwhile");
  });
});

Deno.test("nothing is said of a file that changes while it is read", async () => {
  await withFile("x".repeat(1 << 20), async (path) => {
    const database = new Database(), { time } = database;
    database.expected = [md5("x".repeat(1 << 20))];
    let looks = 0;
    const now = time.now;
    time.now = () => {
      if (++looks === 12) Deno.writeTextFileSync(path, "y", { append: true });
      return now();
    };
    assert.equal((await judge(path, database)).doubt, "the file changed meanwhile");
    assert.ok(looks >= 12);
  });
});

Deno.test("while packages are installed, a file that differs waits for its digest", async () => {
  await withFile("new", async (path) => {
    const database = new Database();
    database.expected = [md5("old")];
    database.busy = true;
    database.onSleep = (count) => {
      if (count !== 5) return;
      database.text = "2";
      database.expected = [md5("new")];
    };
    assert.equal((await judge(path, database)).verdict, Verdict.Unchanged);
    assert.equal(database.sleeps, 5);
  });
});

Deno.test("a file that differs is modified when the database is quiet, or has been busy for a minute", async () => {
  await withFile("evil", async (path) => {
    for (const [until, sleeps] of [[3, 3], [Infinity, 60]] as const) {
      const database = new Database();
      database.expected = [md5("old")];
      database.busy = true;
      database.onSleep = (count) => database.busy = count < until;
      assert.equal((await judge(path, database)).verdict, Verdict.Modified);
      assert.equal(database.sleeps, sleeps);
    }
  });
});

Deno.test("a file that differed and was replaced before the database was quiet isn't called modified", async () => {
  await withFile("half", async (path) => {
    const database = new Database();
    database.expected = [md5("whole")];
    database.busy = true;
    database.onSleep = () => {
      Deno.writeTextFileSync(path, "whole");
      database.busy = false;
    };
    assert.equal((await judge(path, database)).doubt, "the file changed meanwhile");
  });
});

Deno.test("a database that changes between its digests and the look is asked again", async () => {
  await withFile("new", async (path) => {
    const database = new Database();
    let asked = 0;
    database.of = () => Promise.resolve([md5(asked++ === 0 ? "old" : "new")]);
    assert.equal((await judge(path, database)).verdict, Verdict.Unchanged);
  });
});

Deno.test("a file system that doesn't answer is left behind, and the next program is looked at", async () => {
  await withFile("content", async (path) => {
    const database = new Database(), answers: number[] = [], second = Promise.withResolvers<void>();
    database.expected = [md5("content")];
    const hung = Promise.withResolvers<number>();
    let opened = 0;
    const opener: Opener = {
      openRoot: (pid) => procfs.openRoot(pid),
      readText: (name) => procfs.readText(name),
      reopen: (place) => opened++ === 0 ? hung.promise : procfs.reopen(place),
    };
    const verifier = new Verifier(libc, opener, (key) => {
      answers.push(key);
      second.resolve();
    }, { time: database.time, digests: database });
    const ask = (key: number): VerifyRequest => ({ key, path, package: "x", origin: "dpkg", isEarlier: false });
    verifier.ask([ask(1), ask(2)]);
    await second.promise;
    assert.deepEqual(answers, [2]);
    hung.resolve(-1);
    for (let i = 0; i < 100 && answers.length < 2; i++) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(answers, [2, 1]);
  });
});

Deno.test("what was launched goes before what ran at the start", async () => {
  await withFile("content", async (path) => {
    const database = new Database(), answers: number[] = [], done = Promise.withResolvers<void>();
    const verifier = new Verifier(libc, procfs, (key) => {
      answers.push(key);
      if (answers.length === 4) done.resolve();
    }, { time: database.time, digests: database });
    const ask = (key: number, isEarlier: boolean): VerifyRequest => (
      { key, path, package: "x", origin: "dpkg", isEarlier }
    );
    verifier.ask([ask(1, true), ask(2, true), ask(3, true)]);
    verifier.ask([ask(4, false)]);
    await done.promise;
    assert.deepEqual(answers, [1, 4, 2, 3]);
  });
});
