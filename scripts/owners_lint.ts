/// <reference lib="deno.unstable" />
/**
 * A plugin of `deno lint` (deno.json names it): each dangerous door has one owner. It looks at the sources of the program alone.
 *
 * @module
 */

/** Members of `Deno` → the only file that may use them. */
const OWNER_OF: Readonly<Record<string, string>> = {
  dlopen: "netlink/linux/libc.ts",
  args: "main.ts",
  env: "main.ts",
  exit: "main.ts",
  exitCode: "main.ts",
};

/** Modules that lead around {@link OWNER_OF}. */
const BACK_DOORS: readonly string[] = ["node:process", "node:child_process"];

/** The only room that reads /proc. */
const PROC_READER = "fingerprint/proc/";

/** Literals that look like a path under /proc and are none that is read, with the reason. */
const NOT_READ: ReadonlyArray<{ file: string; literal: string; why: string }> = [
  { file: "netlink/linux/spawn.ts", literal: "/proc/self/exe", why: "executed, as the self-test's last resort" },
  { file: "fingerprint/interpreters/operands.ts", literal: "/proc/self/fd/0", why: "compared with an argument" },
  ...["/proc", "/proc/{n}", "/proc/[^/]+/(?:fd|task|fdinfo|map_files)", "/proc/self/fd/{n}"].map((literal) => (
    { file: "fingerprint/randomness/by_design/kernel.ts", literal, why: "compared with the path of a program" }
  )),
];

/** The path of a source file of the program from the root of the project; undefined for any other. */
function sourceFile(filename: string): string | undefined {
  return /(?:^|\/)((?:netlink|fingerprint|metrics)\/.*|main\.ts)$/.exec(filename.replace(/.*\/tests\/.*/, ""))?.[1];
}

function namesProc(file: string, text: string): boolean {
  if (file.startsWith(PROC_READER) || /\s/.test(text) || !/\/proc(\/|$)/.test(text)) return false;
  return !NOT_READ.some((exception) => exception.file === file && exception.literal === text);
}

const plugin: Deno.lint.Plugin = {
  name: "owners",
  rules: {
    "one-owner": {
      create(context) {
        const file = sourceFile(context.filename);
        if (file === undefined) return {};
        const literal = (node: Deno.lint.Node, text: string) => {
          if (!namesProc(file, text)) return;
          context.report({ node, message: `names the path ${text}, want it only in ${PROC_READER}` });
        };
        const specifier = (node: Deno.lint.Node, source: unknown) => {
          if (typeof source !== "string" || !BACK_DOORS.includes(source)) return;
          context.report({ node, message: `imports ${source}, want Deno's own API in its owner` });
        };
        return {
          Identifier(node) {
            if (node.name !== "Deno") return;
            const { parent } = node;
            if (parent.type === "TSQualifiedName") return; // a type
            const isKey = parent.type === "MemberExpression" && parent.property === node;
            const isMember = parent.type === "MemberExpression" && !parent.computed && !isKey &&
              parent.property.type === "Identifier";
            if (!isMember) {
              return context.report({
                node,
                message: "uses Deno as a value, want Deno.<member>, which can be checked",
              });
            }
            const member = (parent.property as Deno.lint.Identifier).name, owner = OWNER_OF[member];
            if (owner === undefined || owner === file) return;
            context.report({ node, message: `uses Deno.${member}, want it only in ${owner}` });
          },
          Literal(node) {
            const { parent, value } = node;
            const isSpecifier = parent.type.startsWith("Import") || parent.type.startsWith("Export");
            if (typeof value === "string" && !isSpecifier) literal(node, value);
          },
          TemplateLiteral(node) {
            literal(node, node.quasis.map((quasi) => quasi.cooked).join("${}"));
          },
          ImportDeclaration(node) {
            specifier(node, node.source.value);
          },
          ImportExpression(node) {
            if (node.source.type === "Literal") specifier(node, node.source.value);
          },
        };
      },
    },
  },
};

export default plugin;
