/**
 * Paths of programs: one spelling for merged folders, and which files of a package can be programs at all.
 *
 * @module
 */

/**
 * One spelling for a path of a system with merged folders: `/bin/dd` → `/usr/bin/dd`, `/lib64/x` → `/usr/lib64/x`.
 * Where the folders are not merged, no two programs of one distribution have names that this would confuse
 * (hier(7), https://systemd.io/THE_CASE_FOR_THE_USR_MERGE).
 */
export function mergePath(path: string): string {
  // The hot path: nearly every program is below /usr already.
  const second = path.charCodeAt(1);
  if (second === 0x62 /* b */) return path.startsWith("/bin/") ? `/usr${path}` : path;
  if (second === 0x73 /* s */) return path.startsWith("/sbin/") ? `/usr${path}` : path;
  if (second === 0x6c /* l */) return /^\/lib(?:32|64|x32)?\//.test(path) ? `/usr${path}` : path;
  return path;
}

/** A copy that shares no memory with the text that it was cut from, which may be a command line of megabytes. */
export function own(text: string): string {
  return ` ${text}`.slice(1);
}

/** The last element of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Folders that hold no program, by the folder they are in; spelled as {@link mergePath} spells them. */
const DATA_FOLDERS: readonly (readonly [string, string])[] = [
  ["/usr/", "include src"],
  [
    "/usr/share/",
    "applications base-files bash-completion common-licenses dbus-1 doc doc-base file fish fonts gcc gdb gettext groff i18n icons " +
    "info keyrings licenses lintian locale man maven-repo menu metainfo mime misc nano pam pam-configs perl perl5 pixmaps polkit-1 " +
    "readline systemd tabset terminfo vim zoneinfo zsh",
  ],
  ["/usr/lib/", ".build-id firmware locale modules modules-load.d sysctl.d terminfo tmpfiles.d"],
  ["/usr/lib/systemd/", "catalog network ntp-units.d system user"],
  ["/usr/lib/udev/", "rules.d"],
  ["/etc/", "alternatives apt default ld.so.conf.d logrotate.d pam.d skel ssl sysctl.d systemd terminfo"],
  ["/var/", "cache log run spool"],
];
const IN_DATA_FOLDER = new RegExp(
  `^(?:${
    DATA_FOLDERS.map(([folder, names]) => `${folder}(?:${names.replaceAll(".", "\\.").replaceAll(" ", "|")})`).join("|")
  }` +
    "|/usr/lib/[^/]*-linux-[^/]*/(?:audit|gconv|perl|perl5|perl-base|pkgconfig|security))/",
);

/** Endings and beginnings of files that no kernel or interpreter is asked to run. */
const DATA_ENDINGS =
  "a aliases asc automount bz2 cfg conf crt css csv dat db desktop el elc gif gpg gz h htm html in ini jpeg jpg json " +
  "keep la list m4 map md md5sums mo mount o otf path pc pem ph pm png po pod policy preset pyc pyi rules service slice so socket svg " +
  "swap target templates timer ttf txt types vim xml xpm xz yaml yml zst";
const IS_DATA = new RegExp(
  `\\.(?:${
    DATA_ENDINGS.replaceAll(" ", "|")
  })$|\\.so\\.[\\d.]+$|^(?:AUTHORS|COPYING|LICENSE|NEWS|README|TODO|changelog|copyright)`,
);

/** Whether a package's file, spelled as {@link mergePath} spells it, may be run or be given to an interpreter. */
export function mayRun(path: string): boolean {
  if (/^\/usr\/(?:local\/)?s?bin\//.test(path)) return true;
  return !IN_DATA_FOLDER.test(path) && !IS_DATA.test(baseName(path));
}
