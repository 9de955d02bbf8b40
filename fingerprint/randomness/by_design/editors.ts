/**
 * Editors' servers on the machine that they connect to, browsers' profiles, Steam.
 *
 * @module
 */

import { CACHE, DATA, HOME, PROJECT } from "./anchors.ts";
import { type ByDesign, HASH, row, SHA1, UUID } from "./row.ts";

const EDITOR_SOURCE = "VS Code and its forks: product.json, serverDataFolderName; microsoft/vscode-remote-release wiki";

/** Its rows, in the order in which they are tried. */
export const EDITORS: readonly ByDesign[] = [
  row(
    "editor-server",
    "bin",
    `(?:${HOME}/\\.[a-z]+(?:-[a-z]+)*-(?:server(?:-insiders|-oss)?|remote(?:-containers)?)|/vscode(?:/vscode-server)?)/bin(?:/[a-z]+-[a-z0-9]+)?`,
    `((?:[a-z\\d.]+-)?)${SHA1}((?:-[a-z\\d]+)?)`,
    "~/.cursor-server/bin/{hex40}",
    EDITOR_SOURCE,
  ),
  row(
    "editor-server",
    "servers",
    `${HOME}/\\.[a-z]+(?:-[a-z]+)*(?:-server)?(?:-insiders|-oss)?/cli/servers`,
    `((?:[A-Z]\\w+-)?)${SHA1}()`,
    "~/.windsurf-server/cli/servers/Stable-{hex40}",
    EDITOR_SOURCE,
  ),
  row(
    "editor-server",
    "/",
    `${HOME}/\\.[a-z]+(?:-[a-z]+)*-server(?:-insiders|-oss)?`,
    `([a-z-]+-)${SHA1}()`,
    "~/.vscode-server/code-{hex40}",
    EDITOR_SOURCE,
  ),
  row(
    "editor",
    "extensions",
    `${HOME}/\\.[\\w-]+/extensions`,
    `(\\.)${UUID}()`,
    "~/.vscode-server/extensions/.{uuid}",
    "VS Code: an extension while it is unpacked",
  ),
  row(
    "codeium",
    ".codeium",
    `(?:${HOME}|${DATA})/\\.codeium/bin`,
    `()${SHA1}()`,
    "~/.codeium/bin/{hex40}",
    "Exafunction/windsurf.vim: language server #30",
  ),
  row(
    "cursor-agent",
    "versions",
    `${DATA}/cursor-agent/versions`,
    "([\\d.]+-)[0-9a-f]{7,40}()",
    "~/.local/share/cursor-agent/versions/2025.08.08-{hex7}",
    "cursor.com/docs: CLI, installation",
  ),
  row(
    "editor",
    "workspaceStorage",
    `${HOME}/\\.[\\w./-]+/User/workspaceStorage`,
    "()[0-9a-f]{32}(?:-\\d+)?()",
    "~/.config/Code/User/workspaceStorage/{hex32}",
    "VS Code: workspaceStorage",
  ),
  row(
    "zed",
    ".zed_server",
    `${HOME}/\\.zed_server`,
    "(zed-remote-server-[a-z]+-(?:[\\d.]+[+.-](?:[a-z]+[+.-])?)?)[0-9a-f]{7,40}()",
    "~/.zed_server/zed-remote-server-nightly-{hex40}",
    "zed.dev/docs: remote development",
  ),
  row(
    "jetbrains",
    "dist",
    `${CACHE}/JetBrains/RemoteDev/dist`,
    "()[0-9a-f]{8,64}(_[^/]+)",
    "~/.cache/JetBrains/RemoteDev/dist/{hex13}_ideaIU-2022.2.3",
    "JetBrains documentation: remote development, server folders",
  ),
  row(
    "jetbrains",
    "remote-dev-worker",
    `${CACHE}/JetBrains/RemoteDev/remote-dev-worker`,
    `(remote-dev-worker_)${HASH}()`,
    "~/.cache/JetBrains/RemoteDev/remote-dev-worker/remote-dev-worker_{hex64}",
    "JetBrains documentation: remote development; loft-sh/devpod #386",
  ),
  row(
    "mozilla",
    "firefox",
    `${HOME}(?:/\\.var/app/[^/]+|/snap/[^/]+/[^/]+)?/\\.mozilla/firefox`,
    "()[a-z0-9]{8}(\\.[^/]+)",
    "~/.mozilla/firefox/{base36-8}.default-release",
    "support.mozilla.org: profiles",
  ),
  row(
    "mozilla",
    ".thunderbird",
    `${HOME}(?:/\\.var/app/[^/]+|/snap/[^/]+/[^/]+)?/\\.thunderbird`,
    "()[a-z0-9]{8}(\\.[^/]+)",
    "~/.thunderbird/{base36-8}.default",
    "support.mozilla.org: profiles",
  ),
  row(
    "steam",
    "var",
    `${DATA}/Steam/(?:steamapps/common/[^/]+|ubuntu12_64/[^/]+)/var`,
    "(tmp-)[A-Z0-9]{6}()",
    "~/.local/share/Steam/steamapps/common/SteamLinuxRuntime_sniper/var/tmp-{BASE36-6}",
    "steam-runtime-tools: pressure-vessel-wrap(1), --variable-dir",
  ),
  row(
    "steam",
    "compatdata",
    `${PROJECT}/steamapps/compatdata`,
    "()\\d+()",
    "~/.local/share/Steam/steamapps/compatdata/{n}",
    "ValveSoftware/Proton, README: a game's prefix, by its number",
  ),
  row(
    "steam",
    "content",
    `${PROJECT}/steamapps/workshop/content(?:/\\d+)?`,
    "()\\d+()",
    "~/.local/share/Steam/steamapps/workshop/content/4000/{n}",
    "partner.steamgames.com: Workshop, where its items are installed",
  ),
];
