/**
 * Where programs lie that an ordinary user can't have put there, and which interpreters are taken at their word about what they
 * run: those there, and those of tools that install interpreters for a user under a well-known name. A program of one's own that
 * is called `python3` runs what it likes, whatever its arguments say.
 *
 * @module
 */

/** Folders that only root writes to, by the Filesystem Hierarchy Standard 3.0, and those of other package managers for all users. */
const SHARED = /^\/(?:usr|bin|sbin|lib\w*|opt|nix\/store|gnu\/store|snap|home\/linuxbrew\/\.linuxbrew)\//;

/**
 * Folders that these tools make, anywhere: pyenv, rbenv, nodenv, jenv, goenv, nvm, fnm, n, asdf, mise, volta, sdkman, rustup,
 * cargo, deno, bun, rvm, juliaup, ghcup, uv, pipx, pnpm, hatch, gradle and IntelliJ (JDKs), conda and its kin, npm's packages
 * of interpreters, virtual environments with copies.
 */
const TOOLS = new RegExp(
  "/(?:" +
    "\\.(?:pyenv|rbenv|nodenv|jenv|goenv)/versions|\\.(?:nvm|fnm|n|asdf|volta|sdkman|rustup|cargo|deno|bun|rvm|juliaup|ghcup|jdks|gradle/jdks)|" +
    "\\.local/(?:share/(?:uv|mise|rtx|fnm|pnpm|pipx|hatch)|pipx)|" +
    "\\.?(?:mini|ana|micro)?(?:conda|mamba|forge)[0-9]*|" +
    "node_modules/(?:\\.bin|@?[\\w.-]+)|\\.?venv" +
    ")/",
);

/** Whether a path, as it is in its root, lies where only root puts programs. */
export function isShared(path: string): boolean {
  return SHARED.test(path);
}

/** Whether an interpreter at this path, as it is in its root, counts as what its name says. */
export function isVouched(path: string): boolean {
  return SHARED.test(path) || TOOLS.test(path);
}
