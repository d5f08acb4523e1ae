# shellcheck shell=sh disable=SC2016,SC2034,SC2154 # variables are shared with who reads this in; scripts of the scratch device are written down as they are
# For tests of what is installed for updates: a scratch device in $sys, with its own launcher, guard and hooks, whose constants point into it.
# Each test is run by dash with Debian's programs and by busybox's shell with busybox's: run_both NAME FUNCTION.
firmware=$here/../../firmware-scripts
[ "$(id -u)" -eq 0 ] || exec sudo "$0" "$@"
for tool in busybox dash setsid; do
  command -v "$tool" >/dev/null || { echo "$tool is missing (Debian: busybox-static dash util-linux)" >&2; exit 1; }
done
machine=$(uname -m)
scratch=$(mktemp -d)
# The agent's user, here nobody, starts programs in it.
chmod 755 "$scratch"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$scratch/applets"
busybox=$(command -v busybox)
"$busybox" --install -s "$scratch/applets"

# Of everything that a test needs there is one of each, made once.
for version in 1.0.0 1.1.0 1.2.0; do program "$machine" "$scratch/agent-$version" "messaging-agent $version"; done

# point_into FOLDER FILE...: the constants of installed scripts.
point_into() {
  device=$1
  shift
  sed -i -e "s|/var/lib/messaging-agent-updates|$device/updates|g" -e "s|/usr/lib/messaging-agent|$device/lib|g" \
    -e "s|/run/messaging-agent-updates.lock|$device/run/lock|g" -e "s|/run/systemd/system|$device/run/systemd|g" \
    -e "s|^boot_file=.*|boot_file=$device/boot|" -e "s|^uptime_file=.*|uptime_file=$device/uptime|" \
    -e "s|^PATH=/usr[^ ]*|PATH=$device/bin:\$PATH|" -e 's|^user=messaging-agent$|user=nobody|' \
    -e "s|^archives=.*|archives=$device/archives|" -e "s|^mounts=.*|mounts=$device/mounts|" "$@"
}

# A device with the packaged agent 1.0.0: fresh NAME
fresh() {
  sys=$scratch/$1
  root=$sys/updates slots=$sys/updates/slots/messaging-agent trial=$sys/updates/trial outcome=$sys/updates/outcome
  rm -rf "$sys"
  mkdir -p "$sys/lib/update.d" "$sys/run/systemd" "$sys/bin" "$sys/usr"
  cp "$firmware"/update.d/* "$sys/lib/update.d/"
  cp "$firmware/guard" "$sys/lib/update-guard"
  cp "$firmware/launch" "$sys/usr/messaging-agent"
  cp "$scratch/agent-1.0.0" "$sys/lib/messaging-agent"
  point_into "$sys" "$sys/lib/update-guard" "$sys/usr/messaging-agent" "$sys"/lib/update.d/*
  boots 1
  uptime 100
  # Not every busybox has one.
  case $shell in dash) ;; *) [ -e "$scratch/applets/su" ] || ln -s "$(command -v su)" "$sys/bin/su" ;; esac
  : >"$sys/functions"
  fake systemctl 'case $* in *is-failed*) test -e "$sys/failed" ;; esac'
}

boots() { printf '00000000-0000-0000-0000-%012d\n' "$1" >"$sys/boot"; }
uptime() { echo "$1.00 1.00" >"$sys/uptime"; }

# A program of the device that writes down how it is called: fake NAME [SCRIPT]
fake() {
  printf '#!/bin/sh\nsys=%s\nprintf "%%s\\n" "$*" >>"$sys/%s.calls"\n%s\n' "$sys" "$1" "${2:-}" >"$sys/bin/$1"
  chmod 755 "$sys/bin/$1"
  [ ! -e "$scratch/applets/$1" ] || printf '%s() { "%s/bin/%s" "$@"; }\n' "$1" "$sys" "$1" >>"$sys/functions"
}

called() { grep -qxF -- "$2" "$sys/$1.calls" 2>/dev/null; }

# In the shell that is tested, with the programs that go with it. Debian's static busybox takes its own before those of PATH, and functions before its own.
in_shell() {
  case $shell in
  dash) PATH=$sys/bin:/usr/sbin:/usr/bin:/sbin:/bin dash "$@" ;;
  *) PATH=$sys/bin:$scratch/applets "$busybox" sh -c ". '$sys/functions'; . \"\$0\"" "$@" ;;
  esac
}

agent() { in_shell "$sys/usr/messaging-agent" "$@"; }
guard() { "${in_shell:-in_shell}" "$sys/lib/update-guard" "$@" 2>"$sys/said"; }
runs() { [ "$(agent version 2>>"$sys/launched")" = "messaging-agent $1" ]; }

# Which update the hooks are called for: update NUMBER KIND NAME VERSION ARTIFACT [PARAM=VALUE...]
update() {
  id=$(printf '%032x' "$1") kind=$2 name=$3 version=$4 artifact=$5
  shift 5
  work=$root/work/$id state=$root/state/$name params=$work.params
  mkdir -p "$work" "$state"
  printf '%s\n' "$@" >"$params"
  size=0 sum=none
  if [ -f "$artifact" ]; then size=$(wc -c <"$artifact") sum=$(sha256sum <"$artifact"); fi
}

# hook VERB: as the helper calls it; its words go to $sys/said.
hook() {
  UPDATE_ID=$id UPDATE_KIND=$kind UPDATE_NAME=$name UPDATE_VERSION=$version UPDATE_SIZE=$size UPDATE_SHA256=${sum%% *} UPDATE_ARTIFACT=$artifact \
    UPDATE_ROOT=$root UPDATE_STATE=$state UPDATE_WORK=$work UPDATE_PARAMS=$params UPDATE_DEADLINE=600 UPDATE_REASON=unhealthy LC_ALL=C \
    "${in_shell:-in_shell}" "${hooks:-$sys/lib/update.d}/$kind" "$1" 2>"$sys/said"
}

# hooks_do VERB...: each ends with success.
hooks_do() { for verb in "$@"; do hook "$verb" || die "$kind $verb failed: $(cat "$sys/said")"; done; }

# refuses CODE TEXT VERB: it ends with this code, and this is in its last line.
refuses() {
  hook "$3"
  code=$?
  [ $code -eq "$1" ] || die "$kind $3 ended with $code: $(cat "$sys/said")"
  tail -n 1 "$sys/said" | grep -qF -- "$2" || die "$kind $3 does not say \"$2\" but: $(cat "$sys/said")"
}

next_is() { [ "$(cat "$work/next" 2>/dev/null)" = "$1" ]; }
current_is() { [ "$(readlink "${2:-$slots}/current" 2>/dev/null)" = "$1" ]; }
has_line() { grep -qxF -- "$2" "$1" 2>/dev/null; }

shell=dash
run_both() {
  for shell in dash 'busybox sh'; do run "$1 ($shell)" "$2"; done
}

# renames_are_synced FILE: of calls of mv and sync, a line each. What is moved was synced before (links are in their folder), and the folder of its new name after.
renames_are_synced() {
  awk '
    $1 == "sync" { for (i = 2; i <= NF; i++) synced[$i] = 1; if (want != "" && (want in synced)) want = ""; next }
    want != "" { print "not synced after it was renamed: " want; bad = 1; want = "" }
    $1 == "mv" {
      renames++
      from = $(NF - 1); to = $NF
      if ($2 != "-fT" && !(from in synced)) { print "not synced before it was renamed: " from; bad = 1 }
      want = to; sub("/[^/]*$", "", want); delete synced[want]
    }
    END { exit bad || want != "" || !renames }' "$1" >&2
}
