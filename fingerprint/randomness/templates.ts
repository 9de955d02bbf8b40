/**
 * Names that well-known tools make: the template tells that a machine made them, and which part is random.
 *
 * @module
 */

import { DOT } from "./forms.ts";
import type { Scan } from "./scan.ts";

/** A form of names that one tool makes. */
export interface Template {
  /** Characters that the name can begin with; empty: any, and the name has digits. */
  readonly first: string;
  /** Tool, as it stands in the rule of a verdict. */
  readonly tool: string;
  /** The whole name. */
  readonly form: RegExp;
  /** What the name collapses to, `$1` being the form's first group; `$1*` unless given. */
  readonly collapsed?: string;
  /** The form fits words too: start (from the end if negative) and length of what must not read like a word. */
  readonly notWord?: readonly [start: number, length: number];
  /** The form has eight characters and a dot first; other names, which are most, aren't held against it. */
  readonly dotted?: true;
}

/**
 * The templates. A form is as narrow as its tool allows: the lengths and alphabets are those that the tool draws from,
 * and a form that letters alone could fit asks for a digit or a capital, or has {@link Template.notWord}.
 */
const TEMPLATES: readonly Template[] = [
  { first: ".t", tool: "mktemp", form: /^(\.?(?:tmp|temp)\.)(?=[a-z]*[A-Z0-9]|[A-Z])[A-Za-z0-9]{6,12}$/ },
  { first: ".", tool: "tempfile-rs", form: /^(\.tmp)[A-Za-z0-9]{6}$/ },
  {
    first: "t",
    tool: "tempfile-py",
    form: /^(tmp)[a-z0-9_]{8}((?:\.\w+|_build|wheel|-\w+)?)$/,
    collapsed: "$1*$2",
    notWord: [3, 8],
  },
  {
    first: "bcemptv",
    tool: "tempfile-py",
    form:
      /^((?:build-via-sdist|cffi|matplotlib|virtualenv|easy_install|torchinductor|tf|meson-build|mozrunner|pymp|tmp)[-_])(?=[a-z]*[0-9_])[a-z0-9_]{8}$/,
    notWord: [-8, 8],
  },
  { first: "d", tool: "jenkins", form: /^(durable-)[0-9a-f]{8}$/ },
  {
    first: "abcdefghijklmnopqrstuvwxyz0123456789_",
    tool: "tempfile-py",
    dotted: true,
    form: /^[a-z0-9_]{8}(\.tmp)$/,
    collapsed: "*$1",
    notWord: [0, 8],
  },
  {
    first: "cr",
    tool: "tempfile-rs",
    form:
      /^((?:cargo-(?:install|package|script-)|rustc|rustup-|rust-analyzer-|cc-rs-|rustdoctest|rmeta|rust_mozprofile))[A-Za-z0-9]{6}$/,
    notWord: [-6, 6],
  },
  {
    first: "GbcdghkprtT",
    tool: "go",
    form:
      /^((?:go-(?:build|link-|test-)|gobuild_|gotest|GoLand_|gopls-|runc-process|containerd-mount|buildkit-(?:mount)?|kaniko-|docker-import-|dagger-|helm-|terraform-(?:log|plugin|provider-.+-)|plugin|tmpfile|TestMain|cgo-gcc-input-|cgo-))(?!(?:19|20)\d{6}$)\d{5,10}((?:\.\w)?)$/,
    collapsed: "$1*$2",
  },
  { first: "p", tool: "pip", form: /^(pip-[a-z-]+-)[a-z0-9_]{8}$/ },
  { first: "t", tool: "git", form: /^(tmp_(?:obj|pack|idx|rev|bitmap|graph|midx)_)[A-Za-z0-9]{6}$/ },
  { first: "_t", tool: "node-tmp", form: /^(_?tmp[-_])\d{2,7}[-_][A-Za-z0-9]{12,32}$/ },
  {
    first: "",
    tool: "ruby-tmpdir",
    form: /^([a-zA-Z_.-]{1,32})(?:19|20)\d{6}-\d{1,8}-[0-9a-z]{4,7}((?:\.\w+)?)$/,
    collapsed: "$1*$2",
  },
  { first: "R", tool: "r-tempdir", form: /^(Rtmp)(?=[a-z]*[A-Z0-9]|[A-Z])[A-Za-z0-9]{6}$/ },
  {
    first: "s",
    tool: "systemd-private",
    form: /^(systemd-private-)[0-9a-f]{32}-(.+)-[A-Za-z0-9]{6}$/,
    collapsed: "$1*-$2-*",
  },
  { first: "_", tool: "pyinstaller", form: /^(_MEI)[A-Za-z0-9]{5,8}$/ },
  { first: "tT", tool: "windows", form: /^(tmp)(?:[A-Za-z0-9]{6}|[0-9A-F]{1,8})(\.tmp)$/i, collapsed: "$1*$2" },
  {
    first: "abcdefghijklmnopqrstuvwxyz012345",
    tool: "dotnet",
    dotted: true,
    form:
      /^[a-z0-5]{8}\.(?!mp[1-5]|m[34]|[0-5]{3}|bz2|v\d|py\d|pl\d|ps\d|so\d|rc\d|[a-z]0\d)(?=[a-z]*[0-5])[a-z0-5]{3}$/,
    collapsed: "*",
    notWord: [0, 8],
  },
  {
    first: "abcdefghijklmnopqrstuvwxyz0123456789",
    tool: "mozilla",
    dotted: true,
    form: /^[a-z0-9]{8}(\.default(?:-[a-z]+(?:-\d+)?)?)$/,
    collapsed: "*$1",
    notWord: [0, 8],
  },
  { first: "p", tool: "browser-driver", form: /^((?:playwright_\w+profile|puppeteer_dev_\w+profile)-)[A-Za-z0-9]{6}$/ },
  { first: "cT", tool: "cmake", form: /^(cmTC_|TryCompile-)(?:[0-9a-f]{5}|[A-Za-z0-9]{6})$/ },
  {
    first: "",
    tool: "clang",
    form: /^(.+-)(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{6}(\.(?:o|s|bc|i|ii|out|ll|dwo|pcm))$/,
    collapsed: "$1*$2",
  },
  {
    first: "acdfilmrsvx.",
    tool: "mktemp",
    form:
      /^(apt-key-gpghome\.|apt-dpkg-install-|apt\.(?:conf|data|sig)\.|tmp\.ci\.|crontab\.|dracut\.|fakeroot\.|initrd\.|lua_|mkinitramfs[_-](?:(?:MAIN|EFW|FW)_)?|rpm-tmp\.|sh-(?:thd|np)\.|sccache|\.?xauth_?)(?=[a-z]*[A-Z0-9]|[A-Z])[A-Za-z0-9]{6,10}$/,
  },
  { first: "pse", tool: "mktemp", form: /^(php|sort|emacs)(?=[a-z]*[A-Z0-9]|[A-Z])[A-Za-z0-9]{6}$/, notWord: [-6, 6] },
  { first: ".", tool: "appimage", form: /^(\.mount_.{1,6}?)[A-Za-z0-9]{6}$/ },
  {
    first: ".oc",
    tool: "chromium",
    form: /^(\.?(?:org\.chromium|com\.google|com\.microsoft|com\.brave)\.\w+\.)(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{6}$/,
    notWord: [-6, 6],
  },
  {
    first: ".oc",
    tool: "chromium",
    form: /^(\.?(?:org|com)\.(?:chromium|google|microsoft|brave)\.)(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{6}$/,
    notWord: [-6, 6],
  },
  { first: "s", tool: "chromium", form: /^(scoped_dir)\d+_\d+$/ },
  { first: ".", tool: "glib", form: /^(\.goutputstream-)[A-Z0-9]{6}$/ },
  { first: "s", tool: "ssh-agent", form: /^(ssh-)(?=[A-Za-z]*\d|[a-z]*[A-Z]|[A-Z])[A-Za-z0-9]{10,12}$/ },
  {
    first: "c",
    tool: "gcc",
    form: /^(cc)(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{6}(\.(?:s|o|ld|le|res|c|ltrans\d*\.o|cdtor\.\w|lto\.o))$/,
    collapsed: "$1*$2",
  },
  { first: "k", tool: "kerberos", form: /^(krb5cc_\d+_)[A-Za-z0-9]{6,10}$/ },
  { first: "s", tool: "php-session", form: /^(sess_)(?=[a-z,-]*\d)[a-z0-9,-]{22,64}$/ },
  { first: "l", tool: "libreoffice", form: /^(lu)\d{2,7}[a-z0-9]{3,10}(\.tmp)$/, collapsed: "$1*$2" },
  { first: "n", tool: "npm", form: /^(npm-)\d{2,7}-[0-9a-f]{8}$/ },
  { first: "y", tool: "yarn", form: /^(yarn--)\d{13}-0\.\d{6,20}$/, collapsed: "$1*-0.*" },
  { first: "a", tool: "ansible", form: /^(ansible-tmp-)\d{10}\.\d+-\d+-\d+$/ },
  { first: "", tool: "conda-build", form: /^(.+_)1[5-9]\d{11}$/ },
  {
    first: "",
    tool: "kubernetes",
    form:
      /^(.+-)(?=[b-df-hj-np-tv-xz]{0,10}\d|[2-9a-f]{8,10}-)[b-df-hj-np-tv-xz2-9a-f]{8,10}-[b-df-hj-np-tv-xz2-9]{5}$/,
  },
  { first: "", tool: "kubernetes", form: /^(.+-)\d{8}-[b-df-hj-np-tv-xz2-9]{5}$/ },
  { first: "v", tool: "docker", form: /^(veth)(?=[a-f]*\d)[0-9a-f]{7,8}$/ },
  { first: ".", tool: "nfs", form: /^(\.nfs)[0-9a-f]{16,}$/ },
  { first: ".", tool: "fuse", form: /^(\.fuse_hidden)[0-9a-f]{16,}$/ },
];

/** Templates that a name is held against one after the other, if one expression for all says that it has any of their forms. */
class Group {
  readonly #templates: readonly Template[];
  #any: RegExp | undefined;

  constructor(templates: readonly Template[]) {
    this.#templates = templates;
  }

  /** The first template that fits, or `undefined`. `scan` has cut and weighed the name. */
  find(name: string, scan: Scan): Template | undefined {
    this.#any ??= new RegExp(this.#templates.map(({ form }) => `(?${form.flags}:${form.source})`).join("|"));
    if (!this.#any.test(name)) return undefined;
    for (const template of this.#templates) {
      const { form, notWord } = template;
      if (!form.test(name)) continue;
      if (notWord === undefined) return template;
      const start = notWord[0] < 0 ? scan.length + notWord[0] : notWord[0];
      if (scan.sum(start, start + notWord[1]) > WORD * notWord[1]) return template;
    }
    return undefined;
  }
}

/** UTF-16 unit of a name's first character → templates that can begin with it. */
function byFirst(templates: readonly Template[]): readonly (Group | undefined)[] {
  const groups = new Map<string, Group>();
  return Array.from({ length: 128 }, (_, unit) => {
    const fitting = templates.filter(({ first }) => first !== "" && first.includes(String.fromCharCode(unit)));
    if (fitting.length === 0) return undefined;
    const key = fitting.map((template) => templates.indexOf(template)).join();
    const group = groups.get(key) ?? new Group(fitting);
    groups.set(key, group);
    return group;
  });
}
const BY_FIRST = byFirst(TEMPLATES), BY_FIRST_UNDOTTED = byFirst(TEMPLATES.filter(({ dotted }) => !dotted));
const ANY_FIRST = new Group(TEMPLATES.filter(({ first }) => first === ""));

/** Names from this length on are not held against the forms that can begin with anything, to bound the time. */
const LONG_NAME = 128;

/** Where a word's weights begin, per character: below it the characters read like a word. */
const WORD = -1.3;

/** The template that a name was made from, or `undefined`. `scan` has cut and weighed the name. */
export function findTemplate(name: string, scan: Scan): Template | undefined {
  const groups = scan.unit[8] === DOT && scan.length > 8 ? BY_FIRST : BY_FIRST_UNDOTTED;
  const found = groups[scan.unit[0]!]?.find(name, scan);
  return found === undefined && scan.digits > 1 && scan.runs > 1 && scan.length < LONG_NAME
    ? ANY_FIRST.find(name, scan)
    : found;
}
