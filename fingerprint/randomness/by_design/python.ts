/**
 * Package managers of Python, and what runs packed programs of it.
 *
 * @module
 */

import { CACHE, DATA, HOME, PROJECT } from "./anchors.ts";
import { type ByDesign, HASH, row, SHA1, UUID } from "./row.ts";

/** What a folder of pex unpacks into, perhaps with the version of its layout, or the hash of a program, below. */
const PEX = "(?:venvs|unzipped_pexes|installed_wheels|bootstraps|user_code)(?:/(?:s|\\d+))?(?:/[0-9a-f]{40})?";

/** Its rows, in the order in which they are tried. */
export const PYTHON: readonly ByDesign[] = [
  row(
    "poetry",
    "virtualenvs",
    `${CACHE}/pypoetry/virtualenvs`,
    "([^/]+-)[\\w-]{8}(-py\\d[\\d.]*)",
    "~/.cache/pypoetry/virtualenvs/shop-{base64-8}-py3.11",
    "python-poetry.org/docs: configuration, cache-dir; managing environments",
  ),
  row(
    "pipenv",
    "virtualenvs",
    `${DATA}/virtualenvs`,
    "([^/]+?-)(?=[a-z_-]{0,7}[A-Z0-9])[\\w-]{8}((?:-[^/]+)?)",
    "~/.local/share/virtualenvs/shop-{base64-8}",
    "pipenv.pypa.io: virtualenv location, WORKON_HOME",
  ),
  row(
    "uv",
    "uv",
    `${CACHE}/uv/archive-v\\d+`,
    "()[\\w-]{16,24}()",
    "~/.cache/uv/archive-v0/{base64-21}",
    "docs.astral.sh/uv: caching, storage",
  ),
  row(
    "uv",
    "uv",
    `${CACHE}/uv/(?:builds|sdists)-v\\d+(?:/[^/]+){0,4}`,
    "()(?:\\.tmp[A-Za-z0-9]{6}|[\\w-]{20,22})()",
    "~/.cache/uv/sdists-v9/pypi/lxml/6.0.0/{base64-21}",
    "docs.astral.sh/uv: caching, storage",
  ),
  row(
    "uv",
    "uv",
    `${CACHE}/uv/environments-v\\d+`,
    "((?:[^/]+-)?)[0-9a-f]{16}()",
    "~/.cache/uv/environments-v2/report-{hex16}",
    "docs.astral.sh/uv: caching; scripts",
  ),
  row(
    "uv",
    "uv",
    `${CACHE}/uv/git-v\\d+/(?:checkouts|db)`,
    "()[0-9a-f]{16}()",
    "~/.cache/uv/git-v0/checkouts/{hex16}",
    "docs.astral.sh/uv: caching",
  ),
  row(
    "uv",
    "uv",
    `${CACHE}/uv/git-v\\d+/checkouts/[0-9a-f]{16}`,
    "()[0-9a-f]{7,40}()",
    "~/.cache/uv/git-v0/checkouts/0f4b8d6e2c1a9573/{hex9}",
    "docs.astral.sh/uv: caching",
  ),
  row(
    "pre-commit",
    "pre-commit",
    `${CACHE}/pre-commit`,
    "(repo)[a-z0-9_]{8}()",
    "~/.cache/pre-commit/repo{base36-8}",
    "pre-commit.com: managing caches",
  ),
  row(
    "prek",
    "prek",
    `${CACHE}/prek/(?:repos|hooks)`,
    "((?:[a-z]+-)?)[\\w-]{16,22}()",
    "~/.cache/prek/hooks/python-{base64-20}",
    "prek.j178.dev: PREK_HOME",
  ),
  row(
    "conda",
    "pkgs",
    `${PROJECT}/\\.?(?:mini|ana|micro)?(?:conda|mamba|forge)[0-9]*/pkgs`,
    "([^/]+-)(?:h|py\\w+h)[0-9a-f]{7}(_\\d+)",
    "~/miniconda3/pkgs/python-3.9.18-h{hex7}_0",
    "conda documentation: pkgs_dirs, build strings",
  ),
  row(
    "hatch",
    "virtual",
    `${DATA}/hatch/env/virtual(?:/[^/]+)?`,
    "((?:[^/]+-)?)(?=[a-z_-]{0,7}[A-Z0-9])[\\w-]{8}()",
    "~/.local/share/hatch/env/virtual/shop/{base64-8}",
    "hatch.pypa.io: virtual environment, location",
  ),
  row(
    "pdm",
    "pdm",
    `${DATA}/pdm/venvs`,
    "([^/]+-)[\\w-]{8}(-[^/-]+)",
    "~/.local/share/pdm/venvs/shop-{base64-8}-3.11",
    "pdm-project.org: working with virtual environments",
  ),
  row(
    "pipenv",
    ".virtualenvs",
    `${HOME}/\\.virtualenvs`,
    "([^/]+?-)(?=[a-z_-]{0,7}[A-Z0-9])[\\w-]{8}()",
    "~/.virtualenvs/shop-{base64-8}",
    "pipenv.pypa.io: virtualenv location, WORKON_HOME",
  ),
  row(
    "pipx",
    "pipx",
    `(?:${HOME}/\\.local/pipx|${DATA}/pipx)/\\.cache`,
    "()[0-9a-f]{15}()",
    "~/.local/share/pipx/.cache/{hex15}",
    "pipx.pypa.io: pipx run, temporary virtual environments",
  ),
  row(
    "pipx",
    "pipx",
    `${CACHE}/pipx`,
    "()[0-9a-f]{15}()",
    "~/.cache/pipx/{hex15}",
    "pipx.pypa.io: pipx run, temporary virtual environments",
  ),
  row(
    "pex",
    ".pex",
    `${HOME}/\\.pex/${PEX}`,
    "()[0-9a-f]{8,64}()",
    "~/.pex/unzipped_pexes/{hex40}",
    "docs.pex-tool.org: PEX_ROOT",
  ),
  row(
    "pex",
    "pex",
    `${CACHE}/pex/${PEX}`,
    "()[0-9a-f]{8,64}()",
    "~/.cache/pex/venvs/1/{hex40}",
    "docs.pex-tool.org: PEX_ROOT",
  ),
  row(
    "pex",
    "pex_root",
    `${CACHE}/pants/named_caches/pex_root/${PEX}`,
    "()[0-9a-f]{8,64}()",
    "~/.cache/pants/named_caches/pex_root/venvs/s/{hex8}",
    "pantsbuild.org: named caches; docs.pex-tool.org: PEX_ROOT",
  ),
  row(
    "shiv",
    ".shiv",
    `${HOME}/\\.shiv`,
    `([^/]+_)${HASH}()`,
    "~/.shiv/shop_{hex64}",
    "shiv.readthedocs.io: bootstrapping, SHIV_ROOT",
  ),
  row(
    "mlflow",
    "envs",
    `${HOME}/\\.mlflow/envs(?:/[a-z_]+)?`,
    `(mlflow-)${SHA1}()`,
    "~/.mlflow/envs/virtualenv_envs/mlflow-{hex40}",
    "mlflow.org: projects, environments",
  ),
  row(
    "databricks",
    "envs",
    "/local_disk0/\\.ephemeral_nfs/envs",
    `(pythonEnv-)${UUID}()`,
    "/local_disk0/.ephemeral_nfs/envs/pythonEnv-{uuid}",
    "docs.databricks.com: notebook-scoped Python libraries",
  ),
];
