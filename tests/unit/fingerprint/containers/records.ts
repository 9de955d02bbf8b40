/**
 * Records of containers as runtimes write them: of Podman 4.3.1 and containerd 1.6.20 on Debian 12 (`podman run --name=cnname …`, its
 * vfs-containers/containers.json and userdata/config.json; `ctr run`), of the others by their sources, with the fields that say
 * something.
 */
export const ID = "edb013dfcd8ddcfde421871a5ddcc1049d27c5ef31a7922de11e4467ef315b80";

/** `Name`, `Config` and what stands around them (moby, container/container.go). */
export const DOCKER = JSON.stringify({
  StreamConfig: {},
  State: { Running: true, Pid: 4711, StartedAt: "2026-11-29T05:52:40.605414394Z" },
  ID,
  Created: "2026-11-29T05:52:40.605414394Z",
  Path: "docker-entrypoint.sh",
  Args: ["redis-server"],
  Config: {
    Hostname: "edb013dfcd8d",
    Env: ["PASSWORD=never shown"],
    Cmd: ["redis-server"],
    Image: "redis:7",
    Labels: { "com.docker.compose.project": "shop" },
  },
  Image: "sha256:90801a9127664f213bd95dd2ca98c0294928d269dbeaa0f776359e3781f78526",
  Name: "/shop-redis-1",
  Driver: "overlay2",
});

/** By cri-dockerd: labels of the kubelet. */
export const CRI_DOCKER = JSON.stringify({
  Name: "/k8s_web_shop-7d4b_default_0b5a3c1e_0",
  Config: {
    Image: "nginx@sha256:90801a9127664f213bd95dd2ca98c0294928d269dbeaa0f776359e3781f78526",
    Labels: {
      "io.kubernetes.container.name": "web",
      "io.kubernetes.pod.name": "shop-7d4b",
      "io.kubernetes.pod.namespace": "default",
    },
  },
});

const bundle = (annotations: Record<string, string>) =>
  JSON.stringify({ ociVersion: "1.0.2-dev", process: { env: ["PASSWORD=never shown"] }, hostname: "x", annotations });

/** containerd's CRI plugin; of the pod's own container the name and the image are missing. */
export const CONTAINERD = bundle({
  "io.kubernetes.cri.container-name": "web",
  "io.kubernetes.cri.container-type": "container",
  "io.kubernetes.cri.image-name": "docker.io/library/nginx:1.27",
  "io.kubernetes.cri.sandbox-id": "446c65ab43d490ab8d7f693a46050db88f66a2bf657eda0c3de8bc8bab516be4",
  "io.kubernetes.cri.sandbox-name": "shop-7d4b",
  "io.kubernetes.cri.sandbox-namespace": "default",
  "io.kubernetes.cri.sandbox-uid": "005f082b-5fd9-4650-8ef4-473e63bc2d13",
});
export const SANDBOX = bundle({
  "io.kubernetes.cri.container-type": "sandbox",
  "io.kubernetes.cri.sandbox-name": "shop-7d4b",
  "io.kubernetes.cri.sandbox-namespace": "default",
});

export const CRIO = bundle({
  "io.container.manager": "cri-o",
  "io.kubernetes.container.name": "web",
  "io.kubernetes.cri-o.Image": "90801a9127664f213bd95dd2ca98c0294928d269dbeaa0f776359e3781f78526",
  "io.kubernetes.cri-o.ImageName": "quay.io/shop/web:2",
  "io.kubernetes.cri-o.Name": "k8s_web_shop-7d4b_default_0b5a3c1e_0",
  "io.kubernetes.pod.name": "shop-7d4b",
  "io.kubernetes.pod.namespace": "default",
});

export const NERDCTL = bundle({ "nerdctl/name": "shop-web-1", "nerdctl/namespace": "default" });

/** What ctr(8) writes has no annotations, and Podman's name nothing. */
export const CTR = JSON.stringify({ ociVersion: "1.0.2-dev", process: {}, root: {}, mounts: [], linux: {} });
export const PODMAN_BUNDLE = bundle({ "io.container.manager": "libpod", "io.podman.annotations.init": "FALSE" });

export const PODMAN = JSON.stringify([
  {
    id: "1d8febf1240a25c10ab2be467b8b526e6725908a109941579f56e3bcc5e05faa",
    names: ["cnrootfs"],
    image: "",
    layer: "a647748b347e859e1eac63ac3bccd339bccb81ae5e0630a4afefcac82ef47b8f",
    metadata: '{"image-name":"","image-id":"","name":"cnrootfs","created-at":1795931560}',
    created: "2026-11-29T05:52:40.8290854Z",
    flags: { MountLabel: "", ProcessLabel: "" },
  },
  {
    id: ID,
    names: ["cnname"],
    image: "9f4a50fa7fb44cf7dff41da47dd6274beecd8904b49d550b13518f5ac897e794",
    layer: "aefe6f7e0c26a43b740c3591e34acedd20dc874b8a3d3bd8b0414f9e82a7d4ca",
    metadata:
      '{"image-name":"localhost/cnbox:1","image-id":"9f4a50fa7fb44cf7dff41da47dd6274beecd8904b49d550b13518f5ac897e794","name":"cnname","created-at":1795931560}',
    created: "2026-11-29T05:52:40.605414394Z",
    flags: { MountLabel: "", ProcessLabel: "" },
  },
]);
