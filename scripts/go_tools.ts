/**
 * Tools written in Go, each at a pinned version; `go run` fetches and builds them, and keeps what it built.
 *
 * @module
 */

/** Packages and versions. nfpm: the versions after 2.45 need a module that isn't on the module proxy. */
export const GO_TOOLS = {
  nfpm: "github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.0",
  actionlint: "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12",
  jsonnet: "github.com/google/go-jsonnet/cmd/jsonnet@v0.21.0",
} as const;

/** A tool that failed: its own words. */
export class ToolError extends Error {
  override name = "ToolError";
}

/** Runs a tool: what it printed on standard output. Throws {@link ToolError} with what it printed otherwise. */
export async function goRun(
  tool: keyof typeof GO_TOOLS,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<string> {
  // GOFLAGS and a go.mod of the folder don't matter to `go run package@version`.
  const command = new Deno.Command("go", { args: ["run", GO_TOOLS[tool], ...args], cwd, env });
  const { success, stdout, stderr } = await command.output().catch((error) => {
    throw error instanceof Deno.errors.NotFound
      ? new ToolError(`Cannot run ${tool}: it needs Go; install golang-go or see go.dev/dl`)
      : error;
  });
  const text = new TextDecoder();
  if (!success) {
    throw new ToolError(`Cannot go on after ${tool} ${args[0]}: ${text.decode(stdout)}${text.decode(stderr)}`.trim());
  }
  return text.decode(stdout);
}
