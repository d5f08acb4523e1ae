#!/bin/sh
# What the agent writes to the card at default settings: a real ext4 on a loop device, the real server, and what the block device counted.
# Needs root (mount), mkfs.ext4, curl and jq. Usage: spool-writes.sh AGENT SERVER [MINUTES [OPTION...]], for instance
#   sudo bench/spool-writes.sh agent/bin/Debug/net10.0/messaging-agent fleet-server/bin/Debug/net10.0/fleet-server 5 --set Logs:Files=/var/log/app.log
set -eu
agent=$1 server=$2 minutes=${3:-5}
shift 2
[ $# -gt 0 ] && shift
work=$(mktemp -d)
mkdir "$work/card" "$work/server"
cleanup() {
    [ -z "${agent_pid:-}" ] || kill "$agent_pid" 2>/dev/null || true
    [ -z "${server_pid:-}" ] || kill "$server_pid" 2>/dev/null || true
    wait 2>/dev/null || true
    umount "$work/card" 2>/dev/null || true
    [ -z "${loop:-}" ] || losetup -d "$loop" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT INT TERM

truncate -s 1G "$work/card.img"
mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 "$work/card.img"
loop=$(losetup -f --show "$work/card.img")
mount -o noatime "$loop" "$work/card"
stat=/sys/block/${loop#/dev/}/stat

"$server" demo --data "$work/server" > "$work/server.log" 2>&1 &
server_pid=$!
for _ in $(seq 120); do [ -s "$work/server/ready.json" ] && break; sleep 1; done
url=$(jq -r .url "$work/server/ready.json")
key=$(jq -r .apiToken "$work/server/ready.json")
token=$(curl -sf -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -d '{"maxUses":1,"expiresIn":3600}' "$url/api/v1/enrolment-tokens" | jq -r .token)
: > "$work/agent.conf"
"$agent" enroll "$token" --state "$work/card/state" --config "$work/agent.conf" > "$work/agent.log"
"$agent" run --state "$work/card/state" --config "$work/agent.conf" "$@" >> "$work/agent.log" 2>&1 &
agent_pid=$!

counters() {
    echo "$(awk '{ print $5, $7, $16 + 0 }' "$stat") $(awk '/^syscw/ { print $2 }' "/proc/$agent_pid/io") $(awk '/^wchar/ { print $2 }' "/proc/$agent_pid/io")"
}

# The first minute holds the start; what it dirtied is on the card before counting begins.
sleep 60
sync -f "$work/card"
read -r writes sectors flushes calls chars << END
$(counters)
END
sleep $((minutes * 60))
sync -f "$work/card"
read -r writes_now sectors_now flushes_now calls_now chars_now << END
$(counters)
END
scale() { awk -v n="$1" -v m="$minutes" 'BEGIN { printf "%.0f", n * 60 / m }'; }
echo "measured over $minutes minutes, scaled to an hour:"
echo "bytes written to the device  $(scale $(((sectors_now - sectors) * 512)))"
echo "writes to the device         $(scale $((writes_now - writes)))"
echo "flushes of the device        $(scale $((flushes_now - flushes)))"
echo "write calls of the agent     $(scale $((calls_now - calls)))"
echo "bytes of those calls         $(scale $((chars_now - chars)))"
