#!/bin/sh
# Tells what a connection, or a group, retains of the server's heap, class by class. See README.md beside this.
#
#   ./mvnw package -Dquick && deploy/load/retained.sh [connections|groups] [how many] [memory|redis]
#
# PARLEY_APP   the directory of quarkus-run.jar (default: server/target/quarkus-app of this checkout)
# SERVER_OPTS  options of the server's JVM
# SERVER_CORE  which core it runs on (default: any)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
export SMALLRYE_CONFIG_LOCATIONS="$here/../docker/unlimited.properties"
jar=$here/../../client/target/parley.jar
app=${PARLEY_APP:-$here/../../server/target/quarkus-app}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for file in "$jar" "$app/quarkus-run.jar"; do
  if [ ! -f "$file" ]; then
    echo "retained.sh: $file is not there; build it with: ./mvnw package -Dquick" >&2
    exit 2
  fi
done
javac -nowarn -cp "$jar" -d "$scratch" "$here"/compare/*.java
java -Xmx1g -XX:+UseSerialGC -cp "$jar:$scratch" dev.parley.load.Retained \
  "${1:-connections}" "${2:-10000}" "${3:-memory}" "$app" "$scratch" "${SERVER_CORE:--1}"
