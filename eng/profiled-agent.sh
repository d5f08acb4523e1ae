# shellcheck shell=bash disable=SC2034
# For startup-profile.sh and steady-profile.sh, which source it: a fleet server on this machine, over TLS, and what an agent needs that follows a file.
# Sets work, a folder that is gone at the end, and pids, the processes that are ended then. Needs curl and jq.

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
server=fleet-server/bin/Release/net10.0/fleet-server

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

call() { # METHOD PATH JSON [curl's options]
  local method=$1 path=$2 json=$3
  shift 3
  curl -sS --fail-with-body --cacert "$work/server/tls/server.crt" -b "$work/cookies" -c "$work/cookies" \
    -X "$method" -H 'Content-Type: application/json' -d "$json" "$@" "https://127.0.0.1:$port/api/v1$path"
}

# PROGRAM : starts the server, lets the agent in, and sets agent to what runs it.
enrol() {
  [ -x "$server" ] || { echo "$server is missing: dotnet build fleet-server -c Release -p:BuildDashboard=false" >&2; exit 1; }
  local mqtt setup csrf token
  port=$(free_port) mqtt=$(free_port)
  "$server" --data "$work/server" --listen 127.0.0.1 --port "$port" --mqtt-port "$mqtt" \
    --public-url "https://127.0.0.1:$port" --public-mqtt-url "mqtts://127.0.0.1:$mqtt" >"$work/server.log" 2>&1 &
  pids+=($!)
  for _ in $(seq 120); do grep -q '/setup#' "$work/server.log" && break; sleep 1; done
  setup=$(sed -n 's/.*\/setup#\([^ ]*\).*/\1/p' "$work/server.log" | head -n 1)
  csrf=$(call POST /setup "{\"setupToken\":\"$setup\",\"username\":\"owner\",\"password\":\"$(head -c 18 /dev/urandom | base64)\"}" | jq -r .csrfToken)
  token=$(call POST /enrolment-tokens '{"maxUses":1,"expiresIn":3600}' -H "X-CSRF-Token: $csrf" | jq -r .token)
  mkdir -m 700 "$work/state"
  seq 100 >"$work/app.log"
  printf '[Logs]\nFiles = %s\n' "$work/app.log" >"$work/agent.conf"
  "$1" enroll - --state "$work/state" --config "$work/agent.conf" <<<"$token" >&2
  agent=("$1" run --state "$work/state" --config "$work/agent.conf")
}

# PID SECONDS : lets it run, and writes to the file that it follows.
watch_it() {
  for _ in $(seq "$2"); do
    kill -0 "$1" 2>/dev/null || break
    date >>"$work/app.log"
    sleep 1
  done
  grep -q 'Connected to' "$work/agent.log" || { echo "The agent did not connect:" >&2; cat "$work/agent.log" >&2; exit 1; }
}
