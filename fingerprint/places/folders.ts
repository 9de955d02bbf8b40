/**
 * Who may have put a file where it lies, by its path from the root that it is in: only the text is looked at.
 *
 * @module
 */

/**
 * The distribution's own, by the Filesystem Hierarchy Standard 3.0; in images with s6-overlay by slashpackage
 * (cr.yp.to/slashpackage.html); Android's partitions (source.android.com, partitions overview).
 */
const SYSTEM = /^\/(?:usr\/(?!local\/|tmp\/)|s?bin\/|lib\w*\/|etc\/|command\/|package\/|system\/|apex\/|vendor\/)/;

/**
 * Folders for all users that only root, or whoever installs programs for all, writes to: also of other package managers, where
 * virtual machines have Rosetta mounted, and the emulator that BuildKit mounts.
 */
const SHARED = new RegExp(
  "^/(?:(?:usr/local|opt|nix/store|gnu/store|snap|home/linuxbrew/\\.linuxbrew|" +
    "(?:run|media|(?:var/)?mnt)/(?:lima-)?rosetta)/|dev/\\.buildkit_qemu_emulator$)",
);

/**
 * Folders that these tools make, anywhere: pyenv, rbenv, nodenv, jenv, goenv, plenv, phpenv, luaenv, perlbrew, phpbrew, chruby,
 * nvm, fnm, n, asdf, mise, volta, proto, sdkman, rustup, cargo, deno, bun, rvm, juliaup, ghcup, uv, rye, pipx, pnpm, hatch, gradle
 * and IntelliJ (JDKs), conda, pixi and their kin, npm's packages of interpreters, virtual environments with copies, the servers of
 * editors and Zed's and Cursor's Node, GitHub's runner, buildpacks, Flatpak, .NET, releases of Erlang with its virtual machine,
 * Steam and other managers of Wine.
 */
const TOOLS = new RegExp(
  "/(?:" +
    "\\.(?:pyenv|rbenv|nodenv|jenv|goenv|plenv|phpenv|luaenv)/(?:versions|shims)|perl5/perlbrew/perls|\\.phpbrew|\\.rubies|" +
    "\\.(?:nvm|fnm|n|asdf|volta|proto|sdkman|rustup|cargo|deno|bun|rvm|juliaup|julia/juliaup|ghcup|rye|pixi|jdks|gradle/jdks)|" +
    "\\.local/(?:share/(?:uv|mise|rtx|fnm|nvm|pnpm|pipx|hatch|JetBrains|zed|cursor-agent)|pipx)|\\.config/nvm|\\.cache/JetBrains|" +
    "\\.[a-z]+(?:-[a-z]+)*-server(?:-insiders|-oss)?|\\.vscode-remote(?:-containers)?|" +
    "actions-runner/externals(?:\\.[\\d.]+)?|_work/_tool|\\.heroku|layers/[\\w.-]+|var/lib/flatpak/(?:app|runtime)|" +
    "\\.?(?:mini|ana|micro)?(?:conda|mamba|forge)[0-9]*|" +
    "node_modules/(?:\\.bin|@?[\\w.-]+)|\\.?venv|\\.dotnet|erts-[\\d.]+/bin|" +
    "\\.steam|\\.local/share/(?:Steam|(?:lutris|bottles)/runners)" +
    ")/",
);

/** Folders that everybody may write to, by the Filesystem Hierarchy Standard 3.0 and shm_overview(7); /usr/tmp of older systems is a link. */
const TEMPORARY = /^\/(?:tmp|var\/tmp|usr\/tmp|dev\/shm|dev\/mqueue|run\/lock|var\/lock|run\/shm)\//;

/** `..` behind a folder's name: where it leads to is told by the file system alone, since that folder may be a link. */
const CLIMBS = /(?:^|\/)(?!\.{1,2}\/)[^/]+\/+(?:\.\/+)*\.\.(?:\/|$)/;

/** Whether a file lies in a folder of the distribution's own. */
export function isSystem(path: string): boolean {
  return SYSTEM.test(path);
}

/** Whether a file lies where an ordinary user can't have put it. */
export function isShared(path: string): boolean {
  return SYSTEM.test(path) || SHARED.test(path);
}

/**
 * Whether an interpreter counts as what its name says: a program of one's own that is called `python3` runs what it likes. What
 * lies where everybody may write is no tool's, whatever its folders are called.
 */
export function isVouched(path: string): boolean {
  return isShared(path) || TOOLS.test(path) && !TEMPORARY.test(path);
}

/** Whether a file lies where everybody may write. */
export function isTemporary(path: string): boolean {
  return TEMPORARY.test(path);
}

/** Whether a path may lead elsewhere than its text says. */
export function climbs(path: string): boolean {
  return CLIMBS.test(path);
}
