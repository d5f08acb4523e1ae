#!/bin/sh
# Measures how fast files are pushed to a device and pulled from it, on loopback, beside plain HTTP, and what that costs each process.
#   for p in fleet-server agent cli; do dotnet build $p -c Release -p:BuildDashboard=false; done
#   bench/files.sh [MIB] > bench/results/files.md
# Needs python3 and curl.
set -eu
cd "$(dirname "$0")/.."
exec python3 bench/python/files.py "${1:-256}"
