#!/usr/bin/env bash
# Runs the public conformance suite of The Update Framework (https://github.com/theupdateframework/tuf-conformance, Apache-2.0) against the
# client of messaging/Updates. Arguments go to pytest, for example -k test_rollback.
#
#   tests/TufConformance/run.sh
#
# Needs: the .NET SDK, faketime, and a python3 from 3.10 on. The suite and what it needs are installed into artifacts/tuf-conformance, unless
#   TUF_CONFORMANCE_PATH  names them: folders with clones of the suite (the first one), of python-tuf and of securesystemslib, with a colon
#                         between them, for a python3 that has pytest and cryptography.
set -euo pipefail

version=v2.4.0
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
environment=$root/artifacts/tuf-conformance

command -v faketime >/dev/null || { printf 'faketime is missing: apt-get install faketime\n' >&2; exit 1; }

dotnet build "$root/tests/TufConformance/Messaging.TufConformance.csproj" -v:q -nologo

if [ -n "${TUF_CONFORMANCE_PATH:-}" ]; then
  python=python3
  suite=${TUF_CONFORMANCE_PATH%%:*}
  export PYTHONPATH=$TUF_CONFORMANCE_PATH${PYTHONPATH:+:$PYTHONPATH}
else
  python=$environment/bin/python
  suite=$environment/suite
  if [ ! -d "$suite" ]; then
    python3 -m venv "$environment"
    rm -rf "$suite.new"
    git clone --quiet --depth 1 --branch "$version" https://github.com/theupdateframework/tuf-conformance "$suite.new"
    "$python" -m pip install --quiet "$suite.new"
    # The name says that the installation went through to its end.
    mv "$suite.new" "$suite"
  fi
fi

cd "$suite"
exec "$python" -m pytest -p no:cacheprovider tuf_conformance --entrypoint "$root/tests/TufConformance/bin/Debug/net10.0/tuf-client" "$@"
