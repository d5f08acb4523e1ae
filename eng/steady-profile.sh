#!/usr/bin/env bash
# Makes agent/Trimming/steady-functions.txt anew: what the native agent runs all the time lies together when it is published. Linux on x64 only; the list serves
# both architectures.
#
#   dotnet build fleet-server -c Release -p:BuildDashboard=false
#   eng/steady-profile.sh
#
# Publishes a native agent with its symbols and runs it against a fleet server on this machine, over TLS and with a log file, with a breakpoint on each function.
# What runs in its first START seconds is not looked at; what runs in the SECONDS_TO_RUN after them is kept.
# Needs curl, jq, nm, readelf, and what the native agent is linked with. Environment: START, SECONDS_TO_RUN
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
start=${START:-200}
seconds=${SECONDS_TO_RUN:-300}
# shellcheck source=eng/profiled-agent.sh
. eng/profiled-agent.sh
[ "$rid" = linux-x64 ] || { echo "Breakpoints are set on x64 only." >&2; exit 1; }

echo "== a native agent with symbols" >&2
dotnet publish agent/Messaging.Agent.csproj -v:q -c Release -r "$rid" --self-contained -p:DebugType=none -p:PublishAot=true -p:StripSymbols=false \
  -o "$work/agent" >&2
enrol "$work/agent/messaging-agent"

echo "== $((start + seconds)) seconds of it" >&2
python3 eng/steady-profile/trace_functions.py "$work/functions" "$start" "$seconds" "${agent[@]}" >"$work/agent.log" 2>&1 &
traced=$!
pids+=("$traced")
watch_it "$traced" "$((start + seconds + 60))"
wait "$traced" || { cat "$work/agent.log" >&2; exit 1; }

list=agent/Trimming/steady-functions.txt
LC_ALL=C sort "$work/functions" >"$list"
echo "== $(wc -l <"$list") functions in $list" >&2
