#!/bin/sh
# Builds other servers, measures them and Parley in turn with one generator, and writes a table of ratios. See README.md beside this.
#
#   ./mvnw package -Dquick && deploy/load/compare.sh [--runs 3] [--seconds 10] [--warm-up 20] [--only fanout16,echo] [--servers 'gorilla hub;Parley, memory']
#
# --only      scenarios: fanout16 fanout1 rate50k idle appends echo connect hop spread groups start resume (default: all)
# --divide N  divides numbers of connections and groups, for a quick look that yields no figures
# --out FILE  where the tables go (default: comparison.md beside this); those of other scenarios that are there already stay
# --build     only fetches and builds the peers
#
# PARLEY_APP      the directory of quarkus-run.jar (default: server/target/quarkus-app of this checkout)
# SERVER_OPTS     options of Parley's JVM (default: -Xms512m -Xmx2g -XX:+UseG1GC)
# COMPARE_DIR     where peers are built and logs are written (default: ~/.cache/parley-compare)
# SERVER_CORE, GENERATOR_CORE   which cores they run on (default: 0 and 1)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
export SMALLRYE_CONFIG_LOCATIONS="$here/../docker/unlimited.properties"
jar=$here/../../client/target/parley.jar
app=${PARLEY_APP:-$here/../../server/target/quarkus-app}
scratch=${COMPARE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/parley-compare}
server_core=${SERVER_CORE:-0}
generator_core=${GENERATOR_CORE:-1}
gorilla=v1.5.3 # as in peers/gorilla/go.mod
nats=v2.15.2
centrifugo=${CENTRIFUGO_VERSION:-latest}
runs=3 seconds=10 warm_up=20 only= servers= divisor=1 out=$here/comparison.md build=
command="deploy/load/compare.sh${*:+ $*}"

while [ $# -gt 0 ]; do
  case $1 in
    --build) build=only; shift; continue ;;
    --runs) runs=$2 ;;
    --seconds) seconds=$2 ;;
    --warm-up) warm_up=$2 ;;
    --only) only=$2 ;;
    --servers) servers=$2 ;;
    --divide) divisor=$2 ;;
    --out) out=$2 ;;
    *) sed -n '2,16s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift 2
done

has() { command -v "$1" >/dev/null 2>&1; }
skip() { echo "compare.sh: without $1: $2" >&2; }

for file in "$jar" "$app/quarkus-run.jar"; do
  if [ ! -f "$file" ]; then
    echo "compare.sh: $file is not there; build it with: ./mvnw package -Dquick" >&2
    exit 2
  fi
done
mkdir -p "$scratch/bin" "$scratch/logs" "$scratch/classes"

# The peers, each only if it is not there yet. Nothing is installed outside the scratch directory but Go's own caches.
if has go; then
  if [ ! -x "$scratch/gorilla/hub" ] || [ "$here/peers/gorilla/main.go" -nt "$scratch/gorilla/hub" ]; then
    mkdir -p "$scratch/gorilla"
    cp "$here"/peers/gorilla/* "$scratch/gorilla/"
    (cd "$scratch/gorilla" && go build -o hub .) || skip "the gorilla hub" "it cannot be built"
  fi
  [ -x "$scratch/bin/nats-server" ] || GOBIN="$scratch/bin" go install "github.com/nats-io/nats-server/v2@$nats" ||
    skip NATS "it cannot be built"
  [ -x "$scratch/bin/centrifugo" ] || GOBIN="$scratch/bin" go install "github.com/centrifugal/centrifugo/v6@$centrifugo" ||
    skip Centrifugo "it cannot be built; a binary may be put at $scratch/bin/centrifugo"
else
  skip "gorilla, NATS and Centrifugo" "there is no go"
fi
if has npm; then
  if [ ! -d "$scratch/node/node_modules/ws" ]; then
    mkdir -p "$scratch/node"
    cp "$here"/peers/node/package.json "$scratch/node/"
    (cd "$scratch/node" && npm install --silent --no-audit --no-fund) || skip "Node's servers" "npm failed"
  fi
  cp "$here"/peers/node/*.js "$scratch/node/"
else
  skip "ws and Socket.IO" "there is no npm"
fi
javac -nowarn -cp "$jar" -d "$scratch/classes" "$here"/compare/*.java
[ -z "$build" ] || exit 0

facts=$scratch/facts.md
{
  echo "$(nproc) × $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), Linux $(uname -r), $(sysctl -n net.ipv4.tcp_congestion_control 2>/dev/null || echo unknown); load average before: $(cut -d' ' -f1-3 /proc/loadavg)."
  echo "Parley $(git -C "$here" describe --always --dirty --tags 2>/dev/null || echo unknown) on $(java -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/JDK \1/p'), ${SERVER_OPTS:--Xms512m -Xmx2g -XX:+UseG1GC}."
  if has redis-server; then echo "Redis $(redis-server --version | sed 's/.*v=\([^ ]*\).*/\1/'), without persistence."; fi
  if has go; then echo "gorilla/websocket $gorilla, $(go version | cut -d' ' -f3)."; fi
  if [ -x "$scratch/bin/nats-server" ]; then echo "NATS $nats over WebSocket."; fi
  if [ -x "$scratch/bin/centrifugo" ]; then echo "Centrifugo $("$scratch/bin/centrifugo" version 2>&1 | head -1)."; fi
  if [ -d "$scratch/node/node_modules" ]; then
    echo "ws $(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$scratch"/node/node_modules/ws/package.json), Socket.IO $(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$scratch"/node/node_modules/socket.io/package.json) on Node $(node --version)."
  fi
} >"$facts"

pin=
if has taskset && [ "$(nproc)" -gt 1 ]; then
  pin="taskset -c $generator_core"
else
  server_core=-1
  skip pinning "servers and generator share the cores; the figures mean little"
fi
# So much room that it seldom collects: its own pauses would count as latencies of the servers.
# shellcheck disable=SC2086 # two words, or none
exec $pin java -Xms4g -Xmx6g -Xmn3g -XX:+UseSerialGC -cp "$jar:$scratch/classes" dev.parley.load.Compare \
  --app "$app" --scratch "$scratch" --runs "$runs" --warm-up "$warm_up" --seconds "$seconds" --only "$only" \
  --servers "$servers" --divisor "$divisor" --out "$out" --facts "$facts" --command "$command" --server-core "$server_core"
