#!/usr/bin/env bash
# Has an API server take all that render.sh renders, as it would in earnest: with strict validation, first as a dry run and then for real, and with the pods of
# each workload in a namespace that enforces the restricted standard. Ends with 1 at the first that is refused.
#
#   deploy/kubernetes/accept.sh [definitions of the Prometheus operator's kinds]
#
# For the cluster of the current context of kubectl, which should be one that is there for this (kind; apiserver.sh beside this): it makes the namespaces of the
# overlays and one for each rendering of the chart, refuses where there is one of them already, and removes them in the end. Nothing need be able to run there. The
# definitions are files, folders or URLs, as kubectl takes them (example/prometheus-operator-crd of the operator's sources); without them, and where the cluster
# has none, ServiceMonitor and PrometheusRule are left out, in so many words.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
dir="$(mktemp -d)"
made=()
finish() {
  for namespace in "${made[@]}"; do
    kubectl delete namespace "$namespace" --wait=false >/dev/null || true
  done
  rm -rf "$dir"
}
trap finish EXIT

"$here/render.sh" "$dir/rendered"
for definitions in "$@"; do
  kubectl apply --server-side -f "$definitions"
  kubectl wait --for=condition=Established --timeout=60s -f "$definitions"
done
monitoring=true
if ! kubectl get crd servicemonitors.monitoring.coreos.com prometheusrules.monitoring.coreos.com >/dev/null 2>&1; then
  monitoring=false
  echo "Left out: ServiceMonitor and PrometheusRule, whose definitions this cluster does not have."
fi

# namespace <name>: makes it, as one for restricted pods only.
namespace() {
  kubectl create namespace "$1"
  made+=("$1")
  kubectl label namespace "$1" pod-security.kubernetes.io/enforce=restricted
  # Of the strict kind it must be, or what is taken below proves nothing.
  if refusal="$(kubectl -n "$1" run loose --image=busybox --dry-run=server 2>&1)" || ! grep -q 'violates PodSecurity "restricted' <<<"$refusal"; then
    echo "accept.sh: the namespace $1 takes pods that are not restricted: $refusal" >&2
    exit 1
  fi
}

# accept <file> <namespace>
accept() {
  echo "== $(basename "$1" .yaml)"
  apply=(kubectl -n "$2" apply --server-side --validate=strict -f "$1")
  "${apply[@]}" --dry-run=server >/dev/null
  "${apply[@]}"
  # Twice: what is there already is changed by nothing.
  "${apply[@]}" >/dev/null
  for workload in $(kubectl -n "$2" get deployments,statefulsets -o name); do
    # What a StatefulSet claims for its pods, they have as volumes.
    volumes="$(kubectl -n "$2" get "$workload" -o jsonpath='{range .spec.volumeClaimTemplates[*]}{"{\"name\":\""}{.metadata.name}{"\",\"emptyDir\":{}},"}{end}')"
    kubectl -n "$2" get "$workload" -o jsonpath='{.spec.template}' |
      sed 's/^{"metadata":{/{"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"accept-",/' |
      sed "${volumes:+s/\"spec\":{/\"spec\":{\"volumes\":[${volumes%,}],/}" |
      kubectl -n "$2" create --dry-run=server --validate=strict -f - | sed "s|^|a pod of $workload: |"
  done
}

for rendering in "$dir"/rendered/*.yaml; do
  if [ "$monitoring" = false ]; then
    # Documents that begin with the operator's group.
    awk 'BEGIN { RS = "---\n"; ORS = "---\n" } !/apiVersion: monitoring.coreos.com/' "$rendering" >"$dir/some" && mv "$dir/some" "$rendering"
  fi
  of="$(sed -n 's/^  namespace: //p' "$rendering" | sort -u)"
  name="${of:-parley-$(basename "$rendering" .yaml)}"
  namespace "$name"
  accept "$rendering" "$name"
done
echo "All were taken."
