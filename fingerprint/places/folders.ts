/**
 * Who may have put a file where it lies, by its path from the root that it is in: only the text is looked at.
 *
 * @module
 */

/** The distribution's own, by the Filesystem Hierarchy Standard 3.0. */
const SYSTEM = /^\/(?:usr\/(?!local\/)|s?bin\/|lib\w*\/|etc\/)/;

/** Folders for all users that only root, or whoever installs programs for all, writes to: also of other package managers. */
const SHARED = /^\/(?:usr\/local|opt|nix\/store|gnu\/store|snap|home\/linuxbrew\/\.linuxbrew)\//;

/**
 * Folders that these tools make, anywhere: pyenv, rbenv, nodenv, jenv, goenv, nvm, fnm, n, asdf, mise, volta, sdkman, rustup,
 * cargo, deno, bun, rvm, juliaup, ghcup, uv, pipx, pnpm, hatch, gradle and IntelliJ (JDKs), conda and its kin, npm's packages
 * of interpreters, virtual environments with copies, the servers of editors, GitHub's runner, buildpacks, Flatpak, .NET, releases
 * of Erlang with its virtual machine, Steam and other managers of Wine.
 */
const TOOLS = new RegExp(
  "/(?:" +
    "\\.(?:pyenv|rbenv|nodenv|jenv|goenv)/(?:versions|shims)|\\.(?:nvm|fnm|n|asdf|volta|sdkman|rustup|cargo|deno|bun|rvm|juliaup|ghcup|jdks|gradle/jdks)|" +
    "\\.local/(?:share/(?:uv|mise|rtx|fnm|pnpm|pipx|hatch|JetBrains)|pipx)|\\.cache/JetBrains|" +
    "\\.(?:vscode|vscode-insiders|vscodium|cursor|windsurf|positron)-server|" +
    "actions-runner/externals(?:\\.[\\d.]+)?|_work/_tool|\\.heroku|layers/[\\w.-]+|var/lib/flatpak/(?:app|runtime)|" +
    "\\.?(?:mini|ana|micro)?(?:conda|mamba|forge)[0-9]*|" +
    "node_modules/(?:\\.bin|@?[\\w.-]+)|\\.?venv|\\.dotnet|erts-[\\d.]+/bin|" +
    "\\.steam|\\.local/share/(?:Steam|(?:lutris|bottles)/runners)" +
    ")/",
);

/** Folders that everybody may write to, by the Filesystem Hierarchy Standard 3.0 and shm_overview(7). */
const TEMPORARY = /^\/(?:tmp|var\/tmp|dev\/shm|dev\/mqueue|run\/lock|var\/lock|run\/shm)\//;

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
