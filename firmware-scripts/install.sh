#!/bin/sh
# Installs the agent from a published folder on systems without Debian packages; run it again to upgrade.
#
#   install.sh [--from DIR] [--prefix DIR] [--root DIR]
#   install.sh --uninstall [--purge] [--prefix DIR] [--root DIR]
#
#   --from DIR     the published folder: messaging-agent and what lies beside it (default: where this script is)
#   --prefix DIR   where it goes: DIR/bin has what is started, DIR/lib/messaging-agent the program and the hooks of updates (default: /usr/local)
#   --root DIR     installs into the tree of an image instead of this system; nothing is started
#   --uninstall    removes the program and its unit; keeps the configuration and the device's keys
#   --purge        with --uninstall: deletes those too, and the user. The device is then no longer enrolled.
#
# Exit codes: 0 done, 1 not possible (standard error says why), 64 wrong command line.
set -eu
umask 022

user=messaging-agent
groups='adm systemd-journal gpio i2c spi'
from=$(cd "$(dirname "$0")" && pwd)
prefix=/usr/local root='' action=install purge=no

say() { printf '%s\n' "$*"; }
fail() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }
usage() { printf 'install.sh: %s See install.sh --help\n' "$*" >&2; exit 64; }

while [ $# -gt 0 ]; do
  case $1 in
  --from | --prefix | --root)
    if [ $# -lt 2 ] || [ -z "$2" ]; then usage "$1 needs a folder."; fi
    case $1 in --from) from=$2 ;; --prefix) prefix=$2 ;; --root) root=$2 ;; esac
    shift
    ;;
  --uninstall) action=uninstall ;;
  --purge) purge=yes ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) usage "What is $1?" ;;
  esac
  shift
done

case $prefix in /*) ;; *) usage "--prefix must be an absolute path." ;; esac
prefix=${prefix%/} root=${root%/}
[ "$purge" = no ] || [ "$action" = uninstall ] || usage "--purge goes with --uninstall."
[ -z "$root" ] || [ -d "$root" ] || fail "$root is no folder."

bin=$prefix/bin/messaging-agent
lib=$prefix/lib/messaging-agent
conf=/etc/messaging-agent
state=/var/lib/messaging-agent
updates=/var/lib/messaging-agent-updates
units=/etc/systemd/system
unit=$units/messaging-agent.service
sockets='messaging-agent-helper.socket messaging-agent-packages.socket messaging-agent-updates.socket messaging-agent-shell.socket'
timer=messaging-agent-guard.timer
services='messaging-agent.service messaging-agent-enroll.service messaging-agent-helper@.service'
# What packages and updates bring, and what is done in a shell, is not held in the bounds of the agent's own program; nor is the guard, which is none.
unhardened='messaging-agent-packages.service messaging-agent-updates.service messaging-agent-shell@.service messaging-agent-guard.service'
hooks='agent compose container deb rauc script swupdate tree'
shared='engine.sh lib.sh slots.sh tree.sh'
rules=/etc/udev/rules.d/60-messaging-agent.rules

has() { command -v "$1" >/dev/null 2>&1; }
runs_systemd() { [ -z "$root" ] && [ -d /run/systemd/system ] && has systemctl; }
has_systemd() { runs_systemd || [ -e "$root/lib/systemd/systemd" ] || [ -e "$root/usr/lib/systemd/systemd" ]; }
has_entry() { grep -q "^$2:" "$root/etc/$1" 2>/dev/null; }

require_root() {
  [ "$(id -u)" -eq 0 ] || fail "This needs root: run it with sudo."
}

# The machine that a program is made for: bytes 18 and 19 of its ELF header.
machine_of() {
  case $(od -A n -t x1 -N 20 "$1" 2>/dev/null | tr -d ' \n') in
  7f454c46????????????????????????????3e00) echo x86_64 ;;
  7f454c46????????????????????????????b700) echo aarch64 ;;
  7f454c46????????????????????????????2800) echo arm ;;
  7f454c46*) echo other ;;
  *) echo none ;;
  esac
}

check_program() {
  program=$from/messaging-agent
  [ -f "$program" ] || fail "$program is missing: give the published folder with --from."
  for file in agent.conf helper.conf launch guard $services $unhardened $sockets $timer 60-messaging-agent.rules; do
    [ -f "$from/$file" ] || fail "$from/$file is missing: copy the whole published folder."
  done
  for file in $hooks $shared; do
    [ -f "$from/update.d/$file" ] || fail "$from/update.d/$file is missing: copy the whole published folder."
  done
  machine=$(machine_of "$program")
  [ "$machine" != none ] || fail "$program is no program for Linux."
  # An image may be for another machine than this one.
  [ -z "$root" ] || return 0
  here=$(uname -m)
  case $here in armv*) here=arm ;; amd64) here=x86_64 ;; arm64) here=aarch64 ;; esac
  [ "$machine" = "$here" ] || fail "This agent is for $machine, and this machine is $here: take the folder published for it."
  problem=$("$program" version 2>&1) || fail "The agent does not run here: $problem
It needs the GNU C library 2.27 or newer (2.34 for the native build), and OpenSSL 1.1 or newer."
}

check_packages() {
  [ ! -e "$root/usr/lib/systemd/system/messaging-agent.service" ] || fail "The agent is installed as a package here: upgrade or remove that."
}

check_space() {
  folder=$root$prefix
  while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
  # In KiB; the old program stays until the new one is there.
  needed=$(($(wc -c <"$program") / 1024 + 1024))
  free=$(df -Pk "$folder" 2>/dev/null | awk 'NR == 2 { print $4 }')
  [ "${free:-$needed}" -ge "$needed" ] || fail "$folder has $free KiB left, and $needed KiB are needed."
}

add_group() {
  if has_entry group "$1"; then return 0; fi
  if [ -n "$root" ]; then groupadd --system --prefix "$root" "$1"
  elif has groupadd; then groupadd --system "$1"
  elif has addgroup; then addgroup -S "$1"
  else fail "There is neither groupadd nor addgroup: make the system group $1."
  fi
}

add_user() {
  [ -z "$root" ] || has useradd || fail "useradd (package shadow or passwd) is needed for --root."
  for group in $groups $user; do add_group "$group"; done
  if has_entry passwd "$user"; then return 0; fi
  shell=/usr/sbin/nologin
  [ -x "$root$shell" ] || shell=/sbin/nologin
  [ -x "$root$shell" ] || shell=/bin/false
  if [ -n "$root" ]; then useradd --system --prefix "$root" --gid "$user" --no-create-home --home-dir "$state" --shell "$shell" "$user"
  elif has useradd; then useradd --system --gid "$user" --no-create-home --home-dir "$state" --shell "$shell" "$user"
  elif has adduser; then adduser -S -D -H -h "$state" -s "$shell" -G "$user" "$user"
  else fail "There is neither useradd nor adduser: make the system user $user."
  fi
}

# Whole or not at all: written beside, then moved over. mode source target
put() {
  mkdir -p "$root$(dirname "$3")"
  cp "$2" "$root$3.tmp"
  chmod "$1" "$root$3.tmp"
  mv -f "$root$3.tmp" "$root$3"
}

# put_script MODE SOURCE TARGET: one that knows where the others are.
put_script() {
  sed -e "s|/usr/lib/messaging-agent|$lib|g" "$2" >"$root$conf/.script"
  put "$1" "$root$conf/.script" "$3"
  rm -f "$root$conf/.script"
}

# The launcher and what lies behind it. What is installed by hand is what runs, whatever an update has put in place before.
put_program() {
  mkdir -p "$root$conf/update.d"
  put 755 "$program" "$lib/messaging-agent"
  for file in $hooks; do put_script 755 "$from/update.d/$file" "$lib/update.d/$file"; done
  for file in $shared; do put_script 644 "$from/update.d/$file" "$lib/update.d/$file"; done
  put_script 755 "$from/guard" "$lib/update-guard"
  [ -n "$root" ] || "$lib/update-guard" replaced
  put_script 755 "$from/launch" "$bin"
}

put_configuration() {
  for file in agent.conf helper.conf; do
    if [ ! -e "$root$conf/$file" ]; then
      put 644 "$from/$file" "$conf/$file"
    elif cmp -s "$from/$file" "$root$conf/$file"; then
      rm -f "$root$conf/$file.new"
    else
      put 644 "$from/$file" "$conf/$file.new"
      say "Your $conf/$file is kept. This version's own, with every option, is $conf/$file.new."
    fi
  done
  mkdir -p "$root$conf/scripts"
}

put_units() {
  has_systemd || return 0
  hooks_option=''
  [ "$prefix" = /usr ] || hooks_option=" --hooks $lib/update.d"
  for file in $services $unhardened $sockets $timer; do
    sed -e "/^Exec/s|/usr/bin/messaging-agent|$bin|" -e "/^Exec/s|/usr/lib/messaging-agent|$lib|" -e "/^ExecStart=.* updates\$/s|\$|$hooks_option|" "$from/$file" >"$root$conf/.unit"
    put 644 "$root$conf/.unit" "$units/$file"
  done
  rm -f "$root$conf/.unit"
  for service in $services; do
    if [ -f "$from/messaging-agent-aot.conf" ]; then
      put 644 "$from/messaging-agent-aot.conf" "$units/$service.d/10-aot.conf"
    else
      rm -f "$root$units/$service.d/10-aot.conf"
    fi
  done
  mkdir -p "$root$units/multi-user.target.wants" "$root$units/sockets.target.wants" "$root$units/timers.target.wants"
  for service in messaging-agent.service messaging-agent-enroll.service; do
    ln -sf "$units/$service" "$root$units/multi-user.target.wants/$service"
  done
  for socket in $sockets; do
    ln -sf "$units/$socket" "$root$units/sockets.target.wants/$socket"
  done
  ln -sf "$units/$timer" "$root$units/timers.target.wants/$timer"
  if runs_systemd; then
    systemctl daemon-reload
    systemctl --quiet restart messaging-agent-helper.socket messaging-agent-shell.socket
    # Not again while their services run, which may be what runs this.
    systemctl --quiet start messaging-agent-packages.socket messaging-agent-updates.socket
    systemctl --quiet try-restart messaging-agent.service
    # Where a token was laid down before.
    systemctl --quiet --no-block start messaging-agent-enroll.service
  fi
}

put_rules() {
  [ -d "$root/etc/udev" ] || [ -d "$root/lib/udev" ] || [ -d "$root/usr/lib/udev" ] || return 0
  put 644 "$from/60-messaging-agent.rules" "$rules"
  if [ -z "$root" ] && [ -S /run/udev/control ]; then udevadm control --reload; fi
}

put_state() {
  if [ -d "$root$state" ]; then return 0; fi
  mkdir -p "$root$state"
  chmod 700 "$root$state"
  owner=$(awk -F : -v user="$user" '$1 == user { print $3 ":" $4 }' "$root/etc/passwd")
  if ! chown "$owner" "$root$state"; then
    rmdir "$root$state"
    fail "$state cannot be given to $user."
  fi
}

next_steps() {
  if [ -n "$root" ]; then
    say "Installed into $root. A device of this image is enrolled with: messaging-agent enroll TOKEN, as the user $user."
    return 0
  fi
  say "Installed: $("$bin" version)"
  if [ -e "$state/enrolment" ]; then
    has_systemd || say "Restart the agent; it runs as the user $user with: $bin run"
    return 0
  fi
  as="su -s /bin/sh $user -c"
  say "Next, with a token that an operator gives you (\"add a device\"):"
  if has sudo; then say "  sudo -u $user $bin enroll TOKEN"; else say "  $as '$bin enroll TOKEN'"; fi
  if has_systemd; then
    say "  systemctl start messaging-agent"
  else
    say "and have your supervisor run, as the user $user: $bin run"
  fi
}

install_agent() {
  [ -n "$root" ] || require_root
  check_program
  check_packages
  check_space
  add_user
  put_program
  put_configuration
  put_state
  put_rules
  put_units
  next_steps
}

uninstall_agent() {
  [ -n "$root" ] || require_root
  check_packages
  if runs_systemd && [ -e "$unit" ]; then
    # shellcheck disable=SC2086 # Their names.
    systemctl --quiet stop messaging-agent.service messaging-agent-enroll.service $sockets $timer
  fi
  rm -f "$root$bin" "$root$rules" "$root$units/$timer" "$root$units/timers.target.wants/$timer"
  rm -rf "$root$lib"
  for service in $unhardened; do rm -f "$root$units/$service"; done
  for socket in $sockets; do rm -f "$root$units/$socket" "$root$units/sockets.target.wants/$socket"; done
  for service in $services; do
    rm -f "$root$units/$service" "$root$units/multi-user.target.wants/$service" "$root$units/$service.d/10-aot.conf"
    rmdir "$root$units/$service.d" 2>/dev/null || true
  done
  if runs_systemd; then systemctl daemon-reload; fi
  if [ "$purge" = yes ]; then
    rm -rf "${root:-/}/${conf#/}" "${root:-/}/${state#/}" "${root:-/}/var/lib/messaging-agent-packages" "${root:-/}/${updates#/}"
    if has_entry passwd "$user"; then
      if [ -n "$root" ]; then userdel --prefix "$root" "$user"
      elif has userdel; then userdel "$user"
      else deluser "$user"
      fi
    fi
    say "Removed, with its configuration and its keys."
  else
    say "Removed. $conf and $state (the device's keys) are kept; --uninstall --purge deletes them."
  fi
}

"${action}_agent"
