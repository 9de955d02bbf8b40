/**
 * BTF, the kernel's own description of its types (Documentation/bpf/btf.rst): where a member of a structure lies in the
 * running kernel, by its name. Unnamed structures and unions are looked through, as C does.
 *
 * Header: magic u16@0, version u8@2, hdr_len u32@4, type_off u32@8, type_len u32@12, str_off u32@16, str_len u32@20; offsets
 * count from the header's end. A type: name_off u32@0, info u32@4 (vlen: bits 0–15, kind: 24–28, kind_flag: 31), size or
 * type u32@8, then as much as its kind has. A member: name_off u32@0, type u32@4, offset in bits u32@8, of which the upper 8
 * are the size of a bit field where the structure has the kind_flag.
 *
 * The reader goes over the types once and keeps where each begins; only what is asked for is decoded. Every offset is checked,
 * every chain is bounded: a section that is cut or made up gives a {@link BtfError}, never a wrong number without need.
 *
 * @module
 */
import { LITTLE } from "../linux/mod.ts";
import * as b from "./constants.ts";

const HEADER_BYTES = 24;
const TYPE_BYTES = 12;
const MEMBER_BYTES = 12;
const POINTER_BYTES = 8;
/** Typedefs, qualifiers and unnamed structures followed at most, one within the other. */
const MAX_DEPTH = 32;

/** Bytes behind a type of a kind, and for each of its `vlen` parts; undefined for a kind that is unknown. */
const EXTRA: readonly (readonly [fixed: number, each: number] | undefined)[] = [];
{
  const extra = EXTRA as (readonly [number, number])[];
  for (let kind = b.BTF_KIND_INT; kind <= b.BTF_KIND_ENUM64; kind++) extra[kind] = [0, 0];
  extra[b.BTF_KIND_INT] = extra[b.BTF_KIND_VAR] = extra[b.BTF_KIND_DECL_TAG] = [4, 0];
  extra[b.BTF_KIND_ARRAY] = [12, 0];
  extra[b.BTF_KIND_ENUM] = extra[b.BTF_KIND_FUNC_PROTO] = [0, 8];
  for (const kind of [b.BTF_KIND_STRUCT, b.BTF_KIND_UNION, b.BTF_KIND_DATASEC, b.BTF_KIND_ENUM64]) {
    extra[kind] = [0, 12];
  }
}

/** A section that isn't BTF, is cut, or contradicts itself: what, and at which byte. */
export class BtfError extends Error {
  override readonly name = "BtfError";
  constructor(what: string, readonly offset: number) {
    super(`Cannot read the kernel's types: ${what} at byte ${offset}`);
  }
}

/** Where a member lies in its structure, and how large it is; bytes. */
export interface Member {
  readonly offset: number;
  readonly size: number;
}

/** Kinds of types that can be asked for by name. */
export type Named = "struct" | "typedef";

export class Btf {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  /** Where type number i begins. Number 0 is void, which has no place. */
  readonly #starts: Uint32Array;
  readonly #count: number;
  readonly #strings: number;
  readonly #stringsEnd: number;
  /** `struct task_struct` → its number. */
  readonly #numbers = new Map<string, number>();

  /** Reads a section. Only structures and typedefs of these `names` can be found afterwards. Throws {@link BtfError}. */
  constructor(bytes: Uint8Array, names: Iterable<string>) {
    this.#bytes = bytes;
    const view = this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < HEADER_BYTES) throw new BtfError("the header is cut", bytes.length);
    if (view.getUint16(0, LITTLE) !== b.BTF_MAGIC || bytes[2] !== 1) throw new BtfError("no BTF of version 1", 0);
    const header = view.getUint32(4, LITTLE);
    const types = header + view.getUint32(8, LITTLE), typesEnd = types + view.getUint32(12, LITTLE);
    this.#strings = header + view.getUint32(16, LITTLE);
    this.#stringsEnd = this.#strings + view.getUint32(20, LITTLE);
    if (typesEnd > bytes.length || this.#stringsEnd > bytes.length) {
      throw new BtfError("the section is cut", bytes.length);
    }
    const wanted = this.#places(names);
    this.#starts = new Uint32Array(1 + Math.floor((typesEnd - types) / TYPE_BYTES));
    let number = 1;
    for (let at = types; at < typesEnd; number++) {
      if (at + TYPE_BYTES > typesEnd) throw new BtfError("a type is cut", at);
      this.#starts[number] = at;
      const info = view.getUint32(at + 4, LITTLE), kind = kindOf(info), extra = EXTRA[kind];
      if (extra === undefined) throw new BtfError(`a type of the unknown kind ${kind}`, at);
      if (kind === b.BTF_KIND_STRUCT || kind === b.BTF_KIND_TYPEDEF) {
        const name = wanted.get(view.getUint32(at, LITTLE));
        if (name !== undefined) this.#remember(kind === b.BTF_KIND_STRUCT ? "struct" : "typedef", name, number);
      }
      at += TYPE_BYTES + extra[0] + extra[1] * (info & 0xffff);
      if (at > typesEnd) throw new BtfError("a type is cut", this.#starts[number]!);
    }
    this.#count = number;
  }

  /** The number of a type, by which bpf(2) knows it; undefined where this kernel has none of that name. */
  find(kind: Named, name: string): number | undefined {
    return this.#numbers.get(`${kind} ${name}`);
  }

  /**
   * Where `path` (such as `f_path.dentry`) lies in a structure; undefined where this kernel's structure has no such member,
   * or there is no such structure. A pointer isn't followed, a bit field isn't found. Throws {@link BtfError}.
   */
  member(structure: string, path: string): Member | undefined {
    let type = this.find("struct", structure), offset = 0;
    for (const name of path.split(".")) {
      const found = type === undefined ? undefined : this.#member(this.#plain(type), name, 0);
      if (found === undefined) return undefined;
      offset += found.offset;
      type = found.type;
    }
    return { offset, size: this.#size(type!, 0) };
  }

  /**
   * How many parameters a function has, to which a typedef names a pointer; undefined where there is no such typedef. Throws
   * {@link BtfError}.
   */
  parameters(typedef: string): number | undefined {
    const number = this.find("typedef", typedef);
    if (number === undefined) return undefined;
    const pointer = this.#start(this.#plain(number));
    const target = this.#start(this.#plain(this.#view.getUint32(pointer + 8, LITTLE)));
    const info = this.#view.getUint32(target + 4, LITTLE);
    return kindOf(info) === b.BTF_KIND_FUNC_PROTO ? info & 0xffff : undefined;
  }

  /** Where the strings of `names` begin in their section. They are unique there, so that types compare them as numbers. */
  #places(names: Iterable<string>): Map<number, string> {
    // One byte a character, so that V8 searches it as it is: of two megabytes only a few names are wanted.
    const text = new TextDecoder("latin1").decode(this.#bytes.subarray(this.#strings, this.#stringsEnd));
    const places = new Map<number, string>();
    for (const name of names) {
      const at = text.indexOf(`\0${name}\0`);
      if (at >= 0) places.set(at + 1, name);
    }
    return places;
  }

  #remember(kind: Named, name: string, number: number): void {
    const key = `${kind} ${name}`;
    if (!this.#numbers.has(key)) this.#numbers.set(key, number);
  }

  #start(number: number): number {
    if (number === 0 || number >= this.#count) throw new BtfError(`the type ${number}, which isn't there, is meant`, 0);
    return this.#starts[number]!;
  }

  #member(number: number, name: string, depth: number): { offset: number; type: number } | undefined {
    if (number === 0) return undefined;
    const view = this.#view, start = this.#start(number), info = view.getUint32(start + 4, LITTLE), kind = kindOf(info);
    if (kind !== b.BTF_KIND_STRUCT && kind !== b.BTF_KIND_UNION) return undefined;
    if (depth > MAX_DEPTH) throw new BtfError("structures lie in each other without end", start);
    const hasBitFields = info >>> 31 === 1;
    for (let i = 0, at = start + TYPE_BYTES; i < (info & 0xffff); i++, at += MEMBER_BYTES) {
      const bits = view.getUint32(at + 8, LITTLE), type = view.getUint32(at + 4, LITTLE);
      if (hasBitFields && bits >>> 24 !== 0) continue;
      const place = view.getUint32(at, LITTLE), offset = bits >>> 3;
      if (this.#isString(place, name)) return { offset, type };
      if (!this.#isString(place, "")) continue;
      const inner = this.#member(this.#plain(type), name, depth + 1);
      if (inner !== undefined) return { offset: offset + inner.offset, type: inner.type };
    }
    return undefined;
  }

  /** The type behind typedefs and qualifiers. */
  #plain(number: number): number {
    for (let depth = 0; depth <= MAX_DEPTH; depth++) {
      if (number === 0) return 0;
      const start = this.#start(number);
      switch (kindOf(this.#view.getUint32(start + 4, LITTLE))) {
        case b.BTF_KIND_TYPEDEF:
        case b.BTF_KIND_VOLATILE:
        case b.BTF_KIND_CONST:
        case b.BTF_KIND_RESTRICT:
        case b.BTF_KIND_TYPE_TAG:
          number = this.#view.getUint32(start + 8, LITTLE);
          break;
        default:
          return number;
      }
    }
    throw new BtfError("typedefs name each other without end", this.#start(number));
  }

  #size(number: number, depth: number): number {
    const plain = this.#plain(number);
    if (plain === 0) return 0;
    const start = this.#start(plain), view = this.#view;
    switch (kindOf(view.getUint32(start + 4, LITTLE))) {
      case b.BTF_KIND_PTR:
        return POINTER_BYTES;
      case b.BTF_KIND_ARRAY:
        if (depth > MAX_DEPTH) throw new BtfError("arrays lie in each other without end", start);
        return this.#size(view.getUint32(start + 12, LITTLE), depth + 1) * view.getUint32(start + 20, LITTLE);
      default:
        return view.getUint32(start + 8, LITTLE);
    }
  }

  /** Whether the string at a place is `name`, which is ASCII. */
  #isString(place: number, name: string): boolean {
    const at = this.#strings + place;
    if (at + name.length >= this.#stringsEnd) return false;
    for (let i = 0; i < name.length; i++) if (this.#bytes[at + i] !== name.charCodeAt(i)) return false;
    return this.#bytes[at + name.length] === 0;
  }
}

function kindOf(info: number): number {
  return info >>> 24 & 31;
}
