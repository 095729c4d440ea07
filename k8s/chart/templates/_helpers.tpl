{{/* The name of every resource. Two releases never get the same one. */}}
{{- define "resound.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride }}
{{- else if hasPrefix "resound" .Release.Name -}}
{{ .Release.Name }}
{{- else -}}
{{ .Release.Name }}-resound
{{- end -}}
{{- end -}}

{{/* What selects the pods. A Deployment's selector is immutable, so nothing that changes with a release belongs here. */}}
{{- define "resound.selectorLabels" -}}
app.kubernetes.io/name: resound
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* The labels of pods; those of other resources add the chart's name. */}}
{{- define "resound.podLabels" -}}
{{ include "resound.selectorLabels" . }}
app.kubernetes.io/component: server
{{ include "resound.sharedLabels" . }}
{{- end -}}

{{- define "resound.sharedLabels" -}}
app.kubernetes.io/part-of: resound
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | trimAll "-_." | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "resound.labels" -}}
{{ include "resound.podLabels" . }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end -}}

{{/*
The metadata of a resource, from a dict with:
  root         the context of the chart
  suffix       what follows the name, as in -conf
  labels       labels of this resource only
  annotations  annotations of this resource only
*/}}
{{- define "resound.metadata" -}}
name: {{ include "resound.fullname" .root }}{{ .suffix }}
labels:
  {{- include "resound.labels" .root | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "resound.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "resound.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "resound.fullname" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end -}}

{{- define "resound.tlsSecretName" -}}
{{ .Values.tls.secretName | default (printf "%s-tls" (include "resound.fullname" .)) }}
{{- end -}}

{{- define "resound.fleetSecretName" -}}
{{ .Values.fleet.secretName | default (printf "%s-fleet" (include "resound.fullname" .)) }}
{{- end -}}

{{/* What selects the pods of the small Valkey. */}}
{{- define "resound.valkeySelectorLabels" -}}
app.kubernetes.io/name: resound-valkey
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "resound.valkeyLabels" -}}
{{ include "resound.valkeySelectorLabels" . }}
app.kubernetes.io/component: store
{{ include "resound.sharedLabels" . }}
{{- end -}}

{{/* The metadata of a resource of the small Valkey, except its name. */}}
{{- define "resound.valkeyMetadata" -}}
labels:
  {{- include "resound.valkeyLabels" . | nindent 2 }}
{{- with .Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "resound.servicePort" -}}
{{ .Values.service.port | default (ternary 443 80 .Values.tls.enabled) }}
{{- end -}}

{{/* The settings that the service reads only when it starts. Pods are replaced if one of them changes; the service reloads all others. */}}
{{- define "resound.restartSettings" -}}
{{- $settings := .Values.settings -}}
{{- $restart := pick $settings "instance" "http" "management" "logging" "transport" -}}
{{- with pick ($settings.websocket | default dict) "path" "receive-buffer-size" "http2" "handshake-timeout" -}}
{{- $_ := set $restart "websocket" . -}}
{{- end -}}
{{- with pick ($settings.telemetry | default dict) "interval" -}}
{{- $_ := set $restart "telemetry" . -}}
{{- end -}}
{{- with pick ($settings.fleet | default dict) "redis" "type" "master" "user" "password" "password-file" "trust" "prefix" -}}
{{- $_ := set $restart "fleet" . -}}
{{- end -}}
{{- if $restart -}}
{{- toYaml $restart -}}
{{- end -}}
{{- end -}}

{{/* A duration as the settings write it, in milliseconds. */}}
{{- define "resound.milliseconds" -}}
{{- $factors := dict "" 1 "ms" 1 "s" 1000 "m" 60000 "h" 3600000 "d" 86400000 -}}
{{- mul (regexFind "^[0-9]+" .) (get $factors (regexFind "[a-z]+$" .)) -}}
{{- end -}}

{{/* The longest drain, rounded up to seconds, and 10 s in reserve. */}}
{{- define "resound.gracePeriod" -}}
{{- $drain := .Values.settings.drain | default dict -}}
{{- $delay := include "resound.milliseconds" ($drain.delay | default "0s") -}}
{{- $period := include "resound.milliseconds" ($drain.period | default "10s") -}}
{{- $closing := include "resound.milliseconds" (dig "websocket" "closing-timeout" "5s" .Values.settings) -}}
{{- add (div (add $delay $period $closing 999) 1000) 10 -}}
{{- end -}}
