#!/usr/bin/env bash
# Installs what the tests need, builds everything, runs every suite of every language.
# Last line: "N passed, N failed, N skipped", summed over all suites. Exit code: 0 only when none failed.
#
#   ./test.sh            everything
#   ./test.sh fast       without the end-to-end and the browser suites
#   ./test.sh NAME...    only the named suites (a test project's name, "dashboard", "browser", "scripts")
#
# Environment: MESSAGING_TEST_NO_INSTALL=1 fails with a message instead of installing Debian packages.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
# Hundreds of short processes on few processors: none lives long enough for what these two cost.
export DOTNET_TieredPGO=0 DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0

results=$PWD/artifacts/test-results
outcomes=$results/outcomes
failed=0
broken=()
format='' second=''
lane=$$

packages=(chromium mosquitto mosquitto-clients systemd systemd-journal-remote tcpdump dbus python3-dbus python3-gi python3-dbusmock python3-cryptography python3-cbor2 python3-paho-mqtt shellcheck busybox-static dash passwd xz-utils bzip2 zstd fonts-dejavu-core socat tinyproxy-bin faketime softhsm2 p11-kit
  docker.io docker-compose podman podman-compose crun runc rauc rauc-service swupdate libubootenv-tool squashfs-tools openssl iproute2 iptables mount)
suites=(
  scripts
  Messaging.Tests
  Messaging.Architecture.Tests
  Messaging.Relay.Tests
  Messaging.Agent.Tests
  Messaging.FleetServer.Tests
  Messaging.Cli.Tests
  Messaging.Outage.Tests
  dashboard
  Messaging.EvilRelay.Tests
  Messaging.EndToEnd.Tests
  browser
)

# The longest suites mostly wait for processes; the others run beside them.
longest=(Messaging.Agent.Tests Messaging.EndToEnd.Tests)
beside=(Messaging.Relay.Tests Messaging.FleetServer.Tests Messaging.Cli.Tests Messaging.Outage.Tests dashboard Messaging.EvilRelay.Tests browser)

# With the seconds since the start, so that a log shows what takes long.
say() { printf '\n== [%d s] %s\n' "$SECONDS" "$*"; began=$SECONDS used=$(used); }

# Seconds of processor time that this lane's finished children have taken.
used() { awk -v ticks="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print int(($14 + $15) / ticks) }' "/proc/$lane/stat"; }

# Of any lane: the file is what counts.
add() { # name passed failed skipped
  printf '%s %s %s %s\n' "$1" "$2" "$3" "$4" >>"$outcomes"
  printf '   %s: %s passed, %s failed, %s skipped (%d s, %d s of processor time)\n' "$1" "$2" "$3" "$4" $((SECONDS - began)) $(($(used) - used))
}

# A suite that could not run, or ran nothing, is a failure: silence must not look like success.
sum() {
  local suite name ok bad skip
  passed=0 skipped=0
  while read -r name ok bad skip; do
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
    [ "$bad" -eq 0 ] || broken+=("$name: $bad failed")
  done < <(cat "$outcomes" 2>/dev/null)
  for suite in "$@"; do
    awk -v suite="$suite" '$1 == suite && $2 + $3 + $4 > 0 { ran = 1 } END { exit !ran }' "$outcomes" 2>/dev/null && continue
    failed=$((failed + 1))
    broken+=("$suite: no test ran")
  done
}

finish() { # suites that should have run
  sum "$@"
  say "summary"
  [ ${#broken[@]} -eq 0 ] || printf '   %s\n' "${broken[@]}"
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ]
  exit
}

abort() {
  printf '%s\n' "$*" >&2
  failed=$((failed + 1))
  broken+=("$*")
  finish
}

install_packages() {
  local missing=() package
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  [ -z "${MESSAGING_TEST_NO_INSTALL:-}" ] || abort "The tests need these Debian packages: ${missing[*]}"
  say "installing ${missing[*]}"
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  export DEBIAN_FRONTEND=noninteractive
  "${sudo[@]}" apt-get update -qq || abort "apt-get update failed"
  # Tests start what they need, for themselves: no package starts its daemon.
  local policy=/usr/sbin/policy-rc.d ours=
  if [ ! -e "$policy" ]; then
    ours=1
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null && "${sudo[@]}" chmod 755 "$policy"
  fi
  "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  local code=$?
  [ -z "$ours" ] || "${sudo[@]}" rm -f "$policy"
  [ $code -eq 0 ] || abort "apt-get could not install: ${missing[*]}"
}

check_tools() {
  command -v dotnet >/dev/null || abort "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download"
  command -v npm >/dev/null || abort "Node.js 20 or newer with npm is missing: the dashboard needs it"
}

build() {
  say "building the dashboard"
  (cd dashboard && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build) || abort "The dashboard does not build"
  # Other clients than ours, of TUF and of MQTT.
  local folder
  for folder in tests/tuf-js tests/mqtt-js; do
    (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error) >/dev/null || abort "The packages of $folder cannot be installed"
  done
  say "building Messaging.sln"
  # One compiler process for all projects halves the time; it ends with the build.
  dotnet build Messaging.sln --nologo -v quiet -warnaserror -p:UseSharedCompilation=true || abort "Messaging.sln does not build"
  dotnet build-server shutdown --vbcscompiler >/dev/null
}

# Beside the suites, which mostly wait; report_format takes its outcome. Analyzers are errors of the build already.
start_format() {
  (
    nice dotnet format whitespace Messaging.sln --verify-no-changes --no-restore -v quiet \
      && exec nice dotnet format style Messaging.sln --verify-no-changes --no-restore -v quiet
  ) >"$results/format.log" 2>&1 &
  format=$!
  trap 'kill "$format" 2>/dev/null; [ -z "$second" ] || kill -- "-$second" 2>/dev/null' EXIT
}

report_format() {
  say "checking the format"
  wait "$format" && return
  tail -n 40 "$results/format.log"
  failed=$((failed + 1))
  broken+=("dotnet format would change files")
}

run_dotnet() { # project name
  local name=$1 log=$results/$1.log trx=$results/$1.trx counters
  local project program
  project=$(find tests -name "$name.csproj" | head -n 1)
  [ -n "$project" ] || { echo "There is no test project $name."; return; }
  # An xunit.v3 test project is a program of its own.
  program=$(dirname "$project")/bin/Debug/net10.0/$name
  # Most of the agent's tests wait for a process most of the time: twice as many of them as processors.
  local threads=1x
  [ "$name" != Messaging.Agent.Tests ] || threads=2x
  timeout --signal=TERM --kill-after=20 1200 "$program" -noColor -maxThreads "$threads" -result-trx "$trx" >"$log" 2>&1
  local code=$?
  counters=$(grep -o '<Counters [^>]*>' "$trx" 2>/dev/null | head -n 1)
  attribute() { local value; value=$(printf '%s' "$counters" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p"); printf '%s' "${value:-0}"; }
  local total ok bad executed
  total=$(attribute total) ok=$(attribute passed) executed=$(attribute executed)
  bad=$((executed - ok))
  # The host can die after the last test, or before the results are written.
  if [ $code -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  [ "$bad" -eq 0 ] || tail -n 120 "$log"
  add "$name" "$ok" "$bad" $((total - executed))
}

run_dashboard() {
  local report=$results/dashboard.json
  (cd dashboard && npx --no-install vitest run --reporter=default --reporter=json --outputFile="$report") >"$results/dashboard.log" 2>&1 \
    || tail -n 80 "$results/dashboard.log"
  read -r ok bad skip < <(node -e '
    const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    console.log(r.numPassedTests, r.numFailedTests + r.numFailedTestSuites * (r.numFailedTests ? 0 : 1), r.numPendingTests + r.numTodoTests);
  ' "$report" 2>/dev/null || echo 0 1 0)
  add dashboard "$ok" "$bad" "$skip"
}

run_browser() {
  local log=$results/browser.log
  timeout 600 node dashboard/tests/browser/run.mjs --screenshots "$results/screenshots" >"$log" 2>&1
  local code=$? line ok bad
  line=$(grep -Eo '[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
  ok=$(printf '%s' "${line:-0 passed}" | grep -Eo '^[0-9]+') bad=$(printf '%s' "$line" | sed -n 's/.*, \([0-9]*\) failed.*/\1/p')
  bad=${bad:-1}
  if [ $code -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  [ "$bad" -eq 0 ] || tail -n 80 "$log"
  add browser "$ok" "$bad" 0
}

# Beside each other: they wait now and then. Files that end with lib.sh are what they share.
run_scripts() {
  local ok=0 bad=0 skip=0 file log counts programs=() started=()
  for file in tests/scripts/*.sh; do
    [[ $file == *lib.sh ]] || programs+=("$file")
  done
  for file in "${programs[@]}"; do "$file" >"$results/${file##*/}.log" 2>&1 & started+=($!); done
  while IFS= read -r file; do
    if shellcheck -x -P SCRIPTDIR "$file"; then ok=$((ok + 1)); else bad=$((bad + 1)); fi
  done < <(git ls-files --cached --others --exclude-standard -- '*.sh' .ci/run eng/deb/postinst eng/deb/prerm eng/deb/postrm firmware-scripts/launch firmware-scripts/guard 'firmware-scripts/update.d/*')
  wait "${started[@]}"
  # Each says "N passed, M failed" at its end.
  for file in "${programs[@]}"; do
    log=$results/${file##*/}.log
    counts=$(tail -n 1 "$log")
    # What this machine's kernel does not let happen.
    skip=$((skip + $(grep -c '^SKIPPED: ' "$log")))
    grep '^SKIPPED: ' "$log"
    if [[ $counts =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
      ok=$((ok + BASH_REMATCH[1])) bad=$((bad + BASH_REMATCH[2]))
      [ "${BASH_REMATCH[2]}" -eq 0 ] || cat "$log"
    else
      cat "$log"
      echo "$file did not come to its end"
      bad=$((bad + 1))
    fi
  done
  add scripts "$ok" "$bad" "$skip"
}

run() { # suites, one after the other
  local suite
  for suite in "$@"; do
    say "$suite"
    case "$suite" in
      scripts) run_scripts ;;
      dashboard) run_dashboard ;;
      browser) run_browser ;;
      *) run_dotnet "$suite" ;;
    esac
  done
}

contains() { # what, list
  local what=$1 one
  shift
  for one in "$@"; do [ "$one" != "$what" ] || return 0; done
  return 1
}

# What the suites of the second lane say comes after the first one, whole.
run_lanes() {
  local suite alone=() company=() has_long=
  for suite in "${suites[@]}"; do ! contains "$suite" "${longest[@]}" || has_long=1; done
  for suite in "${suites[@]}"; do
    if [ -n "$has_long" ] && contains "$suite" "${beside[@]}"; then company+=("$suite"); else alone+=("$suite"); fi
  done
  for suite in "${alone[@]}"; do
    # The scripts take all processors for a minute; from then on there are two lanes.
    if [ -z "$second" ] && [ ${#company[@]} -gt 0 ] && [ "$suite" != scripts ]; then
      # As a job of its own: without that, what is started in the background ignores Ctrl+C, and tests press it.
      set -m
      (lane=$BASHPID; run "${company[@]}") >"$results/beside.log" 2>&1 &
      second=$!
      set +m
    fi
    run "$suite"
  done
  [ -n "$second" ] || return 0
  wait "$second"
  second=
  cat "$results/beside.log"
}

case "${1:-}" in
  -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
  fast)
    whole=("${suites[@]}") suites=()
    for suite in "${whole[@]}"; do
      contains "$suite" Messaging.EndToEnd.Tests Messaging.EvilRelay.Tests browser || suites+=("$suite")
    done
    ;;
  '') ;;
  *) suites=("$@") ;;
esac

rm -rf "$results"
mkdir -p "$results"
check_tools
install_packages
build
start_format
run_lanes
report_format
finish "${suites[@]}"
