#!/bin/sh
# Holds the model (Scale.java) against two instances and a Redis on this machine: so many connections in groups of ten, one sender each, messages with an id.
# Prints a line of the table in docs/scale.md.
#
#   ./mvnw package -Dquick && deploy/load/sizes.sh <connections> <sends a second> [seconds to measure]      # default: 20
#
# Processor time holds on a machine that does other things as well, within some tens of percent; latency would not.
# PARLEY_APP, JAVA as for jvm.sh; SERVER_OPTS options of each server's JVM (default: -Xmx512m -XX:+UseSerialGC)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
export SMALLRYE_CONFIG_LOCATIONS="$here/../docker/unlimited.properties"
connections=$1
rate=$2
seconds=${3:-20}
members=10
client=$here/../../client/target/parley.jar
app=${PARLEY_APP:-$here/../../server/target/quarkus-app}
dir=$(mktemp -d)
pids=
trap 'for pid in $pids; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
redis_port=18495 first=18496 second=18497

redis-server --port "$redis_port" --bind 127.0.0.1 --save "" --dir "$dir" >/dev/null &
redis=$!
pids="$redis"
start() {
  # shellcheck disable=SC2086 # several options
  "${JAVA:-java}" ${SERVER_OPTS:--Xmx512m -XX:+UseSerialGC} -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port="$1" \
    "-Dquarkus.redis.hosts=redis://127.0.0.1:$redis_port" -Dparley.guests.enabled=true -Dparley.guests.secret="of the measurement, the same on all instances" \
    -jar "$app/quarkus-run.jar" >"$dir/$1.log" 2>&1 &
  servers="${servers:-} $!"
  pids="$pids $!"
  until curl -fs -o /dev/null "http://127.0.0.1:$1/q/health/ready"; do
    kill -0 $! || { cat "$dir/$1.log" >&2; exit 1; }
    sleep 0.2
  done
}
bench() { "${JAVA:-java}" -XX:+UseSerialGC -jar "$client" bench "$@" --url="ws://127.0.0.1:$first/v1/connect" --url="ws://127.0.0.1:$second/v1/connect" --timeout=60; }
figure() { for port in $first $second; do curl -fs "http://127.0.0.1:$port/q/metrics"; done | awk -v name="$1" '$1 == name || index($1, name "{") == 1 { s += $2 } END { printf "%d\n", s }'; }
ticks() { for pid in "$@"; do cat "/proc/$pid/stat"; done | awk '{ s += $14 + $15 } END { print s }'; }
now() { date +%s.%N; }

start $first
start $second
# The costs are those of code that is compiled.
bench groups -c 200 --groups 200 --members 10 --message-ids --rate=1000 --warm-up=0 --seconds=20 >/dev/null
bench groups -c "$connections" --groups $((connections / members)) --members $members --rate "$rate" --message-ids --warm-up=15 --seconds=$((seconds + 15)) >"$dir/bench" 2>&1 &
generator=$!
pids="$pids $generator"
until [ "$(figure parley_connections)" -ge "$connections" ] && [ "$(figure parley_appends_total)" -gt "${appends:-999999999}" ]; do
  kill -0 "$generator" || { cat "$dir/bench" >&2; exit 1; }
  appends=$(($(figure parley_appends_total) + rate))
  sleep 2
done
sleep 10

# shellcheck disable=SC2086 # several processes
{
  begun=$(now) sends=$(figure parley_appends_total) deliveries=$(figure parley_delivery_deliveries_total) busy=$(ticks $servers) redis_busy=$(ticks $redis)
  sleep "$seconds"
  ended=$(now) busy=$(($(ticks $servers) - busy)) redis_busy=$(($(ticks $redis) - redis_busy))
  sends=$(($(figure parley_appends_total) - sends)) deliveries=$(($(figure parley_delivery_deliveries_total) - deliveries))
  memory=$(for pid in $servers; do grep VmRSS "/proc/$pid/status"; done | awk '{ s += $2 } END { print s * 1024 / 1e6 }')
}
each() { awk -v count="$1" -v begun="$begun" -v ended="$ended" 'BEGIN { printf "%.1f\n", count / (ended - begun) }'; }
model=$("${JAVA:-java}" "$here/Scale.java" at 2 "$connections" "$(each "$deliveries")" $members)
status=0
wait "$generator" || { status=1; tail -n 3 "$dir/bench" >&2; }
echo "$model $(each "$busy") $(each "$redis_busy") $memory $(each "$sends") $(each "$deliveries")" | awk -v connections="$connections" '{
  printf "| %d | %.0f | %.0f | %.3f | %.3f | %.2f | %.4f | %.4f | %.2f | %.0f | %.0f | %.2f |\n",
    connections, $7, $8, $1, $4 / 100, $4 / 100 / $1, $2, $5 / 100, $5 / 100 / $2, $3, $6, $6 / $3 }'
exit $status
