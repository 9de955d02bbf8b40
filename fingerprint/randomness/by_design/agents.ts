/**
 * Batch systems, continuous integration and agents of clouds.
 *
 * @module
 */

import { HOME, PROJECT } from "./anchors.ts";
import { type ByDesign, row, SHA1, UUID } from "./row.ts";

/** Its rows, in the order in which they are tried. */
export const AGENTS: readonly ByDesign[] = [
  row(
    "hadoop",
    "appcache",
    `${PROJECT}/usercache/[^/]+/appcache`,
    "(application_)\\d+_\\d+()",
    "/srv/yarn/usercache/u/appcache/application_{n}_{n}",
    "Hadoop documentation: yarn.nodemanager.local-dirs",
  ),
  row(
    "hadoop",
    "appcache",
    `${PROJECT}/usercache/[^/]+/appcache/application_\\d+_\\d+`,
    "(container_(?:e\\d+_)?)\\d+_\\d+_\\d+_\\d+()",
    "/srv/yarn/usercache/u/appcache/application_1700000000000_0001/container_e01_{n}_{n}_{n}_{n}",
    "Hadoop documentation: yarn.nodemanager.local-dirs",
  ),
  row(
    "slurm",
    "spool",
    "/var/spool/slurm(?:d|/d|/slurmd|ctld)?",
    "(job)\\d+()",
    "/var/spool/slurmd/job{n}",
    "slurm.conf(5): SlurmdSpoolDir",
  ),
  row(
    "condor",
    "execute",
    "/var/lib/condor/execute",
    "(dir_)\\d+()",
    "/var/lib/condor/execute/dir_{n}",
    "HTCondor manual: EXECUTE",
  ),
  row(
    "github-runner",
    "_actions",
    `(?:${PROJECT}/_work|/home/runner/work|/__w)/_actions/[^/]+/[^/]+`,
    `()${SHA1}()`,
    "/opt/actions-runner/_work/_actions/actions/checkout/{hex40}",
    "actions/runner: work directory; docs.github.com: pinning actions",
  ),
  row(
    "github-runner",
    "_temp",
    `(?:${PROJECT}/_work|/home/runner/work|/home/vsts/work|/__w)/_temp`,
    `()${UUID}((?:\\.\\w+)?)`,
    "/home/runner/work/_temp/{uuid}.sh",
    "actions/runner: a step's script; learn.microsoft.com: Agent.TempDirectory",
  ),
  row(
    "gitlab-runner",
    "builds",
    `(?:${HOME})?/builds`,
    "()[\\w-]{8,9}()",
    "/home/gitlab-runner/builds/{base64-9}",
    "GitLab documentation: executors, builds_dir",
  ),
  row(
    "jenkins",
    "workspace",
    `${HOME}(?:/agent)?/workspace/(?:[^/]+/)*[^/]+@tmp`,
    "(durable-)[0-9a-f]{8}()",
    "/var/lib/jenkins/workspace/site@tmp/durable-{hex8}",
    "Jenkins: durable-task plugin",
  ),
  row(
    "nextflow",
    "work",
    `${PROJECT}/work/[0-9a-f]{2}`,
    "()[0-9a-f]{30}()",
    "/srv/genomes/work/a1/{hex30}",
    "Nextflow documentation: work directory",
  ),
  row(
    "snakemake",
    "conda",
    `${PROJECT}/\\.snakemake/conda`,
    "()[0-9a-f]{8,32}(_?)",
    "/srv/genomes/.snakemake/conda/{hex32}_",
    "Snakemake documentation: --conda-prefix",
  ),
  row(
    "aws-ssm",
    "orchestration",
    "/var/lib/amazon/ssm/[^/]+/document/orchestration",
    `()${UUID}()`,
    "/var/lib/amazon/ssm/i-0123456789abcdef0/document/orchestration/{uuid}",
    "AWS documentation: SSM Agent, orchestration files",
  ),
  row(
    "aws-ssm",
    "ssm",
    "/var/lib/amazon/ssm",
    "(m?i-)[0-9a-f]{17}()",
    "/var/lib/amazon/ssm/i-{hex17}",
    "AWS documentation: SSM Agent, orchestration files",
  ),
  row(
    "codedeploy",
    "deployment-root",
    "/opt/codedeploy-agent/deployment-root",
    `()${UUID}()`,
    "/opt/codedeploy-agent/deployment-root/{uuid}",
    "AWS documentation: CodeDeploy agent, root directory",
  ),
  row(
    "codedeploy",
    "deployment-root",
    `/opt/codedeploy-agent/deployment-root/${UUID}`,
    "(d-)[A-Z0-9]{9}()",
    "/opt/codedeploy-agent/deployment-root/57f8f4bc-abf4-655f-bf67-946fc0f9f25b/d-{BASE36-9}",
    "AWS documentation: CodeDeploy agent, root directory",
  ),
  row(
    "elastic-agent",
    "data",
    "(?:/opt/Elastic/Agent|/var/lib/elastic-agent|/usr/share/elastic-agent)/data",
    "(elastic-agent-(?:[\\d.]+(?:-SNAPSHOT)?-)?)[0-9a-f]{6}()",
    "/opt/Elastic/Agent/data/elastic-agent-8.11.0-{hex6}",
    "Elastic documentation: installation layout",
  ),
  row(
    "bosh",
    "data",
    "/var/vcap/data/(?:packages|jobs)/[^/]+",
    "()[0-9a-f]{40,64}()",
    "/var/vcap/data/packages/golang/{hex64}",
    "bosh.io: VM configuration locations",
  ),
];
