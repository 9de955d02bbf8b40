/**
 * Constants of bpf(2) in the kernel's own spelling; part of its ABI. Source: include/uapi/linux/{bpf,bpf_common,btf}.h, Linux 6.18.
 *
 * @module
 */

// Commands
export const BPF_MAP_CREATE = 0;
export const BPF_PROG_LOAD = 5;
export const BPF_OBJ_GET_INFO_BY_FD = 15;
export const BPF_RAW_TRACEPOINT_OPEN = 17;

// Maps
export const BPF_MAP_TYPE_ARRAY = 2;
export const BPF_MAP_TYPE_PERCPU_ARRAY = 6;
/** Since 5.8. */
export const BPF_MAP_TYPE_RINGBUF = 27;
/** The values of an array can be mapped into memory. Since 5.5. */
export const BPF_F_MMAPABLE = 1 << 10;

// Programs
export const BPF_PROG_TYPE_TRACING = 26;
export const BPF_TRACE_RAW_TP = 23;
export const BPF_OBJ_NAME_LEN = 16;

// Helpers that a program calls, by number
export const BPF_FUNC_map_lookup_elem = 1;
export const BPF_FUNC_ktime_get_ns = 5;
/** Of the unified hierarchy; 1 where only version 1 is mounted. */
export const BPF_FUNC_get_current_cgroup_id = 80;
export const BPF_FUNC_probe_read_user = 112;
export const BPF_FUNC_probe_read_kernel = 113;
export const BPF_FUNC_probe_read_user_str = 114;
export const BPF_FUNC_probe_read_kernel_str = 115;
export const BPF_FUNC_ringbuf_output = 130;
export const BPF_FUNC_ringbuf_query = 134;

// Flags of bpf_ringbuf_output and bpf_ringbuf_query
export const BPF_RB_NO_WAKEUP = 1;
export const BPF_RB_FORCE_WAKEUP = 2;
export const BPF_RB_AVAIL_DATA = 0;

// The header of a record in a ring: u32 length with this bit, and BPF_RINGBUF_BUSY_BIT, its sign, u32 page offset
export const BPF_RINGBUF_DISCARD_BIT = 0x40000000;
export const BPF_RINGBUF_HDR_SZ = 8;

// Instructions: class, size or operation, and source of the operand
export const BPF_LD = 0x00;
export const BPF_LDX = 0x01;
export const BPF_ST = 0x02;
export const BPF_STX = 0x03;
export const BPF_JMP = 0x05;
export const BPF_ALU64 = 0x07;
export const BPF_W = 0x00;
export const BPF_H = 0x08;
export const BPF_B = 0x10;
export const BPF_DW = 0x18;
export const BPF_IMM = 0x00;
export const BPF_MEM = 0x60;
export const BPF_ATOMIC = 0xc0;
export const BPF_K = 0x00;
export const BPF_X = 0x08;
export const BPF_ADD = 0x00;
export const BPF_SUB = 0x10;
export const BPF_MUL = 0x20;
export const BPF_OR = 0x40;
export const BPF_AND = 0x50;
export const BPF_RSH = 0x70;
export const BPF_XOR = 0xa0;
export const BPF_MOV = 0xb0;
export const BPF_JA = 0x00;
export const BPF_JEQ = 0x10;
export const BPF_JGT = 0x20;
export const BPF_JNE = 0x50;
export const BPF_JSGT = 0x60;
export const BPF_CALL = 0x80;
export const BPF_EXIT = 0x90;
export const BPF_JLT = 0xa0;
export const BPF_JLE = 0xb0;
export const BPF_JSLE = 0xd0;
/** Source register of a 64-bit load: the number is a map's descriptor, or the address of its first value is wanted (5.2). */
export const BPF_PSEUDO_MAP_FD = 1;
export const BPF_PSEUDO_MAP_VALUE = 2;

// BTF
export const BTF_MAGIC = 0xeb9f;
export const BTF_KIND_INT = 1;
export const BTF_KIND_PTR = 2;
export const BTF_KIND_ARRAY = 3;
export const BTF_KIND_STRUCT = 4;
export const BTF_KIND_UNION = 5;
export const BTF_KIND_ENUM = 6;
export const BTF_KIND_TYPEDEF = 8;
export const BTF_KIND_VOLATILE = 9;
export const BTF_KIND_CONST = 10;
export const BTF_KIND_RESTRICT = 11;
export const BTF_KIND_FUNC_PROTO = 13;
export const BTF_KIND_VAR = 14;
export const BTF_KIND_DATASEC = 15;
export const BTF_KIND_DECL_TAG = 17;
export const BTF_KIND_TYPE_TAG = 18;
export const BTF_KIND_ENUM64 = 19;
