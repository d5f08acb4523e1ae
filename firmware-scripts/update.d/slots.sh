# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with who reads this in
# Places of updates, the trial of an agent and what came of it: for update-guard and for the hooks, which name $root before.
# docs/reference/update-hooks.md describes the files. Whatever is written here is safe from a power cut when the function is done.
agent_slots=$root/slots/messaging-agent
trial=$root/trial
outcome=$root/outcome
lock=/run/messaging-agent-updates.lock
boot_file=/proc/sys/kernel/random/boot_id
uptime_file=/proc/uptime

# flush FILE...: onto the disk; all of it where sync(1) knows no files.
flush() { sync "$@" 2>/dev/null || sync; }

# keep FILE TEXT: the whole new file, or the old one.
keep() { printf '%s\n' "$2" >"$1.new" && flush "$1.new" && mv -f "$1.new" "$1" && flush "${1%/*}"; }

# drop FILE
drop() { rm -f "$1" && flush "${1%/*}"; }

# point LINK TARGET: at once, so that there is never none. -T is in GNU's and in busybox's mv: without it, mv would go into the folder that the old one points to.
point() { rm -f "$1.new" && ln -s "$2" "$1.new" && mv -fT "$1.new" "$1" && flush "${1%/*}"; }

# slot_of FOLDER: prints a, b or, where what was installed counts, none.
slot_of() {
  case $(readlink "$1/current" 2>/dev/null) in
  a) echo a ;;
  b) echo b ;;
  *) echo none ;;
  esac
}

# set_slot FOLDER a|b|none
set_slot() { if [ "$2" = none ]; then drop "$1/current"; else point "$1/current" "$2"; fi; }

# When a process was started, in ticks of the clock: with it a number that was given away again is not taken for the same process.
started_at() { # pid
  started=
  { IFS= read -r started <"/proc/$1/stat"; } 2>/dev/null || return 1
  # shellcheck disable=SC2086 # numbers
  set -- ${started##*) }
  started=${20}
}

# The guard runs before a start, by its timer, and beside hooks. The lock is a link, made at once, that says whose it is; it goes with /run and with its process.
# lock SECONDS: how long it is waited for, while who has it is alive. 1: he has it still. 2: where there is no /run, nobody can have it.
lock() {
  started_at "$$" || started=
  locked=$$:$started
  held=2
  for second in $(seq "$1") last; do
    ln -s "$locked" "$lock" 2>/dev/null && return
    holder=$(readlink "$lock") || continue
    held=1
    if ! started_at "${holder%%:*}" || [ "$holder" != "${holder%%:*}:$started" ]; then
      rm -f "$lock"
      ln -s "$locked" "$lock" 2>/dev/null && return
    fi
    [ "$second" = last ] || sleep 1
  done
  return $held
}

unlock() { [ "$(readlink "$lock")" != "${locked:-}" ] || rm -f "$lock"; }

is_number() { # text: 0 to 999999999
  case $1 in
  0) ;;
  '' | 0* | *[!0-9]* | ??????????*) return 1 ;;
  esac
}

is_id() { # text: 32 hex digits
  case $1 in
  *[!0-9a-f]*) return 1 ;;
  ????????????????????????????????) ;;
  *) return 1 ;;
  esac
}

# Into t_id, t_name, ... 1: there is no trial. 2: it is damaged; then what could not be read is empty.
read_trial() {
  t_id='' t_name='' t_slot='' t_previous='' t_max='' t_starts='' t_deadline='' t_spent='' t_boot='' t_seen=''
  [ -e "$trial" ] || [ -L "$trial" ] || return 1
  [ -f "$trial" ] || return 2
  while IFS= read -r line || [ -n "$line" ]; do
    value=${line#*=}
    case $line in
    id=*) t_id=$value ;;
    name=*) t_name=$value ;;
    slot=*) t_slot=$value ;;
    previous=*) t_previous=$value ;;
    max=*) t_max=$value ;;
    starts=*) t_starts=$value ;;
    deadline=*) t_deadline=$value ;;
    spent=*) t_spent=$value ;;
    boot=*) t_boot=$value ;;
    seen=*) t_seen=$value ;;
    esac
    line=
  done <"$trial" || return 2
  whole=0
  is_id "$t_id" || { whole=2 t_id=''; }
  [ "$t_name" = messaging-agent ] || { whole=2 t_name=''; }
  case $t_slot in a | b) ;; *) whole=2 t_slot='' ;; esac
  case $t_previous in a | b | none) ;; *) whole=2 t_previous='' ;; esac
  is_number "$t_max" || { whole=2 t_max=''; }
  is_number "$t_starts" || { whole=2 t_starts=''; }
  is_number "$t_deadline" || { whole=2 t_deadline=''; }
  is_number "$t_spent" || { whole=2 t_spent=''; }
  is_number "$t_seen" || { whole=2 t_seen=''; }
  [ -n "$t_boot" ] || whole=2
  return $whole
}

write_trial() {
  keep "$trial" "id=$t_id
name=$t_name
slot=$t_slot
previous=$t_previous
max=$t_max
starts=$t_starts
deadline=$t_deadline
spent=$t_spent
boot=$t_boot
seen=$t_seen"
}

# This boot, and the seconds that it is old: no clock that somebody can set.
read_uptime() {
  { IFS= read -r boot <"$boot_file" && read -r uptime _ <"$uptime_file"; } 2>/dev/null || return 1
  uptime=${uptime%%.*}
}

# Of an update that the guard has judged: prints why. 1: it has not judged it.
judged() { # id
  [ -f "$outcome" ] || return 1
  found=1 reason=
  while IFS= read -r line; do
    case $line in
    "id=$1") found=0 ;;
    reason=*) reason=${line#*=} ;;
    esac
  done <"$outcome"
  [ $found -eq 0 ] && echo "$reason"
}

# Whether the guard has this trial on the way back already, whatever became of it so far: a count that was used up stays so.
is_used_up() { [ "$t_starts" -gt "$t_max" ] || [ "$t_spent" -ge "$t_deadline" ]; }
