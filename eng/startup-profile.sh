#!/usr/bin/env bash
# Makes agent/Trimming/startup-methods.txt anew: the methods that the trimmed agent compiles at its start are compiled when it is published.
#
#   dotnet build fleet-server -c Release -p:BuildDashboard=false
#   eng/startup-profile.sh
#
# Publishes an agent without precompiled code, runs it for a minute against a fleet server on this machine, over TLS and with a log file, and
# keeps the methods of at least LEAST bytes of IL that its JIT compiled: a larger number makes a smaller program that starts more slowly.
# Needs curl and jq. Environment: LEAST, SECONDS_TO_RUN
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
least=${LEAST:-220}
seconds=${SECONDS_TO_RUN:-60}
# shellcheck source=eng/profiled-agent.sh
. eng/profiled-agent.sh

echo "== an agent that compiles everything itself" >&2
dotnet publish agent/Messaging.Agent.csproj -v:q -c Release -r "$rid" --self-contained -p:DebugType=none -p:PublishTrimmed=true -p:PublishSingleFile=true \
  -p:PublishReadyToRun=false -o "$work/agent" >&2
enrol "$work/agent/messaging-agent"

echo "== its first minute" >&2
DOTNET_JitStdOutFile=$work/jit.log DOTNET_JitDisasmSummary=1 "${agent[@]}" >"$work/agent.log" 2>&1 &
pids+=($!)
watch_it $! "$seconds"

list=agent/Trimming/startup-methods.txt
{
  echo "# What the agent compiles at its start: made by eng/startup-profile.sh (methods of at least $least bytes of IL)."
  dotnet run --project eng/startup-profile -v:q -- list "$least" "$work/jit.log"
} >"$work/list"
mv "$work/list" "$list"
echo "== $(grep -vc '^#' "$list") methods in $list" >&2
