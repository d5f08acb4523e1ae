#!/bin/sh
# firmware-scripts/guard: an agent on trial is counted, timed and taken back.
# shellcheck disable=SC2016,SC2154 # scripts of the scratch device are written down as they are; what update-lib.sh sets
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
# shellcheck source=/dev/null
. "$here/update-lib.sh"
id=0123456789abcdef0123456789abcdef

# A device on whose slot b an agent is on trial: on_trial NAME PREVIOUS [KEY=VALUE...]
on_trial() {
  fresh "$1"
  mkdir -p "$slots/a" "$slots/b"
  cp "$scratch/agent-1.1.0" "$slots/a/messaging-agent"
  cp "$scratch/agent-1.2.0" "$slots/b/messaging-agent"
  ln -s b "$slots/current"
  printf '%s\n' "id=$id" name=messaging-agent slot=b "previous=$2" max=3 starts=0 deadline=600 spent=0 boot=00000000-0000-0000-0000-000000000001 seen=100 >"$trial"
  shift 2
  for line in "$@"; do sed -i "s|^${line%%=*}=.*|$line|" "$trial"; done
}

is_back() { # version reason [id]
  expect 'it ends with success' test "$code" -eq 0
  expect 'the former agent runs' runs "$1"
  expect 'the trial is over' test ! -e "$trial"
  expect 'why' has_line "$outcome" "reason=$2"
  expect 'that it was reverted' has_line "$outcome" result=reverted
  expect 'which' has_line "$outcome" "id=${3-$id}"
  expect 'in words' grep -q '^detail=..*' "$outcome"
  expect 'four lines' test "$(wc -l <"$outcome")" -eq 4
}

starts() { guard start; code=$?; }
ticks() { guard tick; code=$?; }

no_trial_is_nothing_to_do() {
  fresh none
  starts
  expect 'a start' test "$code" -eq 0
  expect 'nothing is made' test ! -e "$root"
  ticks
  expect 'the timer is stopped' called systemctl '--no-block stop messaging-agent-guard.timer'
}

starts_are_counted() {
  on_trial counts a
  for count in 1 2 3; do
    starts
    expect 'it is counted' has_line "$trial" "starts=$count"
    expect 'and runs' runs 1.2.0
  done
  starts
  is_back 1.1.0 start-failed
  expect 'nothing is restarted before a start' test ! -e "$sys/systemctl.calls"
}

packaged_agent_comes_back() {
  on_trial packaged none starts=3
  starts
  is_back 1.0.0 start-failed
  expect 'there is no slot any more' test ! -L "$slots/current"
}

time_is_added_up() {
  on_trial time a spent=500
  uptime 130
  ticks
  expect 'it is added' has_line "$trial" spent=530
  expect 'from here on' has_line "$trial" seen=130
  uptime 120
  ticks
  expect 'time never goes back' has_line "$trial" spent=530
  boots 2
  uptime 20
  ticks
  expect 'a new boot begins a new span' has_line "$trial" spent=530
  uptime 50
  starts
  expect 'a start counts time too' has_line "$trial" spent=560
  uptime 9000
  ticks
  is_back 1.1.0 deadline
  expect 'it is restarted' called systemctl '--no-block restart messaging-agent.service'
  expect 'also when it had failed' called systemctl '--quiet reset-failed messaging-agent.service'
}

sleep_does_not_count() {
  on_trial sleep a
  uptime 50000
  ticks
  expect 'two minutes at most' has_line "$trial" spent=120
  expect 'it runs on' runs 1.2.0
}

failed_unit_is_taken_back() {
  on_trial failed a
  : >"$sys/failed"
  ticks
  is_back 1.1.0 start-failed
  expect 'it is started again' called systemctl '--no-block restart messaging-agent.service'
  on_trial failed-before a
  ln -sfn a "$slots/current"
  : >"$sys/failed"
  ticks
  expect 'one that is not switched yet has not failed' test -e "$trial"
}

unstartable_slot_is_taken_back() {
  on_trial gone a
  rm "$slots/b/messaging-agent"
  starts
  is_back 1.1.0 start-failed
}

unstartable_former_is_passed_by() {
  on_trial passed a starts=3
  rm -r "$slots/a"
  starts
  is_back 1.0.0 start-failed
  on_trial passed-all a starts=3
  rm -r "$slots/a" "$sys/lib/messaging-agent"
  starts
  expect 'it ends with success' test "$code" -eq 0
  expect 'what there is stays' runs 1.2.0
  expect 'and on trial' test -e "$trial"
  ticks
  expect 'nothing is restarted for nothing' test ! -e "$sys/systemctl.calls" -o -z "$(grep restart "$sys/systemctl.calls")"
}

not_switched_is_not_counted() {
  on_trial unswitched a
  ln -sfn a "$slots/current"
  starts
  expect 'it is not counted' has_line "$trial" starts=0
  expect 'what is there stays' runs 1.1.0
}

# Each line missing, wrong, and all of it in the ways in which files break.
damaged_trial_is_taken_back() {
  for change in '/^id=/d' 's/^id=.*/id=XYZ/' '/^slot=/d' 's/^slot=.*/slot=c/' '/^max=/d' 's/^max=.*/max=-1/' 's/^starts=.*/starts=08/' 's/^starts=.*/starts=9999999999/' \
    '/^deadline=/d' 's/^deadline=.*/deadline=soon/' 's/^spent=.*/spent=1 2/' '/^seen=/d' '/^boot=/d' 's/^name=.*/name=camera/'; do
    on_trial damaged a
    sed -i "$change" "$trial"
    starts
    case $change in *id=*) is_back 1.1.0 damaged '' ;; *) is_back 1.1.0 damaged ;; esac
  done
  for change in '/^previous=/d' 's/^previous=.*/previous=..\/../'; do
    on_trial damaged a
    sed -i "$change" "$trial"
    starts
    is_back 1.0.0 damaged
  done
}

broken_file_is_taken_back() {
  on_trial empty a
  : >"$trial"
  starts
  is_back 1.0.0 damaged ''
  on_trial noise a
  head -c 5000 /dev/urandom >"$trial"
  ticks
  is_back 1.0.0 damaged ''
  expect 'it is restarted' called systemctl '--no-block restart messaging-agent.service'
  on_trial folder a
  rm "$trial"
  mkdir "$trial"
  starts
  is_back 1.0.0 damaged ''
  on_trial dangling a
  ln -sfn nowhere "$trial"
  starts
  is_back 1.0.0 damaged ''
}

missing_folders_stop_nobody() {
  on_trial folders a starts=4
  rm -r "$root/slots"
  starts
  is_back 1.0.0 start-failed
  on_trial shared a starts=3
  rm "$sys/lib/update.d/slots.sh"
  starts
  expect 'it ends with success' test "$code" -eq 0
  says 'is missing: nobody watches' "$sys/said"
}

# Mounted over the scratch folder in a place of its own: root may write everywhere else.
read_only_stops_nobody() {
  on_trial read-only a starts=3
  cat >"$sys/try" <<SH
mount --bind "$root" "$root" && mount -o remount,bind,ro "$root" || exit 99
PATH=$scratch/applets:/usr/bin $shell "$sys/lib/update-guard" \$1
SH
  expect 'a start' unshare --mount sh "$sys/try" start 2>"$sys/said"
  expect 'a look' unshare --mount sh "$sys/try" tick 2>"$sys/said"
  says 'cannot be changed' "$sys/said"
  expect 'what there is stays' runs 1.2.0
  expect 'nothing is restarted for nothing' test -z "$(grep restart "$sys/systemctl.calls")"
}

full_disk_takes_back() {
  on_trial full a
  # A name that is too long for what is written beside it.
  fake sync 'case $* in *trial.new) exit 1 ;; esac; test $# -gt 0'
  starts
  is_back 1.1.0 damaged
}

replaced_is_what_runs() {
  on_trial replaced a
  guard replaced
  code=$?
  is_back 1.0.0 replaced
  fresh replaced-none
  expect 'without anything' guard replaced
  expect 'nothing is made' test ! -e "$root"
  on_trial replaced-quiet a
  rm "$trial"
  guard replaced
  expect 'the packaged one runs' runs 1.0.0
  expect 'nothing was on trial' test ! -e "$outcome"
}

one_at_a_time() {
  on_trial lock a
  # A process that is alive has it, and gives it back.
  sleep 300 &
  holder=$!
  started=$(sed 's/.*) //' "/proc/$holder/stat" | cut -d ' ' -f 20)
  ln -s "$holder:$started" "$sys/run/lock"
  fake sleep "kill $holder; rm '$sys/run/lock'"
  starts
  expect 'it was waited for' has_line "$trial" starts=1
  expect 'once' called sleep 1
  # What a process left behind that is gone, or whose number another one has.
  for left in "$holder:$started" "$$:1" nothing; do
    on_trial left a
    ln -s "$left" "$sys/run/lock"
    fake sleep 'exit 0'
    starts
    expect 'it is taken' has_line "$trial" starts=1
    expect 'at once' test ! -e "$sys/sleep.calls"
    expect 'and given back' test ! -L "$sys/run/lock"
  done
}

who_holds_on_stops_nobody() {
  on_trial held a
  ln -s "$$:$(sed 's/.*) //' "/proc/$$/stat" | cut -d ' ' -f 20)" "$sys/run/lock"
  fake sleep 'exit 0'
  starts
  expect 'it ends with success' test "$code" -eq 0
  expect 'nothing is changed' has_line "$trial" starts=0
  expect 'the lock is his' test -L "$sys/run/lock"
}

no_run_is_no_reason() {
  on_trial no-run a
  rmdir "$sys/run/systemd" "$sys/run"
  starts
  expect 'it is counted' has_line "$trial" starts=1
}

every_rename_is_safe() {
  on_trial order a starts=3
  for tool in mv sync rm ln; do fake "$tool" "echo $tool \"\$@\" >>'$sys/order'; exec $(command -v "$tool") \"\$@\""; done
  starts
  is_back 1.1.0 start-failed
  expect 'synced before and after' renames_are_synced "$sys/order"
}

run_both 'without a trial there is nothing to do' no_trial_is_nothing_to_do
run_both 'starts are counted, and too many are taken back' starts_are_counted
run_both 'the packaged agent comes back' packaged_agent_comes_back
run_both 'time is added up over boots, and too much is taken back' time_is_added_up
run_both 'a machine that sleeps is not trying' sleep_does_not_count
run_both 'an agent that stopped for good is taken back' failed_unit_is_taken_back
run_both 'a slot that cannot be started is taken back' unstartable_slot_is_taken_back
run_both 'a former agent that cannot be started is passed by' unstartable_former_is_passed_by
run_both 'what is not switched yet is not counted' not_switched_is_not_counted
run_both 'a damaged trial is taken back' damaged_trial_is_taken_back
run_both 'a trial that is no file any more is taken back' broken_file_is_taken_back
run_both 'missing folders keep no agent from starting' missing_folders_stop_nobody
run_both 'a read-only file system keeps no agent from starting' read_only_stops_nobody
run_both 'what cannot be counted is taken back' full_disk_takes_back
run_both 'an agent that is installed by hand is what runs' replaced_is_what_runs
run_both 'one works at a time' one_at_a_time
run_both 'who holds the lock keeps no agent from starting' who_holds_on_stops_nobody
run_both 'without a place for the lock it is counted too' no_run_is_no_reason
run_both 'what is renamed is on the disk before, and its folder after' every_rename_is_safe
finish
