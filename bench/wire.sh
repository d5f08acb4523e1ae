#!/bin/sh
# Takes the bytes of the agent's connection to the relay apart: what each kind of packet costs for each stored sample.
#   dotnet build agent && dotnet build fleet-server
#   bench/wire.sh [SECONDS] [--set Section:Key=Value ...]
# Needs python3. A server, a relay and an agent run here, on loopback, at default settings without the journal. The first 90 s are not counted.
set -eu
cd "$(dirname "$0")/.."
exec python3 bench/python/wire.py "$@"
