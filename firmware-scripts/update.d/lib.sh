# shellcheck shell=sh disable=SC2034 # variables are shared with who reads this in
# What the hooks share. A hook defines hook_VERB for each verb and ends with: dispatch "$@"
# docs/reference/update-hooks.md is the contract.
set -u
umask 022
# A word that comes from outside is never a pattern.
set -f
# Of what the helper sets; a person who calls a hook may leave out what the verb does not need.
root=${UPDATE_ROOT:?} state=${UPDATE_STATE:?} work=${UPDATE_WORK:-} artifact=${UPDATE_ARTIFACT:-}
# shellcheck source=slots.sh
. "${0%/*}/slots.sh"

# Left free of the file system, in KiB.
reserve=16384

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
unsupported() { say "$*"; exit 69; }
later() { say "$*"; exit 75; }
has() { command -v "$1" >/dev/null 2>&1; }

# param NAME [DEFAULT]: prints a parameter of the release.
param() {
  wanted=${2:-}
  if [ -f "${UPDATE_PARAMS:-}" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in "$1="*) wanted=${line#*=} ;; esac
      line=
    done <"$UPDATE_PARAMS"
  fi
  printf '%s' "$wanted"
}

# attempt COMMAND...: what it writes is in the log, and in "$work/said" for reason.
attempt() {
  "$@" >"$work/said" 2>&1
  ended=$?
  cat "$work/said" >&2
  return $ended
}

# Of what a program wrote, the line that says why it failed: the first one that speaks of an error, or the last one.
reason() { grep -i -m 1 error "$work/said" || tail -n 1 "$work/said"; }

# next restart-agent|reboot: what the helper does when it has answered.
next() { keep "$work/next" "$1"; }

# value FILE KEY: prints what a line KEY=... of one of our own files says.
value() { [ ! -f "$1" ] || sed -n "s/^$2=//p" "$1"; }

# What is known of a place's content; "installed" prints the version.
note() { keep "$1" "id=$UPDATE_ID
version=${UPDATE_VERSION:-}
sha256=${UPDATE_SHA256:-}"; }

sha256_of() { sum=$(sha256sum <"$1") && printf '%s' "${sum%% *}"; }
is_content() { [ "$(sha256_of "$1")" = "${UPDATE_SHA256:?}" ]; }

# require_room BYTES FOLDER
require_room() {
  free=$(df -Pk "$2" | awk 'NR == 2 { print $4 }')
  needed=$(($1 / 1024 + reserve))
  [ "${free:-0}" -ge "$needed" ] || fail "no room: $2 has ${free:-0} KiB left, and $needed KiB are needed"
}

# Units that a release may have restarted. Not those of the agent: one of them runs this.
check_unit() { # unit
  case $1 in
  messaging-agent*) fail "the unit $1 is not restarted by an update of another component" ;;
  -* | *[!A-Za-z0-9@:._-]*) fail "this is no name of a unit: $1" ;;
  *.service | *.target | *.socket | *.timer) ;;
  *) fail "this is no name of a unit: $1" ;;
  esac
  has systemctl || unsupported "there is no systemd here, which could restart $1"
}

# restart_unit UNIT: none, if there is none.
restart_unit() {
  [ -n "$1" ] || return 0
  check_unit "$1"
  systemctl --quiet reset-failed "$1" 2>/dev/null
  systemctl restart "$1" >&2 || { say "$1 does not start; journalctl -u $1 says why"; return 1; }
}

# Bytes of a file's beginning, as hex digits: magic FILE COUNT
magic() { od -A n -t x1 -N "$2" "$1" 2>/dev/null | tr -d ' \n'; }

with_lock() {
  trap 'unlock' EXIT
  trap 'exit 143' HUP INT TERM
  lock 15
  [ $? -ne 1 ] || later 'another update is just being switched'
}

check_environment() { # verb
  case ${UPDATE_NAME:-} in '' | .* | *[!a-z0-9.+-]*) fail "this is no name of a component: ${UPDATE_NAME:-}" ;; esac
  [ "$1" != installed ] || return 0
  is_id "${UPDATE_ID:-}" || fail 'UPDATE_ID is missing'
  mkdir -p "$state" "${work:?}" || fail "$work cannot be made"
  case $1 in
  verify | install) [ -f "$artifact" ] || fail "there is no artifact ${artifact:-in UPDATE_ARTIFACT}" ;;
  esac
}

dispatch() {
  case ${1:-} in
  download | verify | install | switch | commit | rollback | cleanup | installed) ;;
  *) say "usage: ${0##*/} download|verify|install|switch|commit|rollback|cleanup|installed"; exit 64 ;;
  esac
  check_environment "$1"
  "hook_$1"
}
