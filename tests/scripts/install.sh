#!/bin/sh
# firmware-scripts/install.sh, in a scratch system of busybox alone and, for images, in the tree of one.
# shellcheck disable=SC2016 # scripts of the scratch system are written down as they are
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
firmware=$here/../../firmware-scripts
[ "$(id -u)" -eq 0 ] || exec sudo "$0" "$@"
for tool in busybox dash chroot useradd; do
  command -v "$tool" >/dev/null || { echo "$tool is missing (Debian: busybox-static dash coreutils passwd)" >&2; exit 1; }
done
machine=$(uname -m)
case $machine in x86_64) foreign=aarch64 ;; *) foreign=x86_64 ;; esac
chroot=$(command -v chroot)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

# A system with nothing but busybox, and a published folder in it.
fresh() {
  sys=$scratch/$1
  mkdir -p "$sys/bin" "$sys/etc" "$sys/dev" "$sys/tmp" "$sys/proc" "$sys/sbin" "$sys/published" "$sys/var/lib"
  : >"$sys/dev/null"
  chmod 666 "$sys/dev/null"
  cp "$(command -v busybox)" "$sys/bin/busybox"
  chroot "$sys" /bin/busybox --install -s /bin
  printf 'root:x:0:0:root:/root:/bin/sh\n' >"$sys/etc/passwd"
  printf 'root:x:0:\nadm:x:4:\n' >"$sys/etc/group"
  # Debian's busybox has no addgroup and no adduser.
  tool addgroup '[ "$1" = -S ] && echo "$2:x:$(($(wc -l </etc/group) + 100)):" >>/etc/group'
  tool adduser '[ "$1 $2 $3 $4 $6 $8" = "-S -D -H -h -s -G" ] && echo "${10}:x:150:$(sed -n "s/^$9:x:\(.*\):/\1/p" /etc/group)::$5:$7" >>/etc/passwd'
  tool deluser 'sed -i "/^$1:/d" /etc/passwd'
  cp -r "$firmware"/* "$sys/published/"
  expect_not 'maintainer scripts are held by it' test -e "$sys/etc/systemd/system/messaging-agent-packages.service.d/10-aot.conf"
  rm "$sys/published/messaging-agent-aot.conf"
  program "$machine" "$sys/published/messaging-agent"
}

# A program of that system: tool NAME SCRIPT
tool() {
  rm -f "$sys/bin/$1"
  printf '#!/bin/sh\n%s\n' "$2" >"$sys/bin/$1"
  chmod 755 "$sys/bin/$1"
}

# Runs install.sh in that system under busybox's shell; its words go to $out.
out=$scratch/out
in_system() { PATH=/bin:/sbin "$chroot" "$sys" /bin/sh /published/install.sh "$@" >"$out" 2>&1; }

has_mode() { [ "$(stat -c %a "$sys$1")" = "$2" ]; }
owned() { [ "$(stat -c %u:%g "$sys$1")" = "$(awk -F : '$1 == "messaging-agent" { print $3 ":" $4 }' "$sys/etc/passwd")" ]; }
tree() { (cd "$sys" && find . -path ./tmp -prune -o -type f -exec md5sum {} + | sort -k 2); }

# systemctl that writes down what it is told.
with_systemd() {
  mkdir -p "$sys/run/systemd/system" "$sys/lib/systemd"
  tool systemctl 'echo "$*" >>/tmp/systemctl'
}

fresh_installs() {
  fresh a
  expect 'it installs' in_system
  expect 'it can be' has_mode /usr/local/bin/messaging-agent 755
  expect 'it knows the program' grep -qx 'packaged=/usr/local/lib/messaging-agent/messaging-agent' "$sys/usr/local/bin/messaging-agent"
  expect 'the program' has_mode /usr/local/lib/messaging-agent/messaging-agent 755
  expect 'the guard' has_mode /usr/local/lib/messaging-agent/update-guard 755
  expect 'it knows what it shares' grep -qx 'shared=/usr/local/lib/messaging-agent/update.d/slots.sh' "$sys/usr/local/lib/messaging-agent/update-guard"
  for hook in agent compose container deb rauc script swupdate tree; do expect "the hook $hook" has_mode "/usr/local/lib/messaging-agent/update.d/$hook" 755; done
  expect 'what hooks share' has_mode /usr/local/lib/messaging-agent/update.d/lib.sh 644
  expect 'a folder for hooks of ones own' test -d "$sys/etc/messaging-agent/update.d"
  expect 'the configuration' has_mode /etc/messaging-agent/agent.conf 644
  expect 'the scripts folder' test -d "$sys/etc/messaging-agent/scripts"
  expect 'the state folder' has_mode /var/lib/messaging-agent 700
  expect 'the state folder belongs to the user' owned /var/lib/messaging-agent
  expect 'the group of GPIO' grep -q '^gpio:' "$sys/etc/group"
  expect_not 'a unit without systemd' test -e "$sys/etc/systemd/system/messaging-agent.service"
  says 'messaging-agent enroll TOKEN' "$out"
  says 'have your supervisor run' "$out"
}

again_changes_nothing() {
  fresh b
  in_system
  before=$(tree)
  expect 'it installs again' in_system
  expect 'nothing changed' test "$before" = "$(tree)"
}

upgrade_keeps_configuration() {
  fresh c
  in_system
  echo '#mine' >>"$sys/etc/messaging-agent/agent.conf"
  echo 'x' >"$sys/var/lib/messaging-agent/enrolment"
  expect 'it upgrades' in_system
  expect 'mine is kept' grep -q '^#mine' "$sys/etc/messaging-agent/agent.conf"
  expect 'the new one lies beside it' cmp "$firmware/agent.conf" "$sys/etc/messaging-agent/agent.conf.new"
  says 'agent.conf.new' "$out"
  expect_not 'it says enrol' grep -q 'enroll TOKEN' "$out"
}

systemd_gets_the_unit() {
  fresh d
  with_systemd
  expect 'it installs' in_system --prefix /opt/agent
  expect 'the unit starts what was installed' grep -q '^ExecStart=/opt/agent/bin/messaging-agent run$' "$sys/etc/systemd/system/messaging-agent.service"
  expect 'and sets outputs safe with it' grep -q '^ExecStopPost=.*/opt/agent/bin/messaging-agent safe-outputs' "$sys/etc/systemd/system/messaging-agent.service"
  expect 'it is enabled' test -L "$sys/etc/systemd/system/multi-user.target.wants/messaging-agent.service"
  expect 'the helper is what was installed' grep -q '^ExecStart=/opt/agent/bin/messaging-agent helper$' "$sys/etc/systemd/system/messaging-agent-helper@.service"
  expect 'a token that was laid down is used' grep -qx -- '--quiet --no-block start messaging-agent-enroll.service' "$sys/tmp/systemctl"
  expect 'at each boot too' test -L "$sys/etc/systemd/system/multi-user.target.wants/messaging-agent-enroll.service"
  expect 'its socket is enabled' test -L "$sys/etc/systemd/system/sockets.target.wants/messaging-agent-helper.socket"
  expect 'that for packages is enabled' test -L "$sys/etc/systemd/system/sockets.target.wants/messaging-agent-packages.socket"
  expect 'and there' grep -qx -- '--quiet start messaging-agent-packages.socket messaging-agent-updates.socket' "$sys/tmp/systemctl"
  expect 'and that for updates' test -L "$sys/etc/systemd/system/sockets.target.wants/messaging-agent-updates.socket"
  expect 'what updates is what was installed, with its hooks' grep -qx 'ExecStart=/opt/agent/bin/messaging-agent updates --hooks /opt/agent/lib/messaging-agent/update.d' "$sys/etc/systemd/system/messaging-agent-updates.service"
  expect 'starts are counted' grep -qx 'ExecStartPre=-+/opt/agent/lib/messaging-agent/update-guard start' "$sys/etc/systemd/system/messaging-agent.service"
  expect 'time is counted' grep -qx 'ExecStart=/opt/agent/lib/messaging-agent/update-guard tick' "$sys/etc/systemd/system/messaging-agent-guard.service"
  expect 'at each boot where there is a trial' test -L "$sys/etc/systemd/system/timers.target.wants/messaging-agent-guard.timer"
  expect 'what works with packages is what was installed' grep -q '^ExecStart=/opt/agent/bin/messaging-agent packages$' "$sys/etc/systemd/system/messaging-agent-packages.service"
  expect 'that for shells is enabled' test -L "$sys/etc/systemd/system/sockets.target.wants/messaging-agent-shell.socket"
  expect 'what opens shells is what was installed' grep -q '^ExecStart=/opt/agent/bin/messaging-agent login$' "$sys/etc/systemd/system/messaging-agent-shell@.service"
  expect 'what it may do' has_mode /etc/messaging-agent/helper.conf 644
  says 'systemctl start messaging-agent' "$out"
  expect 'what runs is restarted' grep -qx -- '--quiet try-restart messaging-agent.service' "$sys/tmp/systemctl"
  expect 'its socket is there' grep -qx -- '--quiet restart messaging-agent-helper.socket messaging-agent-shell.socket' "$sys/tmp/systemctl"
  expect_not 'an agent is started that is not enrolled' grep -qE '(^| )(start|restart) messaging-agent[. ]' "$sys/tmp/systemctl"
}

builds_can_be_exchanged() {
  fresh e
  with_systemd
  cp "$firmware/messaging-agent-aot.conf" "$sys/published/"
  in_system
  expect 'the drop-in of the native build' test -e "$sys/etc/systemd/system/messaging-agent.service.d/10-aot.conf"
  expect 'and that of the helper' test -e "$sys/etc/systemd/system/messaging-agent-helper@.service.d/10-aot.conf"
  rm "$sys/published/messaging-agent-aot.conf"
  in_system
  expect_not 'the drop-in stays with the other build' test -e "$sys/etc/systemd/system/messaging-agent.service.d/10-aot.conf"
}

uninstall_keeps_keys() {
  fresh f
  with_systemd
  in_system
  echo x >"$sys/var/lib/messaging-agent/keys"
  expect 'it uninstalls' in_system --uninstall
  expect_not 'the program is there' test -e "$sys/usr/local/bin/messaging-agent"
  expect_not 'the unit is there' test -e "$sys/etc/systemd/system/messaging-agent.service"
  expect_not 'it is enabled' test -L "$sys/etc/systemd/system/multi-user.target.wants/messaging-agent.service"
  expect 'the keys are there' test -e "$sys/var/lib/messaging-agent/keys"
  expect 'the configuration is there' test -e "$sys/etc/messaging-agent/agent.conf"
  expect_not 'a unit of it is there' sh -c "find '$sys/etc/systemd' -name 'messaging-agent*' | grep ."
  expect 'it was stopped' grep -qx -- '--quiet stop messaging-agent.service messaging-agent-enroll.service messaging-agent-helper.socket messaging-agent-packages.socket messaging-agent-updates.socket messaging-agent-shell.socket messaging-agent-guard.timer' "$sys/tmp/systemctl"
  expect_not 'its program is there' test -e "$sys/usr/local/lib/messaging-agent"
}

purge_deletes_everything() {
  fresh g
  in_system
  mkdir -p "$sys/var/lib/messaging-agent-updates/slots"
  expect 'it uninstalls' in_system --uninstall --purge
  expect_not 'the keys are there' test -e "$sys/var/lib/messaging-agent"
  expect_not 'the configuration is there' test -e "$sys/etc/messaging-agent"
  expect_not 'what updates have left is there' test -e "$sys/var/lib/messaging-agent-updates"
  expect_not 'the user is there' grep -q '^messaging-agent:' "$sys/etc/passwd"
  expect 'the rest is there' test -d "$sys/var/lib"
}

# Whatever updates have put in place before.
what_is_installed_is_what_runs() {
  fresh p
  in_system
  updates=$sys/var/lib/messaging-agent-updates
  mkdir -p "$updates/slots/messaging-agent/a"
  program "$machine" "$updates/slots/messaging-agent/a/messaging-agent" 'messaging-agent of the slot'
  ln -s a "$updates/slots/messaging-agent/current"
  echo id=noise >"$updates/trial"
  expect 'the slot runs' test "$(PATH=/bin "$chroot" "$sys" /usr/local/bin/messaging-agent version)" = 'messaging-agent of the slot'
  expect 'it installs again' in_system
  expect 'it runs no more' test -z "$(PATH=/bin "$chroot" "$sys" /usr/local/bin/messaging-agent version)"
  expect 'nothing is on trial' test ! -e "$updates/trial"
  expect 'that is said' grep -qx reason=replaced "$updates/outcome"
}

other_machine_is_refused() {
  fresh h
  program "$foreign" "$sys/published/messaging-agent"
  before=$(tree)
  expect_not 'it installs' in_system
  says "This agent is for $foreign, and this machine is $machine" "$out"
  expect 'nothing changed' test "$before" = "$(tree)"
}

program_that_does_not_run_is_refused() {
  fresh i
  # The same header, and no code that could run.
  head -c 20 "$sys/published/messaging-agent" >"$sys/tmp/head"
  cp "$sys/tmp/head" "$sys/published/messaging-agent"
  expect_not 'it installs' in_system
  says 'The agent does not run here' "$out"
}

other_user_is_refused() {
  fresh j
  expect_not 'it installs' env PATH=/bin "$chroot" --userspec=65534:65534 "$sys" /bin/sh /published/install.sh >"$out" 2>&1
  says 'This needs root' "$out"
}

full_disk_is_refused() {
  fresh k
  tool df 'echo Filesystem 1024-blocks Used Available; echo none 100 90 10'
  # Busybox's shell has a df of its own.
  expect_not 'it installs' env PATH="$sys/bin:$PATH" dash "$sys/published/install.sh" --root "$sys" >"$out" 2>&1
  says 'has 10 KiB left' "$out"
  expect_not 'the program is there' test -e "$sys/usr/local/bin/messaging-agent"
}

incomplete_folder_is_refused() {
  fresh l
  rm "$sys/published/update.d/tree"
  expect_not 'it installs' in_system
  says 'update.d/tree is missing' "$out"
  rm "$sys/published/agent.conf"
  expect_not 'it installs' in_system
  says 'agent.conf is missing' "$out"
  rm "$sys/published/messaging-agent"
  expect_not 'it installs' in_system
  says 'messaging-agent is missing' "$out"
}

package_is_left_alone() {
  fresh m
  mkdir -p "$sys/usr/lib/systemd/system"
  : >"$sys/usr/lib/systemd/system/messaging-agent.service"
  expect_not 'it installs' in_system
  says 'installed as a package' "$out"
}

wrong_command_line_is_64() {
  fresh n
  for arguments in '--what' '--prefix' '--prefix relative' '--purge' '--root'; do
    # shellcheck disable=SC2086
    in_system $arguments
    expect "$arguments" test $? -eq 64
  done
}

image_gets_everything_and_starts_nothing() {
  fresh o
  image=$scratch/image
  mkdir -p "$image/etc" "$image/usr/lib/systemd" "$image/usr/lib/udev"
  : >"$image/usr/lib/systemd/systemd"
  printf 'root:x:0:0:root:/root:/bin/sh\n' >"$image/etc/passwd"
  printf 'root:x:0:\n' >"$image/etc/group"
  # An image may be for another machine.
  program "$foreign" "$sys/published/messaging-agent"
  expect 'it installs' dash "$sys/published/install.sh" --root "$image" --prefix /usr >"$out" 2>&1
  sys=$image
  expect 'what is started' has_mode /usr/bin/messaging-agent 755
  expect 'the program' has_mode /usr/lib/messaging-agent/messaging-agent 755
  expect 'the hooks are where they are looked for' grep -qx 'ExecStart=/usr/bin/messaging-agent updates' "$image/etc/systemd/system/messaging-agent-updates.service"
  expect 'the unit' grep -q '^ExecStart=/usr/bin/messaging-agent run$' "$image/etc/systemd/system/messaging-agent.service"
  expect 'it is enabled' test "$(readlink "$image/etc/systemd/system/multi-user.target.wants/messaging-agent.service")" = /etc/systemd/system/messaging-agent.service
  expect 'the rules' has_mode /etc/udev/rules.d/60-messaging-agent.rules 644
  expect 'the state folder belongs to the user' owned /var/lib/messaging-agent
  expect_not 'this system has the user' grep -q '^messaging-agent:' /etc/passwd
  expect 'it uninstalls' dash "$scratch/o/published/install.sh" --uninstall --purge --root "$image" --prefix /usr >"$out" 2>&1
  expect_not 'the user is there' grep -q '^messaging-agent:' "$image/etc/passwd"
  expect_not 'the program is there' test -e "$image/usr/bin/messaging-agent"
}

run 'a fresh system gets everything' fresh_installs
run 'installing again changes nothing' again_changes_nothing
run 'an upgrade keeps the configuration' upgrade_keeps_configuration
run 'systemd gets the unit, and starts nothing' systemd_gets_the_unit
run 'one build can replace the other' builds_can_be_exchanged
run 'uninstalling keeps keys and configuration' uninstall_keeps_keys
run 'purging deletes everything' purge_deletes_everything
run 'what is installed is what runs' what_is_installed_is_what_runs
run 'an agent for another machine is refused' other_machine_is_refused
run 'an agent that does not run here is refused' program_that_does_not_run_is_refused
run 'another user than root is refused' other_user_is_refused
run 'a full disk is refused' full_disk_is_refused
run 'an incomplete folder is refused' incomplete_folder_is_refused
run 'an installed package is left alone' package_is_left_alone
run 'a wrong command line ends with 64' wrong_command_line_is_64
run 'an image gets everything, and nothing is started' image_gets_everything_and_starts_nothing
finish
