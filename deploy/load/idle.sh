#!/bin/sh
# Starts a packaged server, opens many idle connections to it and sends to all of them. See README.md beside this.
#
#   ./mvnw package -Dquick && deploy/load/idle.sh [connections] [seconds to hold]
#
# PARLEY_APP   the directory of quarkus-run.jar (default: server/target/quarkus-app of this checkout)
# SERVER_OPTS  options of the server's JVM (default: -Xms512m -Xmx1g -XX:+UseG1GC)
# LOAD_PORT    where it listens (default: 18480)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
export SMALLRYE_CONFIG_LOCATIONS="$here/../docker/unlimited.properties"
connections=${1:-10000}
hold=${2:-60}
app=${PARLEY_APP:-$here/../../server/target/quarkus-app}
port=${LOAD_PORT:-18480}
log=$(mktemp)

if [ ! -f "$app/quarkus-run.jar" ]; then
  echo "idle.sh: $app/quarkus-run.jar is not there; build it with: ./mvnw package -Dquick" >&2
  exit 2
fi
# Java takes the hard limit by itself.
open=$(ulimit -H -n)
if [ "$open" != unlimited ] && [ "$open" -lt $((connections + 500)) ]; then
  echo "idle.sh: a process may open $open files here, fewer than $connections connections need; see 'ulimit -H -n'." >&2
  exit 2
fi

# shellcheck disable=SC2086 # several options
java ${SERVER_OPTS:--Xms512m -Xmx1g -XX:+UseG1GC} \
  -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port="$port" \
  -Dparley.guests.enabled=true -Dparley.broadcast.everyone=true \
  -jar "$app/quarkus-run.jar" >"$log" 2>&1 &
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

java -Xmx512m "$here/Idle.java" "ws://127.0.0.1:$port/v1/connect" "$connections" "$hold" "$server"
