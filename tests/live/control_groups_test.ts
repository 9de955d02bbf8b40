/** The id of a control group in the kernel's record of an exec, and what it says of processes that have gone. */

import assert from "node:assert/strict";
import { Contexts } from "../../fingerprint/context/mod.ts";
import { CgroupFolders } from "../../fingerprint/proc/mod.ts";
import { ExecRing } from "../../netlink/bpf/mod.ts";
import { Libc } from "../../netlink/linux/mod.ts";
import { requireRoot } from "../require.ts";
import { requireBpf } from "./bpf.ts";
import { Groups, requireVersion2 } from "./control_groups.ts";
import { poll } from "./exporter.ts";
import { drain, type Told } from "./told_execs.ts";

const LAUNCHES = 20;

Deno.test({
  name: "live: a record has the id of the group's folder, which tells the unit of what has gone",
  ignore: requireRoot() || requireBpf() || requireVersion2(),
  // The C library stays open, as it does in the exporter.
  sanitizeResources: false,
  async fn() {
    await using groups = await Groups.create();
    const libc = new Libc(), slice = `cnids${Deno.pid}.slice`;
    using ring = ExecRing.open(libc, { ringBytes: 256 << 10 });
    // Two units, each with one process that stays and others that have gone when they are asked for.
    const units = ["cna.service", "cnb.service"], processes: string[] = [];
    for (const unit of units) processes.push(await groups.make(`${slice}/${unit}`));
    const inside = (unit: number) =>
      `echo $$ > ${processes[unit]}; for i in $(seq ${LAUNCHES}); do /bin/true told ${unit}; done`;
    const stays = (unit: number) => `echo $$ > ${processes[unit]}; exec sleep 60`;
    const children = [0, 1].map((unit) => new Deno.Command("sh", { args: ["-c", stays(unit)] }).spawn());
    try {
      for (const unit of [0, 1]) {
        assert.ok((await new Deno.Command("sh", { args: ["-c", inside(unit)] }).output()).success);
      }
      const told = drain(ring),
        isSleeper = ({ pid, path }: Told) => path.endsWith("/sleep") && children.some((child) => child.pid === pid);
      await poll("both that stay", () => {
        told.push(...drain(ring));
        return Promise.resolve(told.filter(isSleeper).length === 2 ? true : undefined);
      });
      const folders = new CgroupFolders(libc, groups.folder);
      let looks = 0;
      // Of what the file says the line of version 2, as on a machine that has no other.
      const contexts = new Contexts(
        (pid) => {
          looks++;
          try {
            return /^0::.*\n/m.exec(Deno.readTextFileSync(`/proc/${pid}/cgroup`))![0];
          } catch {
            return "";
          }
        },
        undefined,
        (path) => folders.idOf(path),
      );
      contexts.look(1);
      const unitOf = new Map<number, string | undefined>();
      const find = (id: number, pid: number) => {
        const context = contexts.inGroup(id, pid);
        for (const { id, unit } of contexts.take().added) unitOf.set(id, unit);
        return unitOf.get(context);
      };
      const idOf = ({ record }: Told) => record.cgroup; // its lower half: tests make few groups
      for (const [unit, child] of children.entries()) {
        const sleeper = told.find((one) => isSleeper(one) && one.pid === child.pid)!;
        assert.equal(idOf(sleeper), folders.idOf(`/${slice}/${units[unit]}`));
        assert.equal(find(idOf(sleeper), sleeper.pid), units[unit]);
      }
      looks = 0;
      const gone = told.filter(({ args }) => args[1] === "told");
      assert.equal(gone.length, 2 * LAUNCHES);
      for (const one of gone) assert.equal(find(idOf(one), one.pid), units[Number(one.args[2])]);
      assert.equal(looks, 0);

      // A group that is gone with its only process; one with a long name, and one that lies too deep.
      const brief = async (path: string) => {
        const processes = await groups.make(path), args = ["-c", `echo $$ > ${processes}; exec /bin/true brief`];
        assert.ok((await new Deno.Command("sh", { args }).output()).success);
        await groups.remove(path);
        return drain(ring).find(({ args }) => args[1] === "brief")!;
      };
      const unit = "cnbrief.service", one = await brief(`${slice}/${unit}`);
      assert.equal(one.group, `/${slice}/${unit}`);
      assert.equal(find(idOf(one), one.pid), undefined, "the file of a process that has gone tells nothing");
      contexts.told(idOf(one), one.group);
      assert.equal(find(idOf(one), one.pid), unit);
      const long = `${slice}/${"n".repeat(255)}`;
      assert.equal((await brief(long)).group, `/${long}`);
      const deep = (depth: number) => Array.from({ length: depth }, (_, i) => i === 0 ? slice : `d${i}`).join("/");
      assert.equal((await brief(deep(10))).group, `/${deep(10)}`);
      const deeper = await brief(deep(11));
      assert.deepEqual([deeper.group, deeper.folder], ["", Deno.cwd()]);
      // Once is enough.
      const again = told.filter(({ record }) => record.cgroup === folders.idOf(`/${slice}/${units[0]}`));
      assert.deepEqual(again.map(({ group }) => group), [`/${slice}/${units[0]}`, ...Array(again.length - 1).fill("")]);
    } finally {
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(children.map(({ status }) => status));
    }
  },
});
