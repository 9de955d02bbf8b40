/**
 * Where the running kernel keeps what execs, forks and exits are told by: members of its structures, looked up by name in its BTF. A member
 * that was renamed has its names in the order of their age; nothing here depends on a version.
 *
 * @module
 */
import { SourceUnavailableError } from "../linux/mod.ts";
import type { Btf, Member } from "./btf.ts";

/** The tracepoints' types, whose numbers say what to attach to. */
const TRACEPOINTS = {
  exec: "btf_trace_sched_process_exec",
  fork: "btf_trace_sched_process_fork",
  exit: "btf_trace_sched_process_exit",
} as const;
export type Tracepoint = keyof typeof TRACEPOINTS;

/** Structure → member as it is called here → its names, one of which the kernel has. */
export const MEMBERS = {
  task_struct: {
    tgid: ["tgid"],
    pid: ["pid"], // of the thread
    realParent: ["real_parent"],
    cred: ["cred"],
    mm: ["mm"],
    fs: ["fs"],
    files: ["files"],
    nsproxy: ["nsproxy"],
    cgroups: ["cgroups"],
    startBoottime: ["start_boottime", "real_start_time"], // the second before 5.5
    signal: ["signal"],
    groupLeader: ["group_leader"],
    exitCode: ["exit_code"],
  },
  signal_struct: { live: ["live.counter"], flags: ["flags"], groupExitCode: ["group_exit_code"] },
  cred: { uid: ["uid.val"], euid: ["euid.val"], userNs: ["user_ns"] },
  mm_struct: { argStart: ["arg_start"], argEnd: ["arg_end"], envStart: ["env_start"], envEnd: ["env_end"] },
  linux_binprm: { file: ["file"], filename: ["filename"], interp: ["interp"] },
  file: { inode: ["f_inode"], path: ["f_path"], privateData: ["private_data"] },
  files_struct: { table: ["fdt"] },
  fdtable: { files: ["fd"] },
  socket: { sock: ["sk"] },
  sock: { family: ["__sk_common.skc_family"] },
  path: { mount: ["mnt"], dentry: ["dentry"] },
  inode: {
    number: ["i_ino"],
    superBlock: ["i_sb"],
    mode: ["i_mode"],
    owner: ["i_uid.val"],
    links: ["i_nlink"],
    specialDevice: ["i_rdev"],
    // The second since 6.6, the third since 6.11.
    changeSeconds: ["i_ctime.tv_sec", "__i_ctime.tv_sec", "i_ctime_sec"],
    changeNanoseconds: ["i_ctime.tv_nsec", "__i_ctime.tv_nsec", "i_ctime_nsec"],
  },
  super_block: { device: ["s_dev"] },
  dentry: { hash: ["d_hash.pprev"], parent: ["d_parent"], name: ["d_name.name"], inode: ["d_inode"] },
  vfsmount: { root: ["mnt_root"] },
  mount: { mount: ["mnt"], parent: ["mnt_parent"], mountpoint: ["mnt_mountpoint"] },
  fs_struct: { root: ["root"], pwd: ["pwd"] },
  css_set: { cgroup: ["dfl_cgrp"] },
  cgroup: { node: ["kn"] },
  kernfs_node: { parent: ["parent", "__parent"], name: ["name"] }, // the second since 6.15
  nsproxy: { mountNs: ["mnt_ns"] },
  mnt_namespace: { number: ["ns.inum"] },
  user_namespace: { number: ["ns.inum"] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Names that the reader of BTF has to look for. */
export const TYPE_NAMES: readonly string[] = [...Object.keys(MEMBERS), ...Object.values(TRACEPOINTS)];

/** Where each member lies, bytes. */
export type Layout = { readonly [S in keyof typeof MEMBERS]: { readonly [M in keyof typeof MEMBERS[S]]: Member } };

/** Looks all members up. Throws {@link SourceUnavailableError} where one is missing, and `BtfError` for a broken section. */
export function layoutOf(btf: Btf): Layout {
  const layout: Record<string, Record<string, Member>> = {};
  for (const [structure, members] of Object.entries(MEMBERS)) {
    const found: Record<string, Member> = layout[structure] = {};
    for (const [name, alternatives] of Object.entries<readonly string[]>(members)) {
      for (const alternative of alternatives) found[name] ??= btf.member(structure, alternative)!;
      if (found[name] === undefined) throw missing(`struct ${structure} has no ${alternatives.join(" or ")}`);
    }
  }
  return layout as unknown as Layout;
}

/** The number of a tracepoint's type. Throws {@link SourceUnavailableError} where the kernel has none. */
export function tracepointOf(btf: Btf, tracepoint: Tracepoint): number {
  const number = btf.find("typedef", TRACEPOINTS[tracepoint]);
  if (number === undefined) throw missing(`there is no tracepoint sched_process_${tracepoint}`);
  return number;
}

/** Whether the tracepoint of exits says which task is the last of its process, as it does since 6.16; the type has a parameter more. */
export function tellsGroupDead(btf: Btf): boolean {
  return (btf.parameters(TRACEPOINTS.exit) ?? 0) > 2;
}

function missing(what: string): SourceUnavailableError {
  return new SourceUnavailableError("bpf", "not-in-kernel", `Cannot use BPF: in this kernel ${what}`);
}
