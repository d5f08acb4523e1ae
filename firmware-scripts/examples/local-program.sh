#!/bin/sh
# A program of the device's own, in shell: sends a metric and an event to the agent, then obeys commands of the fleet.
# Usage: local-program.sh [SOCKET [NAME]]; NAME must be in Local:Apps. Needs socat.
set -eu
socket=${1:-/run/messaging-agent/local.sock}
name=${2:-example}

pipe=$(mktemp -d)
trap 'rm -rf "$pipe"' EXIT INT TERM
mkfifo "$pipe/in" "$pipe/out"
socat "UNIX-CONNECT:$socket" STDIO <"$pipe/in" >"$pipe/out" &
exec 3>"$pipe/in" 4<"$pipe/out"

# Each line is answered with "ok", when it is safe on the disk, or with "error" and a reason.
ask() {
    printf '%s\n' "$1" >&3
    read -r answer <&4
    [ "$answer" = ok ] || { echo "$answer" >&2; exit 1; }
}

ask "metric example.started 1 kind=counter"
ask "event example.started severity=info pid=$$"
ask "listen $name"
echo "listening as $name"

# Commands come as: command ID NAME "argument"... [payload=BASE64]. The answers to what is said in between are read here too.
while IFS= read -r line <&4; do
    case $line in
    "command "*)
        rest=${line#command }
        id=${rest%% *}
        arguments=${rest#"$id $name"}
        quoted=$(printf '%s' "${arguments# }" | sed 's/\\/\\\\/g; s/"/\\"/g')
        printf 'output %s "got %s"\ndone %s "as told"\n' "$id" "$quoted" "$id" >&3
        ;;
    error*) echo "$line" >&2 ;;
    esac
done
