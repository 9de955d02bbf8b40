/**
 * What runtimes write about a container, in JSON, and what it is called by that. A text that isn't such a name counts as none, so that
 * nothing has to be escaped and none is long.
 *
 * @module
 */
import * as v from "valibot";

/** What a container is called; each undefined where its runtime doesn't say. */
export interface ContainerInfo {
  /** Its name: in a Kubernetes pod that of the pod's specification. */
  readonly name?: string;
  /** The image as it was asked for: `docker.io/library/nginx:1.27`. */
  readonly image?: string;
  /** Name of the Kubernetes pod, and its namespace. */
  readonly pod?: string;
  readonly namespace?: string;
}

/** A reader of a record about a container; undefined where it is of another form, or says nothing of this one. */
export type RecordReader = (text: string, id: string) => ContainerInfo | undefined;

/** Names of containers (moby daemon/names, podman-run(1)), and of Kubernetes (RFC 1123 subdomain: 253 characters). */
const name = v.pipe(v.string(), v.maxLength(253), v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/));
/** A reference to an image (distribution/reference), tag and digest included: a name of 255 characters, 128 of a tag, 71 of sha256. */
const image = v.pipe(v.string(), v.maxLength(512), v.regex(/^[A-Za-z0-9][A-Za-z0-9_.:/@+-]*$/));

/** A field that may be missing, or hold what isn't such a value: nothing else is spoilt by that. */
const maybe = <Schema extends v.GenericSchema>(schema: Schema) => v.fallback(v.optional(schema), undefined);

/** Labels that the kubelet gives to containers (kubelet: pkg/kubelet/types/labels.go), by whichever runtime. */
const KUBELET = {
  "io.kubernetes.container.name": maybe(name),
  "io.kubernetes.pod.name": maybe(name),
  "io.kubernetes.pod.namespace": maybe(name),
};

/** moby, container/container.go: `Name` with a slash in front; the image as it was asked for; labels by cri-dockerd. */
const DOCKER = v.object({
  Name: maybe(v.pipe(v.string(), v.transform((text) => text.replace(/^\//, "")), name)),
  Config: v.fallback(v.object({ Image: maybe(image), Labels: v.fallback(v.object(KUBELET), {}) }), { Labels: {} }),
});

/**
 * The OCI runtime's config.json with annotations of containerd's CRI plugin (pkg/cri/annotations/annotations.go), of CRI-O
 * (pkg/annotations/annotations.go, with the kubelet's labels), or of nerdctl (pkg/labels/labels.go).
 */
const BUNDLE = v.object({
  annotations: v.object({
    ...KUBELET,
    "io.kubernetes.cri.container-name": maybe(name),
    "io.kubernetes.cri.image-name": maybe(image),
    "io.kubernetes.cri.sandbox-name": maybe(name),
    "io.kubernetes.cri.sandbox-namespace": maybe(name),
    "io.kubernetes.cri-o.ImageName": maybe(image),
    "nerdctl/name": maybe(name),
  }),
});

/**
 * containers/storage, containers.go: an array of containers, each with its id first. Podman's `metadata` is JSON in a text
 * (libpod/storage.go).
 */
const STORED = v.array(v.unknown());
const STORED_CONTAINER = v.object({
  id: v.string(),
  names: v.fallback(v.array(v.unknown()), []),
  metadata: maybe(v.string()),
});
const PODMAN_METADATA = v.object({ "image-name": maybe(image), name: maybe(name) });

function parsed<Schema extends v.GenericSchema>(schema: Schema, text: string): v.InferOutput<Schema> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const result = v.safeParse(schema, value);
  return result.success ? result.output : undefined;
}

/** Without what isn't known; undefined where nothing is. */
function known(info: { readonly [Key in keyof ContainerInfo]: string | undefined }): ContainerInfo | undefined {
  const entries = Object.entries(info).filter(([, text]) => text !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Docker's config.v2.json. */
export const dockerRecord: RecordReader = (text) => {
  const record = parsed(DOCKER, text);
  if (record === undefined) return undefined;
  const { Name, Config: { Image, Labels } } = record;
  return known({
    name: Labels["io.kubernetes.container.name"] ?? Name,
    image: Image,
    pod: Labels["io.kubernetes.pod.name"],
    namespace: Labels["io.kubernetes.pod.namespace"],
  });
};

/** The config.json of a bundle, as containerd and CRI-O write it. */
export const bundleRecord: RecordReader = (text) => {
  const is = parsed(BUNDLE, text)?.annotations;
  return is && known({
    name: is["io.kubernetes.cri.container-name"] ?? is["io.kubernetes.container.name"] ?? is["nerdctl/name"],
    image: is["io.kubernetes.cri.image-name"] ?? is["io.kubernetes.cri-o.ImageName"],
    pod: is["io.kubernetes.cri.sandbox-name"] ?? is["io.kubernetes.pod.name"],
    namespace: is["io.kubernetes.cri.sandbox-namespace"] ?? is["io.kubernetes.pod.namespace"],
  });
};

/**
 * The part of a list that begins with a container's id, as Go writes it, so that not all of a long list has to be understood for each
 * container: an array with that alone, or an empty one. The whole text where the id stands elsewhere. Within a string no text looks
 * like that: its quotes are escaped.
 */
function partOf(text: string, id: string): string {
  if (!text.includes(`"${id}"`)) return "[]";
  const start = text.indexOf(`{"id":"${id}"`);
  for (let i = start, depth = 0; start >= 0 && i < text.length; i++) {
    const character = text[i];
    if (character === '"') {
      do i = text.indexOf('"', i + 1); while (i >= 0 && isEscaped(text, i));
      if (i < 0) break;
    } else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return `[${text.slice(start, i + 1)}]`;
  }
  return text;
}

/** Whether a character of a JSON string is escaped: an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === "\\") first--;
  return (at - first) % 2 === 1;
}

/** The list of all containers of a storage, as Podman keeps it. */
export const storageRecord: RecordReader = (text, id) => {
  for (const stored of parsed(STORED, partOf(text, id)) ?? []) {
    if ((stored as { readonly id?: unknown } | null)?.id !== id) continue;
    const container = v.safeParse(STORED_CONTAINER, stored);
    if (!container.success) return undefined;
    const { names, metadata } = container.output, said = metadata && parsed(PODMAN_METADATA, metadata) || {};
    return known({
      name: said.name ?? names.find((text) => v.is(name, text)) as string | undefined,
      image: said["image-name"],
      pod: undefined,
      namespace: undefined,
    });
  }
  return undefined;
};
