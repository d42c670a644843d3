#!/bin/sh
# What the way over Redis adds, at loads that two cores can bear: 100 pairs of users, sender and receiver on one instance in memory, on one instance
# through Redis, and on two instances. Servers and Redis on one core, the generator on the other. See README.md beside this.
#
#   deploy/load/hop.sh [messages a second ...]        # default: 500 1000 2000
#
# PARLEY_APP, SERVER_CORE, GENERATOR_CORE, JAVA as for jvm.sh; SECONDS_EACH (default: 10) after WARM_UP (default: 20)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
export SMALLRYE_CONFIG_LOCATIONS="$here/../docker/unlimited.properties"
client=$here/../../client/target/parley.jar
app=${PARLEY_APP:-$here/../../server/target/quarkus-app}
dir=$(mktemp -d)
pids=
trap 'for pid in $pids; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$dir"' EXIT
[ $# -gt 0 ] || set -- 500 1000 2000
redis_port=18491 memory=18492 first=18493 second=18494

taskset -c "${SERVER_CORE:-0}" redis-server --port "$redis_port" --bind 127.0.0.1 --save "" --dir "$dir" >/dev/null &
redis=$!
pids="$redis"
start() {
  port=$1
  shift
  taskset -c "${SERVER_CORE:-0}" "${JAVA:-java}" -Xms256m -Xmx512m -XX:+UseSerialGC -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port="$port" \
    -Dparley.guests.enabled=true -Dparley.guests.secret="of the comparison, the same on all instances" \
    "$@" -jar "$app/quarkus-run.jar" >"$dir/$port.log" 2>&1 &
  pids="$pids $!"
  until curl -fs -o /dev/null "http://127.0.0.1:$port/q/health/ready"; do
    kill -0 $! || { cat "$dir/$port.log" >&2; exit 1; }
    sleep 0.2
  done
}
url() { echo "--url=ws://127.0.0.1:$1/v1/connect"; }
figure() { sed 's/.*"'"$1"'":\([-0-9.E]*\).*/\1/' "$dir/run"; }
busy() { awk '{ s += $14 + $15 } END { print s }' $(for pid in $pids; do echo "/proc/$pid/stat"; done); }
run() {
  name=$1
  rate=$2
  shift 2
  before=$(busy)
  taskset -c "${GENERATOR_CORE:-1}" java -XX:+UseSerialGC -jar "$client" bench direct -c 200 --rate="$rate" --warm-up="${WARM_UP:-20}" --seconds="${SECONDS_EACH:-10}" --json "$@" >"$dir/run"
  after=$(busy)
  awk -v name="$name" -v rate="$rate" -v p50="$(figure deliveryP50Micros)" -v p99="$(figure deliveryP99Micros)" -v p999="$(figure deliveryP999Micros)" \
    -v busy=$((after - before)) -v whole="$((${WARM_UP:-20} + ${SECONDS_EACH:-10}))" 'BEGIN {
      printf "| %s | %d | %.2f | %.2f | %.2f | %.2f |\n", name, rate, p50 / 1000, p99 / 1000, p999 / 1000, busy / 100 / whole }'
}

echo "| servers | messages/s | p50 ms | p99 ms | p99.9 ms | share of the core used |"
echo "| --- | ---: | ---: | ---: | ---: | ---: |"
start $memory
start $first "-Dquarkus.redis.hosts=redis://127.0.0.1:$redis_port"
start $second "-Dquarkus.redis.hosts=redis://127.0.0.1:$redis_port"
for rate in "$@"; do
  run "memory" "$rate" "$(url $memory)"
  run "Redis, one instance" "$rate" "$(url $first)"
  run "Redis, two instances" "$rate" "$(url $first)" "$(url $second)"
done
