/**
 * What README and docs tell people to type, typed beside a running exporter: a script of a web server launches a program with a
 * made-up name, as README has it.
 */

import assert from "node:assert/strict";
import { makeCertificate } from "../certificates.ts";
import { blocksOf, documents, type Typed, typedIn } from "../documents/mod.ts";
import { Shop } from "../documents/shop.ts";
import { type StandIns, treatmentOf } from "../documents/treatment.ts";
import { Exporter, poll } from "../live/exporter.ts";
import { requireTool } from "../require.ts";
import { BINARY, requireBinary } from "./binary.ts";

/** Long enough for a machine that is busy: what goes on until it has printed something is looked at all the while. */
const TIMEOUT_MS = 60_000;

/** Answers every query as a Prometheus server that has seen one tree. */
function prometheusWith(tree: string): Deno.HttpServer<Deno.NetAddr> {
  const result = [{ metric: { tree, job: "cnproc", instance: "web-17" }, value: [1_795_900_344, "1"] }];
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json({ status: "success", data: { resultType: "vector", result } }),
  );
}

/** A folder with what commands look for: the exporter by its name, and a `sudo` for those who are root. */
async function toolsIn(folder: string): Promise<string> {
  await Deno.mkdir(`${folder}/bin`);
  await Deno.symlink(await Deno.realPath(BINARY), `${folder}/bin/cnproc-exporter`);
  await Deno.writeTextFile(`${folder}/bin/sudo`, '#!/bin/sh\nexec "$@"\n');
  await Deno.chmod(`${folder}/bin/sudo`, 0o755);
  return `${folder}/bin`;
}

/** Types a command; what it printed, and its status where no `until` ended it. */
async function type(
  command: string,
  { until, during, cwd, env }: {
    /** Of what goes on until a signal ends it: whether it has printed enough. */
    readonly until: ((out: string) => boolean) | undefined;
    /** Goes on happening until then. */
    readonly during: () => Promise<unknown>;
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
  },
): Promise<{ code: number | undefined; out: string; errors: string }> {
  await using child = new Deno.Command("setsid", {
    args: ["--wait", "bash", "-o", "pipefail", "-c", `echo $$; ${command}`],
    cwd,
    env: { ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let out = "", errors = "";
  const reading = [
    (async () => {
      for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) out += chunk;
    })(),
    (async () => {
      for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) errors += chunk;
    })(),
  ];
  // Its process id, which is that of its group, comes first.
  const printed = () => out.slice(out.indexOf("\n") + 1);
  try {
    if (until !== undefined) {
      await poll(`the lines of ${command}`, async () => until(printed()) || void await during(), TIMEOUT_MS);
      Deno.kill(-Number(/^\d+/.exec(out)![0]), "SIGINT");
    }
    const timer = setTimeout(() => Deno.kill(-Number(/^\d+/.exec(out)?.[0] ?? child.pid), "SIGKILL"), TIMEOUT_MS);
    const { code } = await child.status.finally(() => clearTimeout(timer));
    await Promise.all(reading);
    return { code: until === undefined ? code : undefined, out: printed(), errors };
  } catch (error) {
    Deno.kill(-Number(/^\d+/.exec(out)?.[0] ?? child.pid), "SIGKILL");
    throw error;
  }
}

/** A line of a document as what such a line may be: numbers, times and what stands before the web server vary. */
function alike(line: string): RegExp {
  const source = line.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/\/http\\\.server/, "\\S*/http\\.server")
    .replace(/\/random\\S\*/, "/random\\S*")
    .replace(/\d[\d:.\\]*(?: (?:µs|ms|s|min)\b)?/g, "[\\d:.]+(?: (?:µs|ms|s|min))?")
    .replace(/ +/g, " +");
  return new RegExp(`^${source}$`, "m");
}

Deno.test({
  name: "e2e: what README and docs tell people to type does what they say",
  ignore: requireBinary() || ["bash", "curl", "jq", "openssl", "python3", "setsid"].some((tool) => requireTool(tool)),
  async fn(t) {
    // Not a machine-made name, which would mark everything below it; the web server's scripts run as nobody.
    const folder = "/opt/cnproc-documents-test";
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    await Deno.mkdir(folder, { mode: 0o755 });
    try {
      await using shop = await Shop.start(folder);
      const pay = async () => (await shop.ask("pay.sh?0.2"))?.trim() === "nobody";
      await using exporter = await Exporter.start({ command: [BINARY] });
      await using prometheus = prometheusWith("/sshd/base");
      const dropper = await poll("the program with a made-up name", async () => {
        const paths = await pay() ? [...(await exporter.scrape()).trees.keys()] : [];
        return paths.find((path) => path.endsWith("/http.server/pay.sh/*"));
      }, TIMEOUT_MS);
      // The web server's own tree may be without `/random`.
      const server = [...(await exporter.scrape()).trees.keys()].find((path) => dropper.endsWith(`${path}/pay.sh/*`))!;
      const standIns: StandIns = {
        exporter: exporter.url,
        prometheus: `http://127.0.0.1:${prometheus.addr.port}`,
        tree: encodeURI(server),
      };
      const env = {
        PATH: `${await toolsIn(folder)}:${Deno.env.get("PATH")}`,
        NO_COLOR: "1",
        HOST: exporter.url,
        FLAG: "temp",
        TREE: dropper.split("/").map(encodeURIComponent).join("/"),
      };
      await makeCertificate(folder, "exporters-ca");
      await Deno.writeTextFile(`${folder}/cnproc-password`, "secret\n");
      const typed = documents().flatMap((file) => blocksOf(file)).flatMap(typedIn);
      const shown = typed.find(({ command }) => command === "cat http.yml")!;
      await Deno.writeTextFile(`${folder}/http.yml`, shown.output);
      for (const one of typed) {
        const treatment = treatmentOf(one);
        if (treatment === undefined || !("run" in treatment)) continue;
        await t.step(`${one.file}: ${one.command.split("\n")[0]}`, async () => {
          const lines = isOfTheRun(one) ? one.output.trimEnd().split("\n").map(alike) : [];
          const { replace = [], until, prints = /^/, status = 0 } = treatment;
          const command = replace.reduce(
            (text, [example, name]) => text.replaceAll(example, standIns[name]),
            one.command,
          )
            .replaceAll("localhost:9501", new URL(exporter.url).host)
            .replace(/cnproc-exporter tree/, `$& --url=${exporter.url}`);
          const enough = (out: string) => until!.test(out) && lines.every((line) => line.test(out));
          const options = { until: until && enough, during: pay, cwd: folder, env };
          // Who asks for events has some from then on: what comes too early is typed again.
          const result = await poll(`${prints} of ${command}`, async () => {
            const result = await type(command, options);
            return result.code !== status || prints.test(result.out) ? result : void await pay();
          }, TIMEOUT_MS);
          if (result.code !== undefined) assert.equal(result.code, status, `${result.out}${result.errors}`);
          for (const line of [prints, ...lines]) assert.match(result.out, line);
        });
      }
      const treatments = typed.map((one) => treatmentOf(one) ?? {});
      const count = (key: string) => treatments.filter((treatment) => key in treatment).length;
      console.log(
        `${typed.length} commands of README and docs: ${count("run")} typed here, ${count("by")} by other tests, ` +
          `${count("because")} named with the reason why not`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Whether a document shows what comes of the run that the test makes, rather than that of an example machine. */
function isOfTheRun({ file, command }: Typed): boolean {
  return file === "README.md" || command.startsWith("cnproc-exporter explain") || command === "cat http.yml";
}
