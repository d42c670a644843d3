#!/usr/bin/env bash
# Runs a command with an API server of Kubernetes of its own, on the loopback and without nodes, of which nothing is left afterwards:
#
#   deploy/kubernetes/apiserver.sh deploy/kubernetes/accept.sh
#
# Needs etcd, kube-apiserver, kubectl and openssl on the PATH. No containers: setup-envtest of controller-runtime fetches the first three, and both servers can be
# built by Go. The command finds the server by KUBECONFIG; whoever starts it there may do all. etcd and the server listen on the ports ETCD_PORT, the one after it
# and API_PORT (23790 and 26443).
set -euo pipefail
: "${1:?a command}"
for tool in etcd kube-apiserver kubectl openssl; do
  command -v "$tool" >/dev/null || { echo "apiserver.sh: there is no $tool on the PATH" >&2; exit 1; }
done

etcd_port="${ETCD_PORT:-23790}"
port="${API_PORT:-26443}"
dir="$(mktemp -d)"
processes=()
finish() {
  # The API server first, or it complains of an etcd that is gone.
  for ((i = ${#processes[@]} - 1; i >= 0; i--)); do
    kill "${processes[i]}" 2>/dev/null || true
    wait "${processes[i]}" 2>/dev/null || true
  done
  rm -rf "$dir"
}
trap finish EXIT

etcd --name one --data-dir "$dir/etcd" --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
  --listen-peer-urls "http://127.0.0.1:$((etcd_port + 1))" >"$dir/etcd.log" 2>&1 &
processes+=($!)

openssl genrsa -out "$dir/accounts.key" 2048 2>/dev/null
token="$(openssl rand -hex 16)"
echo "$token,admin,admin,system:masters" >"$dir/tokens.csv"
# No controllers run, so nobody makes the default service accounts that the plugin ServiceAccount waits for. PodSecurity is on by default.
kube-apiserver --etcd-servers="http://127.0.0.1:$etcd_port" --secure-port="$port" --bind-address=127.0.0.1 --cert-dir="$dir/certificates" \
  --service-cluster-ip-range=10.0.0.0/24 --token-auth-file="$dir/tokens.csv" --authorization-mode=RBAC --disable-admission-plugins=ServiceAccount \
  --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$dir/accounts.key" \
  --service-account-signing-key-file="$dir/accounts.key" >"$dir/apiserver.log" 2>&1 &
processes+=($!)

cat >"$dir/kubeconfig" <<YAML
apiVersion: v1
kind: Config
current-context: own
contexts: [{name: own, context: {cluster: own, user: admin}}]
clusters: [{name: own, cluster: {server: "https://127.0.0.1:$port", certificate-authority: "$dir/certificates/apiserver.crt"}}]
users: [{name: admin, user: {token: $token}}]
YAML
export KUBECONFIG="$dir/kubeconfig"

tries=0
until kubectl get --raw /readyz >/dev/null 2>&1; do
  tries=$((tries + 1))
  for process in "${processes[@]}"; do
    if [ "$tries" -gt 240 ] || ! kill -0 "$process" 2>/dev/null; then
      tail -n 20 "$dir/etcd.log" "$dir/apiserver.log" >&2
      exit 1
    fi
  done
  sleep 0.5
done
"$@"
