/**
 * A database of rpm in SUSE's format, written by hand.
 *
 * @module
 */

/** A header with the tags that name a package and its programs, each by its path, written as rpm 4.18 does (rpmtag.h: types 3, 4, 6, 8). */
export function header(name: string, files: readonly string[], requires: readonly string[] = []): Uint8Array {
  const folderOf = (file: string) => file.slice(0, file.lastIndexOf("/") + 1),
    folders = [...new Set(files.map(folderOf))];
  const text = (values: readonly string[]) => new TextEncoder().encode(values.map((value) => `${value}\0`).join(""));
  const numbers = (width: 2 | 4, values: readonly number[]) => {
    const view = new DataView(new ArrayBuffer(width * values.length));
    values.forEach((value, i) => width === 2 ? view.setUint16(2 * i, value) : view.setUint32(4 * i, value));
    return new Uint8Array(view.buffer);
  };
  const entries: [number, number, number, Uint8Array][] = [
    [1000, 6, 1, text([name])],
    [1030, 3, files.length, numbers(2, files.map(() => 0o100755))],
    [1047, 8, 1, text([`${name}-api`])],
    [1049, 8, requires.length, text(requires)],
    [1116, 4, files.length, numbers(4, files.map((file) => folders.indexOf(folderOf(file))))],
    [1117, 8, files.length, text(files.map((file) => file.slice(folderOf(file).length)))],
    [1118, 8, folders.length, text(folders)],
  ];
  const size = entries.reduce((sum, [, , , data]) => sum + data.length, 0);
  const bytes = new Uint8Array(8 + 16 * entries.length + size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, entries.length);
  view.setUint32(4, size);
  let offset = 0;
  entries.forEach(([tag, type, count, data], i) => {
    [tag, type, offset, count].forEach((value, j) => view.setUint32(8 + 16 * i + 4 * j, value));
    bytes.set(data, 8 + 16 * entries.length + offset);
    offset += data.length;
  });
  return bytes;
}

/** `Packages.db` with one page of slots, the first of them free. */
export function database(blobs: readonly Uint8Array[]): Uint8Array {
  const units = blobs.map((blob) => Math.ceil((16 + blob.length + 12) / 16));
  const bytes = new Uint8Array(4096 + 16 * units.reduce((sum, count) => sum + count, 0));
  const view = new DataView(bytes.buffer);
  const magic = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at);
  magic(0, "RpmP");
  [0, 1, 1, blobs.length + 1].forEach((value, i) => view.setUint32(4 + 4 * i, value, true));
  for (let at = 32; at < 4096; at += 16) magic(at, "Slot");
  let start = 256;
  blobs.forEach((blob, i) => {
    [i + 1, start, units[i]!].forEach((value, j) => view.setUint32(48 + 16 * i + 4 + 4 * j, value, true));
    magic(16 * start, "BlbS");
    [i + 1, 0, blob.length].forEach((value, j) => view.setUint32(16 * start + 4 + 4 * j, value, true));
    bytes.set(blob, 16 * start + 16);
    start += units[i]!;
  });
  return bytes;
}
