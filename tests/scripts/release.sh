#!/usr/bin/env bash
# What -t:Release of eng/publish.proj has fleetctl do, for a build that is there already: a fleetctl that writes down what it is asked.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

check() { # what, condition's exit code
  if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "failed: $1" >&2; cat "$scratch/log" "$scratch/asked" >&2 2>/dev/null; fi
}

cat >"$scratch/fleetctl" <<'SCRIPT'
#!/bin/sh
echo "$@" >>"${0%/*}/asked"
case $* in *"${FAIL:-nothing fails}"*) exit 1 ;; esac
SCRIPT
chmod +x "$scratch/fleetctl"
for rid in linux-arm64 linux-x64; do
  mkdir -p "$scratch/out/agent-aot/$rid"
  echo "$rid" >"$scratch/out/agent-aot/$rid/messaging-agent"
done

release() { # more properties
  : >"$scratch/asked"
  dotnet msbuild eng/publish.proj -nologo -nodeReuse:false -t:Release -p:Built=true "-p:OutputRoot=$scratch/out/" "-p:FleetCtl=$scratch/fleetctl" "$@" >"$scratch/log" 2>&1
}

release -p:Version=1.4.0 -p:SignKey=ci.pem -p:PassphraseFile=ci.pass
check "a release ends well" $?
diff - "$scratch/asked" >"$scratch/difference" <<EXPECTED
artifact add $scratch/out/agent-aot/linux-arm64/messaging-agent --version 1.4.0 --hardware linux-arm64
artifact add $scratch/out/agent-aot/linux-x64/messaging-agent --version 1.4.0 --hardware linux-x64
artifact sign --key ci.pem --passphrase-file ci.pass --yes
artifact publish
EXPECTED
check "each platform is added, then all is signed and published" $?

release -p:Version=1.4.0 -p:Rids=linux-x64 && ! grep -q "sign\|publish" "$scratch/asked" && grep -q "to be signed by people" "$scratch/log"
check "without a key people sign" $?

export FAIL="artifact sign"
! release -p:Version=1.4.0 -p:Rids=linux-x64 -p:SignKey=ci.pem -p:PassphraseFile=ci.pass && ! grep -q "artifact publish" "$scratch/asked"
check "what is not signed is not published" $?
unset FAIL

! release && grep -q "Which version is it" "$scratch/log" && [ ! -s "$scratch/asked" ]
check "without a version nothing is done" $?

! release -p:Version=1.4.0 -p:SignKey=ci.pem && [ ! -s "$scratch/asked" ]
check "a key without a passphrase file is refused at once" $?

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
