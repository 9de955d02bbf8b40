import assert from "node:assert/strict";
import { unchangedMappings } from "../../../../fingerprint/proc/maps.ts";

// Lines of /proc/PID/maps of the compiled exporter, Linux 6.18, with its path made shorter.
const MAPS = `\
145bb400000-145bb440000 rw-p 00000000 00:00 0 
55a3df967000-55a3e1bc5000 r--p 00000000 fe:00 9977948                    /usr/bin/cnproc-exporter
55a3e1bc6000-55a3e4ec1000 r-xp 0225e000 fe:00 9977948                    /usr/bin/cnproc-exporter
55a3e4ec1000-55a3e508c000 r--p 05558000 fe:00 9977948                    /usr/bin/cnproc-exporter
55a3e508c000-55a3e50a2000 rw-p 05722000 fe:00 9977948                    /usr/bin/cnproc-exporter
55a3f8d2e000-55a3f9b21000 rw-p 00000000 00:00 0                          [heap]
7f257fb80000-7f257fd90000 r-xp 03cd3000 fe:00 9977948                    /usr/bin/cnproc-exporter
7f25c1400000-7f25c1500000 r--s 00000000 fe:00 9977948                    /usr/bin/cnproc-exporter
7f25c160b000-7f25c1631000 r--p 00000000 fe:00 326269                     /usr/lib/x86_64-linux-gnu/libc.so.6
7f25c1631000-7f25c1787000 r-xp 00026000 fe:00 326269                     /usr/lib/x86_64-linux-gnu/libc.so.6
`;

Deno.test("maps: what of an executable is as in the file: its head and its code, but not what the linker wrote", () => {
  assert.deepEqual(unchangedMappings(MAPS, "/usr/bin/cnproc-exporter"), [
    { address: 0x55a3df967000, length: 0x225e000 },
    { address: 0x55a3e1bc6000, length: 0x32fb000 },
    { address: 0x7f257fb80000, length: 0x210000 },
  ]);
});

Deno.test("maps: another file, another path of the same beginning, shared memory, and lines that are none", () => {
  for (const executable of ["/usr/bin/cnproc", "/usr/bin/cnproc-exporter (deleted)", ""]) {
    assert.deepEqual(unchangedMappings(MAPS, executable), []);
  }
  assert.deepEqual(unchangedMappings(MAPS.replaceAll("p 0", "s 0"), "/usr/bin/cnproc-exporter"), []);
  assert.deepEqual(unchangedMappings(MAPS.slice(0, 120), "/usr/bin/cnproc-exporter"), []);
});

Deno.test("maps: a path with a line feed and blanks", () => {
  const maps = "1000-3000 r-xp 00001000 fe:00 12      /a  b\\012c (deleted)\n";
  assert.deepEqual(unchangedMappings(maps, "/a  b\nc (deleted)"), [{ address: 0x1000, length: 0x2000 }]);
});
