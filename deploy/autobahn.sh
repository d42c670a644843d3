#!/usr/bin/env bash
# Autobahn's WebSocket test suite, against the hub's own socket and frame decoder in an echo server (a hub is none).
#
#   deploy/autobahn.sh [cases, by default all]
#
# Needs a Python 2.7 with pip (PYTHON2, by default python2.7), since the suite has not come further, and the compiled tests of `server`
# (./mvnw test-compile -pl server -am). It is installed, pinned, under target; the report is target/autobahn/reports/index.html.
# Not asked for are the binary messages' echoes (1.2, 9.2, 9.4, 9.6, 9.8), for the hub takes no binary messages, and compression (12, 13), which it does not offer.
set -euo pipefail
cd "$(dirname "$0")/.."

python="${PYTHON2:-python2.7}"
version=0.8.2
suite="$PWD/target/autobahn-$version"
work="$PWD/target/autobahn"
port="${AUTOBAHN_PORT:-9001}"

if ! "$python" -m pip --version >/dev/null 2>&1; then
  echo "Skipped: Autobahn's suite needs Python 2.7 with pip."
  exit 77
fi
if [ ! -d "$suite" ]; then
  "$python" -m pip install --quiet --disable-pip-version-check --target "$suite" "autobahntestsuite==$version"
  touch "$suite/zope/__init__.py" # a package in several parts, which pip would have joined in a place of its own
fi
mkdir -p "$work"
[ -f "$work/classpath" ] || ./mvnw -q -pl server -am test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=test

java -Xmx256m -cp "server/target/test-classes:server/target/classes:$(cat "$work/classpath")" dev.parley.server.delivery.EchoServer "$port" >"$work/echo.log" &
echo_server=$!
trap 'kill $echo_server' EXIT
for _ in $(seq 100); do grep -qs Echoes "$work/echo.log" && break; sleep 0.1; done

cat >"$work/spec.json" <<EOF
{"outdir": "$work/reports", "servers": [{"agent": "Parley", "url": "ws://127.0.0.1:$port/"}],
 "cases": ["${1:-*}"], "exclude-cases": ["1.2.*", "9.2.*", "9.4.*", "9.6.*", "9.8.*", "12.*", "13.*"], "exclude-agent-cases": {}}
EOF
PYTHONPATH="$suite" "$python" "$suite/bin/wstest" -m fuzzingclient -s "$work/spec.json" >"$work/suite.log" 2>&1

"$python" - "$work/reports/index.json" <<'EOF'
import collections, json, sys
cases = json.load(open(sys.argv[1]))["Parley"]
print(", ".join("%d %s" % (n, name) for name, n in sorted(collections.Counter(c["behavior"] for c in cases.values()).items())))
bad = sorted(name for name, c in cases.items() if "FAILED" in (c["behavior"], c["behaviorClose"]) or c["behavior"] == "UNIMPLEMENTED")
print("failed: " + ", ".join(bad) if bad else "none failed")
sys.exit(1 if bad or not cases else 0)
EOF
