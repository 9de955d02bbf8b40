{{- /* Changes a manifest in place: where it is, and whose. Takes manifest and root. */ -}}
{{- define "cnproc-exporter.place" }}
{{- $metadata := .manifest.metadata }}
{{- $_ := set $metadata "namespace" .root.Release.Namespace }}
{{- $own := dict "app.kubernetes.io/name" "cnproc-exporter" }}
{{- $_ := set $own "app.kubernetes.io/instance" .root.Release.Name }}
{{- $_ := set $own "app.kubernetes.io/managed-by" .root.Release.Service }}
{{- $_ := set $own "app.kubernetes.io/version" .root.Chart.AppVersion }}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version) }}
{{- $_ := set $metadata "labels" (merge (dict) (default (dict) $metadata.labels) $own) }}
{{- end }}

{{- /* Changes a pod's template in place to what values.yaml says. Takes pod and root. */ -}}
{{- define "cnproc-exporter.configure" }}
{{- $values := .root.Values }}
{{- $spec := .pod.spec }}
{{- $container := first $spec.containers }}
{{- $_ := set $container "image" (printf "%s:%s" $values.image.repository (default .root.Chart.AppVersion $values.image.tag | toString)) }}
{{- with $values.image.pullPolicy }}{{ $_ := set $container "imagePullPolicy" . }}{{ end }}
{{- with $values.imagePullSecrets }}{{ $_ := set $spec "imagePullSecrets" . }}{{ end }}
{{- $_ := set $container "args" (concat $container.args $values.args) }}
{{- $_ := set $container "resources" (mergeOverwrite (dict) $container.resources $values.resources) }}
{{- $_ := set $spec "nodeSelector" (mergeOverwrite (dict) $spec.nodeSelector $values.nodeSelector) }}
{{- if not (kindIs "invalid" $values.tolerations) }}{{ $_ := set $spec "tolerations" $values.tolerations }}{{ end }}
{{- with $values.podAnnotations }}{{ $_ := set $.pod.metadata "annotations" . }}{{ end }}
{{- end }}
