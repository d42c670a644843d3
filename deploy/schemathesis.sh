#!/usr/bin/env bash
# Property-based tests of the HTTP API against the OpenAPI document of a running server: no answer is a fault of the server's, and none breaks the document.
#
#   deploy/schemathesis.sh http://localhost:8080 dev [examples for each operation]
#
# Schemathesis is installed, pinned, into an environment of its own (SCHEMATHESIS_VENV, by default under target). Needs python3 with venv and pip; exits with 77 where they
# are missing. The server is written to: use one that nobody needs.
set -euo pipefail
cd "$(dirname "$0")/.."

url="${1:?where the server is}"
key="${2:?a service key}"
examples="${3:-100}"
version=4.32.5
venv="${SCHEMATHESIS_VENV:-$PWD/target/schemathesis-$version}"

if ! command -v python3 >/dev/null || ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  echo "Skipped: the property-based tests of the HTTP API need python3 with venv and pip."
  exit 77
fi
if [ ! -x "$venv/bin/schemathesis" ]; then
  python3 -m venv "$venv"
  if ! "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"; then
    rm -rf "$venv"
    echo "Skipped: schemathesis $version cannot be had from the package index."
    exit 77
  fi
fi

# A stream does not end, so it is left to StreamTest; a WebSocket is no call.
cd "$venv" # its memory of failures goes where it is run
exec "$venv/bin/schemathesis" run "$url/q/openapi" \
  --header "Authorization: Bearer $key" \
  --exclude-path /v1/stream \
  --phases examples,coverage,fuzzing \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,negative_data_rejection,unsupported_method,ignored_auth \
  --max-examples "$examples" \
  --request-timeout 10 \
  --seed "${SCHEMATHESIS_SEED:-1}" \
  --generation-database none \
  --no-color
