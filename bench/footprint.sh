#!/bin/sh
# Measures what the published agent costs this machine: size, memory, processor time, and bytes on the wire per sample, beside others.
#   dotnet msbuild eng/publish.proj -t:PublishAgent;PublishAgentAot -p:Rids=linux-x64
#   dotnet build fleet-server -c Release -p:BuildDashboard=false
#   bench/footprint.sh [SECONDS [WARM_UP]] > bench/results/footprint.md
# Needs python3, dpkg and, for the comparison, prometheus-node-exporter and mender-client (apt-get download works without installing).
# Only this machine's architecture is run. The agents run side by side at default settings, against a real server and relay.
set -eu
cd "$(dirname "$0")/.."
exec python3 bench/python/footprint.py "${1:-360}" "${2:-90}"
