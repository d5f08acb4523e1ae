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
least=${LEAST:-150}
seconds=${SECONDS_TO_RUN:-60}
work=$(mktemp -d)
pids=()
cleanup() {
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT INT TERM
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

case $(uname -m) in x86_64) rid=linux-x64 ;; aarch64) rid=linux-arm64 ;; *) echo "no build for $(uname -m)" >&2; exit 1 ;; esac
echo "== an agent that compiles everything itself" >&2
dotnet publish agent/Messaging.Agent.csproj -v:q -c Release -r "$rid" --self-contained -p:DebugType=none -p:PublishTrimmed=true -p:PublishSingleFile=true \
  -p:PublishReadyToRun=false -o "$work/agent" >&2

server=fleet-server/bin/Release/net10.0/fleet-server
[ -x "$server" ] || { echo "$server is missing: dotnet build fleet-server -c Release -p:BuildDashboard=false" >&2; exit 1; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port) mqtt=$(free_port)
"$server" --data "$work/server" --listen 127.0.0.1 --port "$port" --mqtt-port "$mqtt" \
  --public-url "https://127.0.0.1:$port" --public-mqtt-url "mqtts://127.0.0.1:$mqtt" >"$work/server.log" 2>&1 &
pids+=($!)
for _ in $(seq 120); do grep -q '/setup#' "$work/server.log" && break; sleep 1; done
setup=$(sed -n 's/.*\/setup#\([^ ]*\).*/\1/p' "$work/server.log" | head -n 1)
call() { # METHOD PATH JSON [curl's options]
  local method=$1 path=$2 json=$3
  shift 3
  curl -sS --fail-with-body --cacert "$work/server/tls/server.crt" -b "$work/cookies" -c "$work/cookies" \
    -X "$method" -H 'Content-Type: application/json' -d "$json" "$@" "https://127.0.0.1:$port/api/v1$path"
}
csrf=$(call POST /setup "{\"setupToken\":\"$setup\",\"username\":\"owner\",\"password\":\"$(head -c 18 /dev/urandom | base64)\"}" | jq -r .csrfToken)
token=$(call POST /enrolment-tokens '{"maxUses":1,"expiresIn":3600}' -H "X-CSRF-Token: $csrf" | jq -r .token)

echo "== its first minute" >&2
mkdir -m 700 "$work/state"
seq 100 >"$work/app.log"
printf '[Logs]\nFiles = %s\n' "$work/app.log" >"$work/agent.conf"
agent=("$work/agent/messaging-agent")
"${agent[@]}" enroll - --state "$work/state" --config "$work/agent.conf" <<<"$token" >&2
DOTNET_JitStdOutFile=$work/jit.log DOTNET_JitDisasmSummary=1 "${agent[@]}" run --state "$work/state" --config "$work/agent.conf" >"$work/agent.log" 2>&1 &
run=$!
pids+=("$run")
for _ in $(seq "$seconds"); do
  kill -0 "$run" 2>/dev/null || { cat "$work/agent.log" >&2; exit 1; }
  date >>"$work/app.log"
  sleep 1
done
grep -q 'Connected to' "$work/agent.log" || { echo "The agent did not connect:" >&2; cat "$work/agent.log" >&2; exit 1; }

list=agent/Trimming/startup-methods.txt
{
  echo "# What the agent compiles at its start: made by eng/startup-profile.sh (methods of at least $least bytes of IL)."
  dotnet run --project eng/startup-profile -v:q -- list "$least" "$work/jit.log"
} >"$work/list"
mv "$work/list" "$list"
echo "== $(grep -vc '^#' "$list") methods in $list" >&2
