#!/bin/sh
# Has a packaged server serve some connections and writes what the JVM learnt from it (classes, and which methods are hot) into app.aot beside
# quarkus-run.jar, for -XX:AOTCache. Needs Java 25 or newer, and the very same Java and options when the server runs.
#
#   deploy/docker/train.sh <directory of quarkus-run.jar> <parley.jar of the client> [the server's JVM options; by default those that the image has]
#
# TRAIN_PORT  where it listens meanwhile, on the loopback (default: 18481)
set -eu

SMALLRYE_CONFIG_LOCATIONS=$(cd "$(dirname "$0")" && pwd)/unlimited.properties
export SMALLRYE_CONFIG_LOCATIONS
client=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
cd "$1"
shift 2
[ $# -gt 0 ] || set -- -XX:+UseG1GC -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED
port=${TRAIN_PORT:-18481}
log=$(mktemp)

# The whole path, for a cache of a relative one fits no other working directory.
java -XX:AOTCacheOutput=app.aot "$@" \
  -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port="$port" -Dparley.guests.enabled=true \
  -jar "$PWD/quarkus-run.jar" >"$log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -f "$log"' EXIT

tries=0
until grep -q "Listening on" "$log"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
    cat "$log" >&2
    exit 1
  fi
  sleep 0.2
done

bench() { java -XX:+UseSerialGC -jar "$client" bench "$@" --url="ws://127.0.0.1:$port/v1/connect" --timeout=60; }
bench connect -c 300 --warm-up=0 --seconds=15
bench fan-out -c 300 -n 16 --warm-up=0 --seconds=8
bench direct -c 300 --warm-up=0 --seconds=5
bench resume -c 300 --warm-up=0 --seconds=2

# It writes the cache when it ends.
kill "$server"
wait "$server" || true
trap 'rm -f "$log"' EXIT
if [ ! -s app.aot ]; then
  cat "$log" >&2
  exit 1
fi
