/**
 * What a test needs from the machine. A missing tool or right skips the test and prints why; `REQUIRE_LIVE=1` (set in CI)
 * turns every skip into a failure.
 *
 * Each function gives the `ignore` of a test definition:
 * `Deno.test({ name: "…", ignore: requireRoot() || requireTool("promtool", "prometheus"), fn })`.
 *
 * @module
 */

/** Whether to skip: false if `met`. Otherwise prints the reason and gives true, or throws where skips are failures. */
export function skipUnless(met: boolean, reason: string): boolean {
  if (met) return false;
  if (Deno.env.get("REQUIRE_LIVE") === "1") throw new Error(`Cannot skip tests with REQUIRE_LIVE=1: ${reason}`);
  console.error(`skipped: ${reason}`);
  return true;
}

/** Path of a program in `PATH`; undefined when there is none. */
export function findTool(name: string): string | undefined {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    const path = `${folder === "" ? "." : folder}/${name}`;
    try {
      const { isFile, mode } = Deno.statSync(path);
      if (isFile && ((mode ?? 0) & 0o111) !== 0) return path;
    } catch {
      // Not there, or a folder that may not be read: the next one.
    }
  }
  return undefined;
}

/** Skips unless the program `name` is in `PATH`; `packageName` is what to install otherwise. */
export function requireTool(name: string, packageName: string = name): boolean {
  return skipUnless(findTool(name) !== undefined, `needs ${name} in PATH: install the package ${packageName}`);
}

/** The Python to use: `PYTHON` where it is set, else `python3` in `PATH`. */
export function findPython(): string | undefined {
  return Deno.env.get("PYTHON") ?? findTool("python3");
}

/** Skips unless Python can import `module`; `packageName` is what to install with pip otherwise. */
export function requirePython(module: string, packageName: string = module): boolean {
  const python = findPython();
  if (python === undefined) return requireTool("python3");
  const { success } = new Deno.Command(python, { args: ["-c", `import ${module}`], stdout: "null", stderr: "null" })
    .outputSync();
  return skipUnless(success, `needs the Python module ${module}: pip install ${packageName}`);
}

/** Skips unless the tests run as root. */
export function requireRoot(): boolean {
  return skipUnless(Deno.uid() === 0, "needs root: run with sudo");
}
