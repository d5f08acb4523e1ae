#!/bin/sh
# Updates while the power fails: at each command that changes something, one after the other, the whole process group is killed, and goes on as after a
# reboot. In the end there is always an agent that runs, and trial and outcome say what is so. What the disk would lose is held by the order of renames and
# syncs, which the tests of guard and hooks look at.
# shellcheck disable=SC2016,SC2034,SC2154,SC2317 # scripts of the scratch device are written down as they are; what update-lib.sh sets, and calls
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
# shellcheck source=/dev/null
. "$here/update-lib.sh"
tools='mv ln sync cp rm tar mkdir chmod systemctl'

# Programs that count down, and cut the power when there is nothing left: cuttable
cuttable() {
  mkdir "$sys/real"
  for tool in $tools; do
    if [ -e "$sys/bin/$tool" ]; then
      mv "$sys/bin/$tool" "$sys/real/$tool"
    else
      case $shell in dash) from=$(command -v "$tool") ;; *) from=$scratch/applets/$tool ;; esac
      ln -s "$from" "$sys/real/$tool"
    fi
    printf '#!/bin/sh\nread -r left <"%s/left"\nif [ "$left" -eq 0 ]; then kill -9 0; fi\necho $((left - 1)) >"%s/left"\nexec "%s/real/%s" "$@"\n' "$sys" "$sys" "$sys" "$tool" >"$sys/bin/$tool"
    chmod 755 "$sys/bin/$tool"
    printf '%s() { "%s/bin/%s" "$@"; }\n' "$tool" "$sys" "$tool" >>"$sys/functions"
  done
}

power_for() { echo "$1" >"$sys/left"; }

# In a group of its own, which the cut ends. 137: the power was cut.
cut_in() {
  case $shell in
  dash) PATH=$sys/bin:/usr/sbin:/usr/bin:/sbin:/bin "$setsid" -w dash "$@" ;;
  *) PATH=$sys/bin:$scratch/applets "$setsid" -w "$busybox" sh -c ". '$sys/functions'; . \"\$0\"" "$@" ;;
  esac
}
setsid=$(command -v setsid)

# What goes with the power, and who is there first when it comes back.
boot=1
reboots() {
  boot=$((boot + 1))
  boots "$boot"
  uptime 10
  rm -f "$sys/run/lock"
  power_for 1000000
  guard start || die 'the guard did not end with success'
}

# The device is always the same folder, as its programs know where it is; what it was like is kept under a name.
keep_as() { rm -rf "${scratch:?}/$1"; cp -a "$sys" "$scratch/$1"; }
from() { rm -rf "$sys"; cp -a "$scratch/$1" "$sys"; }

# each_cut FUNCTION: with one command more each time, until nothing is cut any more; $cuts adds them up.
cuts=0
each_cut() {
  at=0
  keep_as before
  while :; do
    cut=no
    power_for "$at"
    "$1"
    power_for 1000000
    [ "$cut" = yes ] || break
    at=$((at + 1)) cuts=$((cuts + 1))
    [ "$at" -lt 100 ] || die 'it never ends'
    from before
  done
}

# try_verb VERB: 0 when it was cut; anything else than that and success is a fault.
try_verb() {
  in_shell=cut_in hook "$1"
  code=$?
  case $code in
  0) return 1 ;;
  137)
    cut=yes
    power_for 1000000
    ;;
  *) die "$1 failed with $code: $(cat "$sys/said")" ;;
  esac
}

# each_verb FUNCTION VERB...: one after the other, each cut at each command. Then it is called again, as is all that follows, and at last the function looks.
each_verb() {
  look=$1
  shift
  while [ $# -gt 0 ]; do
    rest=$*
    once() {
      try_verb "${rest%% *}" || return 0
      after_cut
      # shellcheck disable=SC2086 # words
      hooks_do $rest
      "$look"
    }
    each_cut once
    shift
  done
  "$look"
}

works() {
  case $(agent version 2>"$sys/launched") in
  'messaging-agent 1.'[012].0) ;;
  *) die "after the cut at $at no agent runs: $(cat "$sys/launched")" ;;
  esac
}
nothing_half() {
  expect "no trial after the cut at $at" test ! -e "$trial"
  expect "nobody says otherwise after the cut at $at" test ! -e "$outcome"
  expect "nothing half after the cut at $at" test -z "$(find "$root" -name '*.new' ! -path "$work/*")"
}
cut_often() { expect "enough was cut ($cuts)" test "$cuts" -ge "$1"; }

agent_after_cut() { works; reboots; works; }

# Slot a has 1.1.0, committed; 1.2.0 comes.
prepare_agent() {
  fresh device
  update 1 agent messaging-agent 1.1.0 "$scratch/agent-1.1.0"
  hooks_do verify install switch commit cleanup
  rm -r "$work"
  update 2 agent messaging-agent 1.2.0 "$scratch/agent-1.2.0"
  cuttable
  power_for 1000000
  after_cut() { agent_after_cut; }
}

agent_is_updated() {
  prepare_agent
  hooks_do verify
  # What verify has prepared is made anew, under the same cuts.
  rm -r "$work/try"
  look() {
    expect "the new one runs after the cut at $at" runs 1.2.0
    nothing_half
  }
  each_verb look install switch commit cleanup
  cut_often 35
}

agent_is_taken_back() {
  prepare_agent
  hooks_do verify install switch
  look() {
    expect "the former one runs after the cut at $at" runs 1.1.0
    expect 'what did not work is gone' test ! -e "$slots/b"
    nothing_half
  }
  each_verb look rollback cleanup
  cut_often 10
}

# Wherever it was cut, it can be given up instead.
agent_is_given_up() {
  prepare_agent
  once() {
    try_verb "$given" || return 0
    agent_after_cut
    hooks_do rollback cleanup
    expect "the former one runs after the cut at $at" runs 1.1.0
    nothing_half
  }
  hooks_do verify
  rm -r "$work/try"
  for given in install switch; do each_cut once; done
  cut_often 20
}

# The guard switches back at a start, at a look, and where a file is damaged: what it began it ends, and says.
guard_ends_what_it_began() {
  prepare_agent
  hooks_do verify install switch
  keep_as switched
  for way in 'start starts=3 start-failed' 'tick spent=600 deadline' 'tick failed start-failed' 'start id=damaged damaged'; do
    # shellcheck disable=SC2086 # three words
    set -- $way
    call=$1 change=$2 reason=$3
    from switched
    case $change in
    failed) : >"$sys/failed" ;;
    *) sed -i "s/^${change%%=*}=.*/$change/" "$trial" ;;
    esac
    look() {
      expect "the former one runs after the cut at $at of $way" runs 1.1.0
      expect 'why' has_line "$outcome" "reason=$reason"
      expect 'the trial is over' test ! -e "$trial"
    }
    once() {
      in_shell=cut_in guard "$call"
      if [ $? -eq 137 ]; then
        cut=yes
        works
        reboots
        # Where it had not been written down yet, it is seen again.
        if [ -e "$trial" ]; then guard tick; fi
      fi
      look
    }
    each_cut once
  done
  hooks_do rollback
  expect 'and it stays so' runs 1.1.0
  cut_often 30
}

# A tree: all of the former one or all of the new one.
prepare_tree() {
  fresh device
  slots=$root/slots/camera
  for version in 1 2; do
    mkdir -p "$scratch/tree-$version/bin"
    echo "$version" >"$scratch/tree-$version/bin/camera"
    echo "$version" >"$scratch/tree-$version/other"
    tar -cf "$scratch/tree-$version.tar" -C "$scratch/tree-$version" .
  done
  update 1 tree camera 1.0.0 "$scratch/tree-1.tar" unit=camera.service
  hooks_do verify install switch commit cleanup
  rm -r "$work"
  update 2 tree camera 2.0.0 "$scratch/tree-2.tar" unit=camera.service
  cuttable
  power_for 1000000
  after_cut() { has_tree 1 || has_tree 2 || die "after the cut at $at it is neither"; }
}

has_tree() { [ "$(cat "$slots/current/bin/camera" "$slots/current/other" | tr -d '\n')" = "$1$1" ]; }

tree_is_updated() {
  prepare_tree
  look() {
    has_tree 2 || die "it is not switched after the cut at $at"
    expect 'the former one is kept' test -d "$slots/a"
    nothing_half
  }
  hooks_do verify
  each_verb look install switch commit cleanup
  cut_often 20
}

tree_is_taken_back() {
  prepare_tree
  hooks_do verify install
  has_tree 1 || die 'it is switched too early'
  hooks_do switch
  look() {
    has_tree 1 || die "it is not back after the cut at $at"
    expect 'what did not work is gone' test ! -e "$slots/b"
    nothing_half
  }
  each_verb look rollback cleanup
  cut_often 10
}

run_both 'an agent is updated' agent_is_updated
run_both 'an agent is taken back' agent_is_taken_back
run_both 'an agent that was cut is given up' agent_is_given_up
run_both 'the guard ends what it began' guard_ends_what_it_began
run_both 'a tree is updated' tree_is_updated
run_both 'a tree is taken back' tree_is_taken_back
finish
