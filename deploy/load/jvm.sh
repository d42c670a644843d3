#!/bin/sh
# Measures one packaging and one set of options of the JVM: start, memory, a cold storm of connections, fan-out. A line of a table. See README.md beside this.
#
#   deploy/load/jvm.sh NAME [options of the server's JVM]
#
# JAVA         the server's java (default: java)
# PARLEY_APP   the directory of quarkus-run.jar (default: server/target/quarkus-app of this checkout)
# SERVER_CORE, GENERATOR_CORE   which cores they run on (default: 0 and 1)
# RUNS         starts, of which the median counts (default: 3)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
export SMALLRYE_CONFIG_LOCATIONS="$here/../docker/unlimited.properties"
client=$here/../../client/target/parley.jar
app=${PARLEY_APP:-$here/../../server/target/quarkus-app}
java=${JAVA:-java}
port=${LOAD_PORT:-18482}
name=$1
shift
cd "$app"
log=$(mktemp)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -f "$log"' EXIT

start() {
  taskset -c "${SERVER_CORE:-0}" "$java" "$@" \
    -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port="$port" -Dparley.guests.enabled=true \
    -jar quarkus-run.jar >"$log" 2>&1 &
  server=$!
}
bench() {
  taskset -c "${GENERATOR_CORE:-1}" java -XX:+UseSerialGC -jar "$client" bench "$@" --json --timeout=120 --server-pid="$server" \
    --url="ws://127.0.0.1:$port/v1/connect"
}
figure() { sed 's/.*"'"$1"'":\([-0-9.E]*\).*/\1/'; }

# With bash as sh, $EPOCHREALTIME would do; date is there everywhere.
starts= works=
for run in $(seq "${RUNS:-3}"); do
  begin=$(date +%s%N)
  start "$@"
  until curl -fs -o /dev/null "http://127.0.0.1:$port/q/health/live"; do
    kill -0 "$server" || { cat "$log" >&2; exit 1; }
    sleep 0.01
  done
  starts="$starts $((($(date +%s%N) - begin) / 1000000))"
  works="$works $(awk '{ print $14 + $15 }' "/proc/$server/stat")"
  sleep 5
  memory=$(sed -n 's/VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$server/status")
  if [ "$run" -lt "${RUNS:-3}" ]; then
    kill "$server"
    wait "$server" || true
  fi
done
# shellcheck disable=SC2086 # several numbers
median() { printf '%s\n' $1 | sort -n | sed -n "$(((${RUNS:-3} + 1) / 2))p"; }
cold=$(bench connect -c 2000 --warm-up=0 --seconds=0.1 | figure connectsPerCpuSecond)
bench connect -c 1000 --warm-up=0 --seconds=15 >/dev/null
warm=$(bench connect -c 1000 --warm-up=0 --seconds=5 | figure connectsPerCpuSecond)
fan=$(bench fan-out -c 500 -n 16 --warm-up=10 --seconds=5 | figure serverCpuPerMillion)
after=$(sed -n 's/VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$server/status")
awk -v name="$name" -v start="$(median "$starts")" -v work="$(median "$works")" -v memory="$memory" -v cold="$cold" -v warm="$warm" -v fan="$fan" -v after="$after" 'BEGIN {
  printf "| %s | %.2f | %.2f | %.0f | %.2f | %.2f | %.2f | %.0f |\n", name, start / 1000, work / 100, memory / 1024, 1000 / cold, 1000 / warm, fan, after / 1024 }'
