#!/bin/sh
# firmware-scripts/update.d/agent: an agent is put into the other slot, on trial, and is committed or taken back.
# shellcheck disable=SC2016,SC2034,SC2154 # scripts of the scratch device are written down as they are; what update-lib.sh sets
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
# shellcheck source=/dev/null
. "$here/update-lib.sh"
case $machine in x86_64) foreign=aarch64 ;; *) foreign=x86_64 ;; esac

agent_update() { # number version [param=value...]
  number=$1 new=$2
  shift 2
  update "$number" agent messaging-agent "$new" "$scratch/agent-$new" "$@"
}

updates_and_commits() {
  fresh commit
  agent_update 1 1.1.0
  expect 'the packaged one is known' test "$(hook installed)" = 1.0.0
  hooks_do download verify install
  expect 'nothing that runs has changed' runs 1.0.0
  hooks_do switch
  expect 'the new one runs' runs 1.1.0
  expect 'the helper restarts it' next_is restart-agent
  for line in "id=$id" name=messaging-agent slot=a previous=none max=3 starts=0 deadline=600 spent=0 seen=100; do
    expect "the trial says" has_line "$trial" "$line"
  done
  expect 'it is watched over' called systemctl 'restart messaging-agent-guard.timer'
  guard start
  hooks_do commit cleanup
  expect 'it is on trial no more' test ! -e "$trial"
  expect 'it stays' runs 1.1.0
  expect 'it is known' test "$(hook installed)" = 1.1.0
  expect 'nobody watches' called systemctl '--no-block stop messaging-agent-guard.timer'
  agent_update 2 1.2.0 starts=5
  hooks_do download verify install switch
  expect 'it goes into the other slot' has_line "$trial" slot=b
  expect 'from the first' has_line "$trial" previous=a
  expect 'as often as the release says' has_line "$trial" max=5
  hooks_do commit cleanup
  expect 'the second one runs' runs 1.2.0
  expect 'the first one is kept' test -x "$slots/a/messaging-agent"
}

takes_back() {
  fresh rollback
  agent_update 1 1.1.0
  hooks_do verify install switch commit cleanup
  agent_update 2 1.2.0
  hooks_do verify install switch
  rm "$work/next"
  hooks_do rollback
  expect 'the former one runs' runs 1.1.0
  expect 'the helper restarts it' next_is restart-agent
  expect 'it is on trial no more' test ! -e "$trial"
  hooks_do rollback cleanup
  expect 'what did not work is gone' test ! -e "$slots/b"
  expect 'and what was known of it' test ! -e "$state/b"
}

guard_was_first() {
  fresh guard
  agent_update 1 1.1.0
  hooks_do verify install switch
  for _ in 1 2 3 4; do guard start; done
  expect 'the packaged one runs' runs 1.0.0
  refuses 1 'the guard has switched back: start-failed' switch
  refuses 1 'the guard has switched back: start-failed' commit
  expect 'it does not run' runs 1.0.0
  hooks_do rollback
  expect 'the outcome is for the helper' has_line "$outcome" "id=$id"
  hooks_do cleanup
  expect 'until it has it' test ! -e "$outcome"
  expect 'the slot is free' test ! -e "$slots/a"
}

counts_go_on() {
  fresh counts
  agent_update 1 1.1.0
  hooks_do verify install switch
  guard start
  hooks_do switch
  expect 'switching again does not begin anew' has_line "$trial" starts=1
  sed -i 's/^starts=.*/starts=4/' "$trial"
  refuses 1 'the guard is switching back' switch
  refuses 1 'the guard is switching back' commit
}

bad_artifacts_are_refused() {
  fresh bad
  agent_update 1 1.1.0
  update 1 agent camera 1.1.0 "$scratch/agent-1.1.0"
  refuses 1 'is messaging-agent, and not camera' download
  refuses 1 'is messaging-agent, and not camera' verify
  program "$foreign" "$scratch/foreign" 'messaging-agent 1.1.0'
  update 1 agent messaging-agent 1.1.0 "$scratch/foreign"
  refuses 1 'for another machine' verify
  echo 'echo no' >"$scratch/noise"
  update 1 agent messaging-agent 1.1.0 "$scratch/noise"
  refuses 1 'no program' verify
  update 1 agent messaging-agent 1.1.1 "$scratch/agent-1.1.0"
  refuses 1 'the new agent is messaging-agent 1.1.0, and not messaging-agent 1.1.1' verify
  head -c 100 "$scratch/agent-1.1.0" >"$scratch/cut"
  update 1 agent messaging-agent 1.1.0 "$scratch/cut"
  refuses 1 'does not run here' verify
  update 1 agent messaging-agent 1.1.0+build.7 "$scratch/agent-1.1.0"
  hooks_do verify
  sum=0123
  refuses 1 'differs from what was verified' install
  update 1 agent messaging-agent 1.1.0 "$scratch/nothing"
  refuses 1 'there is no artifact' verify
  expect 'nothing was put anywhere' test ! -e "$slots/a"
}

# The trimmed build ends with a segmentation fault where the unit of the native one forbids to make code.
compiling_build_in_the_native_unit_is_refused() {
  fresh builds
  { cat "$scratch/agent-1.1.0"; printf 'loader\000\000\213\022\002\271\152\141\040\070\162\173\223\002\024\327\240\062\023\365\271\346\357\256\063\030\356\073\055\316\044\263\152\256files'; } >"$scratch/trimmed"
  chmod 755 "$scratch/trimmed"
  fake systemctl 'case $* in "show -p MemoryDenyWriteExecute messaging-agent.service") cat "$sys/forbidden" ;; esac'
  echo MemoryDenyWriteExecute=yes >"$sys/forbidden"
  update 1 agent messaging-agent 1.1.0 "$scratch/trimmed"
  refuses 1 'the build that compiles while it runs' verify
  agent_update 2 1.1.0
  hooks_do verify
  echo MemoryDenyWriteExecute=no >"$sys/forbidden"
  update 3 agent messaging-agent 1.1.0 "$scratch/trimmed"
  hooks_do verify
}

# Whatever the new agent does when it is tried, it does as a user who may do nothing.
tried_as_nobody() {
  fresh nobody
  agent_update 1 1.1.0
  # A new agent that looks who it is: told from a script by nothing but the header, it may be one here.
  sed -i 's/^abi_of() .*/abi_of() { echo any; }/' "$sys/lib/update.d/agent"
  mkdir -m 777 "$sys/seen"
  printf '#!/bin/sh\nid -un >%s/seen/user\nenv >%s/seen/env\nls /sys/class/net >%s/seen/net\ncat /proc/self/net/dev >%s/seen/dev\necho messaging-agent 1.1.0\n' "$sys" "$sys" "$sys" "$sys" >"$scratch/curious"
  artifact=$scratch/curious
  sum=$(sha256sum <"$artifact")
  hooks_do verify
  expect 'as nobody' has_line "$sys/seen/user" nobody
  expect_not 'with what the helper knows' grep -q UPDATE_ "$sys/seen/env"
  expect_not 'with the network' grep -v -e Inter -e face -e ' lo:' "$sys/seen/dev"
}

# One that hangs is not waited for.
hanging_is_refused() {
  fresh hanging
  agent_update 1 1.1.0
  sed -i -e 's/^abi_of() .*/abi_of() { echo any; }/' -e 's/timeout -k 5 30/timeout -k 1 1/' "$sys/lib/update.d/agent"
  mkdir -m 777 "$sys/seen"
  printf '#!/bin/sh\necho $$ >"%s/seen/pid"\nexec sleep 60\n' "$sys" >"$scratch/hangs"
  artifact=$scratch/hangs
  sum=$(sha256sum <"$artifact")
  refuses 1 'does not run here' verify
  expect 'it had begun' test -s "$sys/seen/pid"
  expect_not 'it runs on' kill -0 "$(cat "$sys/seen/pid")"
}

no_place_no_download() {
  fresh place
  agent_update 1 1.1.0
  size=99999999999999
  refuses 1 'no room' download
  size=1
  rm -r "$sys/run/systemd"
  refuses 69 'no systemd' download
  mkdir "$sys/run/systemd"
  rm "$sys/lib/update-guard"
  refuses 69 'nobody would watch' download
}

unwatched_is_not_switched() {
  fresh unwatched
  agent_update 1 1.1.0
  hooks_do verify install
  fake systemctl 'exit 1'
  refuses 1 'cannot be started' switch
  expect 'what was there runs' runs 1.0.0
  expect 'and nothing is on trial' test ! -e "$trial"
}

out_of_order_is_refused() {
  fresh order
  agent_update 1 1.1.0
  refuses 1 'not installed yet' switch
  refuses 1 'not installed yet' commit
  hooks_do verify install
  refuses 1 'is not current' commit
  hooks_do rollback cleanup
  expect 'nothing is left' test ! -e "$slots/a"
  hooks_do verify install switch
  refuses 1 'commit or rollback comes first' cleanup
  hooks_do commit
  refuses 1 'it is committed' rollback
  hook install
  expect 'what runs is not written over' runs 1.1.0
  hook nonsense
  expect 'a wrong word' test $? -eq 64
}

two_take_turns() {
  fresh turns
  agent_update 1 1.1.0
  hooks_do verify install switch
  agent_update 2 1.2.0
  hooks_do verify
  refuses 75 'another agent is on trial' install
  printf a >"$work/slot"
  refuses 75 'another agent is on trial' switch
  refuses 1 'another agent is on trial' commit
  expect 'the first one runs' runs 1.1.0
}

damaged_trial_is_the_guards() {
  fresh damaged
  agent_update 1 1.1.0
  hooks_do verify install switch
  echo noise >"$trial"
  refuses 1 'the guard will switch back' commit
  refuses 1 'the guard will switch back' switch
  refuses 75 'the guard will switch back' rollback
  guard start
  hooks_do rollback
  expect 'it did' runs 1.0.0
}

slot_is_looked_at_before() {
  fresh slot
  agent_update 1 1.1.0
  hooks_do verify install
  cp "$scratch/agent-1.2.0" "$slots/a/messaging-agent"
  refuses 1 'does not hold what was installed' switch
  expect 'what was there runs' runs 1.0.0
}

every_rename_is_safe() {
  fresh renames
  agent_update 1 1.1.0
  for tool in mv sync; do fake "$tool" "echo $tool \"\$@\" >>'$sys/order'; exec $(command -v "$tool") \"\$@\""; done
  hooks_do verify install switch commit cleanup
  expect 'synced before and after' renames_are_synced "$sys/order"
}

run_both 'an agent is updated, and updated again' updates_and_commits
run_both 'an agent is taken back' takes_back
run_both 'what the guard has taken back stays so' guard_was_first
run_both 'switching again goes on with the trial' counts_go_on
run_both 'what is no agent for this machine is refused' bad_artifacts_are_refused
run_both 'the build that compiles is refused where nobody may make code' compiling_build_in_the_native_unit_is_refused
run_both 'a new agent is tried as a user who may do nothing' tried_as_nobody
run_both 'a new agent that hangs is refused' hanging_is_refused
run_both 'without room, systemd or guard nothing is downloaded' no_place_no_download
run_both 'what nobody would watch over is not switched' unwatched_is_not_switched
run_both 'verbs out of their order are refused' out_of_order_is_refused
run_both 'two updates take turns' two_take_turns
run_both 'a damaged trial is left to the guard' damaged_trial_is_the_guards
run_both 'a slot is looked at before it becomes current' slot_is_looked_at_before
run_both 'what is renamed is on the disk before, and its folder after' every_rename_is_safe
finish
