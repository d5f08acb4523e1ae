#!/bin/sh
# Builds the agent's Debian packages of this machine's architecture and tries them in a scratch system made of Debian's own packages.
#   tests/packaging/run.sh                     everything (some minutes)
#   tests/packaging/run.sh --packages DIR      with packages that are there already, such as artifacts/packages
# Needs root, the network the first time, and: mmdebstrap lintian shellcheck dash clang zlib1g-dev. Prints "N passed, M failed".
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=/dev/null
. "$here/../scripts/lib.sh"

packages=''
if [ "${1:-}" = --packages ]; then packages=$(cd "$2" && pwd); fi
[ "$(id -u)" -eq 0 ] || { echo 'run.sh: needs root, for a system of its own in a folder (chroot)' >&2; exit 1; }
missing=''
for tool in mmdebstrap lintian shellcheck dash dpkg-deb; do command -v "$tool" >/dev/null || missing="$missing $tool"; done
[ -z "$missing" ] || { echo "run.sh: missing:$missing. On Debian: apt-get install mmdebstrap lintian shellcheck dash" >&2; exit 1; }

arch=$(dpkg --print-architecture)
case $arch in
amd64) rid=linux-x64 ;;
arm64) rid=linux-arm64 ;;
*) echo "run.sh: no packages are made for $arch" >&2; exit 1 ;;
esac

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
export DEBIAN_FRONTEND=noninteractive

if [ -z "$packages" ]; then
  packages=$root/artifacts/packages
  dotnet msbuild "$root/eng/publish.proj" -nologo -v:q -t:PackageAgent -p:Rids="$rid" || exit 1
fi
version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' "$root/Directory.Build.props")
trimmed=$packages/messaging-agent_${version}_$arch.deb
aot=$packages/messaging-agent-aot_${version}_$arch.deb
for deb in "$trimmed" "$aot"; do [ -f "$deb" ] || { echo "run.sh: $deb is missing" >&2; exit 1; }; done

base=$root/artifacts/test-roots/bookworm-$arch.tar
if [ ! -f "$base" ]; then
  mkdir -p "$(dirname "$base")"
  mmdebstrap --quiet --format=tar --variant=minbase --include=systemd,udev,libssl3,ca-certificates,init-system-helpers,libstdc++6 \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    bookworm "$base.part" && mv "$base.part" "$base" || exit 1
fi
mkdir "$scratch/base"
tar -xf "$base" -C "$scratch/base" || exit 1

# A later version of a package, with a line more in the configuration that it brings.
later() { # deb
  mkdir -p "$scratch/later"
  dpkg-deb -R "$1" "$scratch/later/tree"
  sed -i "s/^Version: .*/Version: $version+later/" "$scratch/later/tree/DEBIAN/control"
  sed -i "s/(= $version)/(= $version+later)/" "$scratch/later/tree/DEBIAN/control"
  echo '# later' >>"$scratch/later/tree/etc/messaging-agent/agent.conf"
  dpkg-deb -b "$scratch/later/tree" "$scratch/later/$(basename "$1")" >/dev/null
  rm -rf "$scratch/later/tree"
}
later "$trimmed"

# A system of its own: fresh NAME
fresh() {
  sys=$scratch/$1
  cp -a "$scratch/base" "$sys"
  mkdir -p "$sys/debs/later"
  cp "$trimmed" "$aot" "$sys/debs/"
  cp "$scratch/later/$(basename "$trimmed")" "$sys/debs/later/"
}

# The runtime needs /proc, and udev /sys; what is mounted goes with the command.
# shellcheck disable=SC2016 # for the inner shell
inside() { unshare --mount sh -c 'mount --rbind /proc "$0/proc" && mount --rbind /sys "$0/sys" && exec chroot "$0" "$@"' "$sys" "$@"; }
in_system() { inside "$@" >"$scratch/out" 2>&1; }
dpkg_in() { in_system dpkg --force-confold "$@" || { cat "$scratch/out" >&2; return 1; }; }
trimmed_in=/debs/$(basename "$trimmed")
aot_in=/debs/$(basename "$aot")
later_in=/debs/later/$(basename "$trimmed")

# As if systemd ran: what it is told is written down, and "is-enabled" is answered as the files say.
with_systemd() {
  mkdir -p "$sys/run/systemd/system"
  mv "$sys/usr/bin/systemctl" "$sys/usr/bin/systemctl.real"
  # shellcheck disable=SC2016 # a script of that system
  printf '#!/bin/sh\necho "$*" >>/tmp/systemctl\ncase $* in *is-enabled*) exec systemctl.real --root=/ is-enabled messaging-agent.service ;; *is-active*) exit 3 ;; --root=*) exec systemctl.real "$@" ;; esac\n' \
    >"$sys/usr/bin/systemctl"
  chmod 755 "$sys/usr/bin/systemctl"
}
starts() { grep -E '(^| )(start|restart) messaging-agent.service' "$sys/tmp/systemctl"; }
enabled() { [ -L "$sys/etc/systemd/system/multi-user.target.wants/messaging-agent.service" ]; }
mode() { [ "$(chroot "$sys" stat -c '%a %U:%G' "$1")" = "$2" ]; }

installs_trimmed() {
  fresh trimmed
  expect 'it installs' dpkg_in -i "$trimmed_in"
  expect 'it runs' in_system messaging-agent version
  expect 'the state folder' mode /var/lib/messaging-agent '700 messaging-agent:messaging-agent'
  expect 'the configuration' mode /etc/messaging-agent/agent.conf '644 root:root'
  expect 'what its helper may do' mode /etc/messaging-agent/helper.conf '644 root:root'
  expect 'it is enabled' enabled
  expect 'the socket of its helper is enabled' test -L "$sys/etc/systemd/system/sockets.target.wants/messaging-agent-helper.socket"
  expect 'and that for packages' test -L "$sys/etc/systemd/system/sockets.target.wants/messaging-agent-packages.socket"
  expect 'and that for shells' test -L "$sys/etc/systemd/system/sockets.target.wants/messaging-agent-shell.socket"
  expect 'and that for updates' test -L "$sys/etc/systemd/system/sockets.target.wants/messaging-agent-updates.socket"
  expect 'the timer of its guard' test -L "$sys/etc/systemd/system/timers.target.wants/messaging-agent-guard.timer"
  expect 'what is started is a script' grep -q '^#!/bin/sh' "$sys/usr/bin/messaging-agent"
  expect 'for every hook' test "$(chroot "$sys" find /usr/lib/messaging-agent/update.d -perm 755 -type f | wc -l)" -eq 8
  expect 'the unit is right' in_system systemd-analyze verify --man=no messaging-agent-updates.socket messaging-agent-updates.service messaging-agent-guard.timer messaging-agent-guard.service messaging-agent.service messaging-agent-enroll.service messaging-agent-helper.socket messaging-agent-helper@.service messaging-agent-packages.socket messaging-agent-packages.service messaging-agent-shell.socket messaging-agent-shell@.service
  expect 'the rules are read' in_system udevadm test /sys/class/mem/null
  expect_not 'the rules are wrong' grep '60-messaging-agent.rules:' "$scratch/out"
  for group in gpio i2c spi; do expect "the group $group" grep -q "^$group:" "$sys/etc/group"; done
  expect 'the configuration is understood' in_system messaging-agent config check
  in_system su -s /bin/sh messaging-agent -c 'messaging-agent run'
  expect 'without an enrolment it says so' test $? -eq 78
  in_system dpkg --verify messaging-agent
  expect_not 'what is installed differs from the package' grep -v ' /usr/share/\(doc\|man\|lintian\)/' "$scratch/out"
}

installs_aot() {
  fresh aot
  expect 'it installs' dpkg_in -i "$aot_in"
  expect 'it runs' in_system messaging-agent version
  expect 'and that for shells' test -L "$sys/etc/systemd/system/sockets.target.wants/messaging-agent-shell.socket"
  expect 'the unit is right' in_system systemd-analyze verify --man=no messaging-agent.service
  expect 'no memory is writable and executable' grep -q '^MemoryDenyWriteExecute=yes' "$sys/usr/lib/systemd/system/messaging-agent.service.d/10-aot.conf"
}

starts_only_what_is_enrolled() {
  fresh starts
  with_systemd
  expect 'it installs' dpkg_in -i "$trimmed_in"
  expect_not 'it is started' starts
  expect 'it is removed' dpkg_in -r messaging-agent
  echo x >"$sys/var/lib/messaging-agent/enrolment"
  : >"$sys/tmp/systemctl"
  expect 'it installs again' dpkg_in -i "$trimmed_in"
  expect 'now it is started' starts
}

upgrade_restarts_what_runs() {
  fresh upgrade
  with_systemd
  dpkg_in -i "$trimmed_in"
  echo '# mine' >>"$sys/etc/messaging-agent/agent.conf"
  echo x >"$sys/var/lib/messaging-agent/enrolment"
  : >"$sys/tmp/systemctl"
  expect 'it upgrades' dpkg_in -i "$later_in"
  expect 'what is enrolled is restarted' starts
  expect_not 'it is stopped before' grep -qE '(^| )stop ' "$sys/tmp/systemctl"
  expect 'mine is kept' grep -q '^# mine' "$sys/etc/messaging-agent/agent.conf"
  expect 'the new one lies beside it' grep -q '^# later' "$sys/etc/messaging-agent/agent.conf.dpkg-dist"
}

# With the real agent as what an update brings, and the package as what is installed by hand.
updates_and_is_replaced() {
  fresh slots
  with_systemd
  dpkg_in -i "$trimmed_in"
  updates=$sys/var/lib/messaging-agent-updates
  id=0123456789abcdef0123456789abcdef
  mkdir -p "$updates/work/$id" "$updates/state/messaging-agent"
  cp "$sys/usr/lib/messaging-agent/messaging-agent" "$updates/work/$id/artifact"
  sum=$(sha256sum <"$updates/work/$id/artifact")
  cat >"$sys/hook" <<SH
#!/bin/sh
u=/var/lib/messaging-agent-updates
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C UPDATE_ID=$id UPDATE_KIND=agent UPDATE_NAME=messaging-agent UPDATE_VERSION=$version UPDATE_SIZE=1000 UPDATE_SHA256=${sum%% *} \
  UPDATE_ROOT=\$u UPDATE_STATE=\$u/state/messaging-agent UPDATE_WORK=\$u/work/$id UPDATE_ARTIFACT=\$u/work/$id/artifact UPDATE_DEADLINE=600 /usr/lib/messaging-agent/update.d/agent "\$1"
SH
  chmod 755 "$sys/hook"
  for verb in download verify install switch; do in_system /hook $verb || die "$verb: $(cat "$scratch/out")"; done
  # shellcheck disable=SC2016 # for the inner shell
  expect 'it is what is started' in_system sh -c 'test "$(readlink /var/lib/messaging-agent-updates/slots/messaging-agent/current)" = a && messaging-agent version'
  expect 'by its own user too' in_system su -s /bin/sh messaging-agent -c 'messaging-agent version'
  for _ in 1 2 3 4; do in_system /usr/lib/messaging-agent/update-guard start; done
  expect 'it is taken back' grep -qx reason=start-failed "$updates/outcome"
  rm "$updates/outcome"
  in_system /hook switch
  expect 'it is switched again' test -e "$updates/trial"
  expect 'a package is installed' dpkg_in -i "$later_in"
  expect 'that is what runs' test ! -L "$updates/slots/messaging-agent/current"
  expect 'the trial is over' grep -qx reason=replaced "$updates/outcome"
  expect 'it is purged' dpkg_in -P messaging-agent
  expect_not 'what updates have left is there' test -e "$updates"
}

disabled_stays_disabled() {
  fresh disabled
  dpkg_in -i "$trimmed_in"
  in_system systemctl --root=/ disable messaging-agent.service
  expect 'it upgrades' dpkg_in -i "$later_in"
  expect_not 'it is enabled' enabled
}

builds_replace_each_other() {
  fresh exchange
  dpkg_in -i "$trimmed_in"
  echo '# mine' >>"$sys/etc/messaging-agent/agent.conf"
  echo x >"$sys/var/lib/messaging-agent/keys"
  in_system dpkg --force-confold --auto-deconfigure -B -i "$aot_in"
  expect 'the other one is in place' grep -q '^MemoryDenyWriteExecute' "$sys/usr/lib/systemd/system/messaging-agent.service.d/10-aot.conf"
  expect 'mine is kept' grep -q '^# mine' "$sys/etc/messaging-agent/agent.conf"
  expect 'the first is purged' dpkg_in --purge messaging-agent
  expect 'mine is kept then' grep -q '^# mine' "$sys/etc/messaging-agent/agent.conf"
  expect 'the keys are kept then' test -e "$sys/var/lib/messaging-agent/keys"
  expect 'it is enabled' enabled
  expect 'and back' in_system dpkg --force-confold -B -i "$trimmed_in"
  expect_not 'its drop-in stays' test -e "$sys/usr/lib/systemd/system/messaging-agent.service.d/10-aot.conf"
  expect 'the keys are there' test -e "$sys/var/lib/messaging-agent/keys"
}

remove_keeps_and_purge_deletes() {
  fresh purge
  with_systemd
  dpkg_in -i "$trimmed_in"
  echo x >"$sys/var/lib/messaging-agent/keys"
  expect 'it is removed' dpkg_in -r messaging-agent
  expect 'it is stopped' grep -q 'stop messaging-agent.service' "$sys/tmp/systemctl"
  expect 'the keys are there' test -e "$sys/var/lib/messaging-agent/keys"
  expect 'the configuration is there' test -e "$sys/etc/messaging-agent/agent.conf"
  expect 'it is purged' dpkg_in -P messaging-agent
  expect_not 'the keys are there' test -e "$sys/var/lib/messaging-agent"
  expect_not 'the configuration is there' test -e "$sys/etc/messaging-agent"
  expect_not 'it is enabled' enabled
}

image_is_built_from_outside() {
  fresh image
  expect 'it installs' dpkg --root="$sys" --force-script-chrootless --force-confold -i "$trimmed" >"$scratch/out" 2>&1
  expect 'the state folder' mode /var/lib/messaging-agent '700 messaging-agent:messaging-agent'
  expect 'it is enabled' enabled
  expect_not 'this system has the user' grep -q '^messaging-agent:' /etc/passwd
}

same_input_gives_same_package() {
  mkdir "$scratch/again"
  for build in agent:trimmed agent-aot:aot; do
    published=$root/artifacts/publish/${build%:*}/$rid
    [ -f "$published/messaging-agent" ] || die "$published is not published"
    touch "$published"/*
    SOURCE_DATE_EPOCH=1700000000 sh "$root/eng/package-agent.sh" "${build#*:}" "$rid" "$published" "$scratch/again" >/dev/null || die 'it is not packaged'
    (umask 077 && SOURCE_DATE_EPOCH=1700000000 TZ=Asia/Tokyo dash "$root/eng/package-agent.sh" "${build#*:}" "$rid" "$published" "$scratch/again/two" >/dev/null) || die 'it is not packaged again'
  done
  for deb in "$scratch/again"/*.deb; do expect 'the same bytes' cmp "$deb" "$scratch/again/two/$(basename "$deb")"; done
}

lintian_is_content() {
  lintian --fail-on error,warning "$trimmed" "$aot" >"$scratch/out" 2>/dev/null || die "$(cat "$scratch/out")"
}

sizes_stay_in_bounds() {
  [ "$(dpkg-deb --fsys-tarfile "$trimmed" | tar -xO ./usr/lib/messaging-agent/messaging-agent | wc -c)" -le 20000000 ] || die 'the trimmed agent is larger than 20 MB'
  [ "$(dpkg-deb --fsys-tarfile "$aot" | tar -xO ./usr/lib/messaging-agent/messaging-agent | wc -c)" -le 12000000 ] || die 'the native agent is larger than 12 MB'
}

run 'the trimmed build installs and runs' installs_trimmed
run 'the native build installs and runs' installs_aot
run 'only an enrolled agent is started' starts_only_what_is_enrolled
run 'an upgrade restarts what runs, and keeps the configuration' upgrade_restarts_what_runs
run 'an update runs, is taken back, and is replaced by a package' updates_and_is_replaced
run 'an upgrade leaves a disabled unit disabled' disabled_stays_disabled
run 'the builds replace each other' builds_replace_each_other
run 'removing keeps the keys, purging deletes them' remove_keeps_and_purge_deletes
run 'the tree of an image is installed into from outside' image_is_built_from_outside
run 'the same input gives the same package' same_input_gives_same_package
run 'lintian has nothing to say' lintian_is_content
run 'the sizes stay in their bounds' sizes_stay_in_bounds
finish
