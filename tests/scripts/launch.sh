#!/bin/sh
# firmware-scripts/launch: which agent is started.
# shellcheck disable=SC2016,SC2154 # scripts of the scratch device are written down as they are; what update-lib.sh sets
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
# shellcheck source=/dev/null
. "$here/update-lib.sh"

in_slot() { # file slot
  mkdir -p "$slots/$2"
  cp "$1" "$slots/$2/messaging-agent"
  ln -sfn "$2" "$slots/current"
}

packaged_runs() {
  fresh packaged
  expect 'the packaged one' runs 1.0.0
  mkdir -p "$slots"
  expect 'without a current' runs 1.0.0
  ln -s a "$slots/current"
  expect 'where current leads nowhere' runs 1.0.0
}

slot_runs() {
  fresh slot
  in_slot "$scratch/agent-1.1.0" a
  expect 'that of the slot' runs 1.1.0
  in_slot "$scratch/agent-1.2.0" b
  expect 'that of the other' runs 1.2.0
}

what_cannot_run_is_passed_by() {
  fresh broken
  in_slot "$scratch/agent-1.1.0" a
  chmod 644 "$slots/a/messaging-agent"
  expect 'not executable' runs 1.0.0
  printf '' >"$slots/a/messaging-agent"
  chmod 755 "$slots/a/messaging-agent"
  expect 'empty' runs 1.0.0
  printf 'echo taken for a script\n' >"$slots/a/messaging-agent"
  expect 'no program' runs 1.0.0
  printf '#!/nowhere\n' >"$slots/a/messaging-agent"
  expect 'exec fails' runs 1.0.0
  rm "$slots/a/messaging-agent"
  mkdir "$slots/a/messaging-agent"
  expect 'a folder' runs 1.0.0
}

noexec_is_passed_by() {
  fresh noexec
  in_slot "$scratch/agent-1.1.0" a
  expect 'the packaged one' unshare --mount sh -c 'mount -t tmpfs -o noexec none "$1/updates/slots/messaging-agent/a" && cp "$2" "$1/updates/slots/messaging-agent/a/messaging-agent" \
    && test "$(exec 2>&-; PATH=$4 $3 "$1/usr/messaging-agent" version)" = "messaging-agent 1.0.0"' sh "$sys" "$scratch/agent-1.1.0" "$shell" "$scratch/applets:/usr/bin"
}

arguments_and_process_are_its_own() {
  fresh arguments
  printf '#!/bin/sh\nprintf "%%s:" "$$" "$0" "$@"\nexit 7\n' >"$sys/lib/messaging-agent"
  agent run 'two words' '' '*' >"$sys/out" &
  wait $!
  expect 'its exit code' test $? -eq 7
  expect 'arguments' test "$(cut -d : -f 2- "$sys/out")" = "$sys/lib/messaging-agent:run:two words::*:"
  in_slot "$sys/lib/messaging-agent" b
  case $shell in dash) command=dash ;; *) command="$busybox sh" ;; esac
  # shellcheck disable=SC2086 # two words, or one
  sh -c 'echo $$; exec "$@"' sh $command "$sys/usr/messaging-agent" run >"$sys/out"
  expect 'the same process' test "$(sed -n 1p "$sys/out")" = "$(sed -n 2p "$sys/out" | cut -d : -f 1)"
  expect 'named as the program' test "$(sed -n 2p "$sys/out" | cut -d : -f 2)" = "$slots/current/messaging-agent"
}

environment_changes_nothing() {
  fresh environment
  in_slot "$scratch/agent-1.1.0" a
  # shellcheck disable=SC2123 # all of the environment
  slot=/bin/false packaged=/bin/false PATH=/nowhere BASH_VERSION=5 ENV=/dev/null
  export slot packaged PATH BASH_VERSION ENV
  out=$(/bin/sh "$sys/usr/messaging-agent" version)
  PATH=/usr/bin:/bin
  expect 'that of the slot' test "$out" = 'messaging-agent 1.1.0'
}

bash_falls_back_too() {
  command -v bash >/dev/null || return 0
  fresh bash
  in_slot "$scratch/agent-1.1.0" a
  expect 'that of the slot' test "$(bash --posix "$sys/usr/messaging-agent" version)" = 'messaging-agent 1.1.0'
  printf '#!/nowhere\n' >"$slots/a/messaging-agent"
  expect 'the packaged one' test "$(bash --posix "$sys/usr/messaging-agent" version 2>/dev/null)" = 'messaging-agent 1.0.0'
}

run_both 'without a slot the packaged agent runs' packaged_runs
run_both 'the current slot runs' slot_runs
run_both 'a slot that cannot run is passed by' what_cannot_run_is_passed_by
run_both 'a slot that is mounted noexec is passed by' noexec_is_passed_by
run_both 'arguments, exit code and process are those of the agent' arguments_and_process_are_its_own
run 'the environment changes nothing' environment_changes_nothing
run 'bash as sh falls back too' bash_falls_back_too
finish
