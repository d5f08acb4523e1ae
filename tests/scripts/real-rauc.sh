#!/bin/sh
# firmware-scripts/update.d/rauc with RAUC itself, its service and U-Boot's environment; disks are loop devices, and a restart is what U-Boot's script does.
# shellcheck disable=SC2034,SC2154,SC2317 # what the files that are read in set, and call
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
# shellcheck source=/dev/null
. "$here/real-lib.sh"
need rauc=rauc dbus-daemon=dbus fw_setenv=libubootenv-tool mksquashfs=squashfs-tools openssl=openssl losetup=mount
[ -e /usr/share/dbus-1/system.d/de.pengutronix.rauc.conf ] || { echo 'what lets RAUC onto the bus is missing (Debian: rauc-service)' >&2; exit 1; }
apart none
# shellcheck source=/dev/null
. "$here/update-lib.sh"
in_shell=as_helper

start_service() {
  rauc service --override-boot-slot="$booted" >>"$scratch/service.log" 2>&1 &
  echo $! >"$scratch/service"
  until_so 'RAUC answers' rauc status || die "$(tail -n 3 "$scratch/service.log")"
}
# That of a test that has failed as well.
stop_service() {
  [ -e "$scratch/service" ] || return 0
  kill "$(cat "$scratch/service")"
  rm "$scratch/service"
  until_so 'RAUC ends' is_silent || die 'it does not end'
}
is_silent() { ! rauc status; }

# restart [NAME]: U-Boot's script of RAUC's manual: the first system of BOOT_ORDER that has tries left. The one of this name does not come up.
restart() {
  stop_service
  for _ in $(seq 9); do
    booted=
    for each in $(loader BOOT_ORDER); do
      left=$(($(loader "BOOT_${each}_LEFT")))
      if [ $left -gt 0 ]; then
        fw_setenv "BOOT_${each}_LEFT" $((left - 1))
        booted=$each
        break
      fi
    done
    [ "$booted" = "${1:-}" ] || break
  done
  [ -n "$booted" ] || die 'no system comes up'
  rm -f "$work/next"
  start_service
}
place_of() { case $1 in A) echo "$place_a" ;; *) echo "$place_b" ;; esac; }
next_boot_is() { [ "$(loader BOOT_ORDER | cut -c1)" = "$1" ]; }

# bundle FILE VERSION [COMPATIBLE [BYTES [SIGNER]]]
bundle() {
  rm -rf "$scratch/content" "$1"
  mkdir "$scratch/content"
  system "$scratch/content/system.img" "$2"
  [ -z "${4:-}" ] || truncate -s "$4" "$scratch/content/system.img"
  printf '[update]\ncompatible=%s\nversion=%s\n[image.rootfs]\nfilename=system.img\n' "${3:-board}" "$2" >"$scratch/content/manifest.raucm"
  rauc bundle --cert="${5:-$scratch/owner}.cert" --key="${5:-$scratch/owner}.key" "$scratch/content" "$1" >"$scratch/said" 2>&1 || die "$(cat "$scratch/said")"
}

# A board whose system A runs, and B is as good.
board() {
  fresh "$1"
  boot_environment 'BOOT_ORDER=A B' BOOT_A_LEFT=3 BOOT_B_LEFT=3
  work=$sys booted=A
  restart
}
set_up() {
  certificate "$scratch/owner" owner
  certificate "$scratch/stranger" stranger
  mkdir -p /etc/rauc "$scratch/mount"
  printf '[system]\ncompatible=board\nbootloader=uboot\nmountprefix=%s/mount\nstatusfile=%s/rauc.status\n[keyring]\npath=%s/owner.cert\n' "$scratch" "$scratch" "$scratch" >/etc/rauc/system.conf
  printf '[slot.rootfs.0]\ndevice=%s\ntype=raw\nbootname=A\n[slot.rootfs.1]\ndevice=%s\ntype=raw\nbootname=B\n' "$place_a" "$place_b" >>/etc/rauc/system.conf
  # There is no systemd here that the bus could ask for a service.
  mount -t tmpfs none /usr/share/dbus-1/system-services
  mkdir -p /run/dbus
  dbus-daemon --system --nofork --nopidfile >"$scratch/bus.log" 2>&1 &
  until_so 'the bus is there' test -S /run/dbus/system_bus_socket || die "$(cat "$scratch/bus.log")"
  bundle "$scratch/two" 2.0.0
  bundle "$scratch/three" 3.0.0
}

update_and_back() {
  board update
  update 1 rauc system 2.0.0 "$scratch/two"
  hooks_do download verify install install
  expect 'it is written' holds "$place_b" 2.0.0
  expect 'the next boot is the old one' next_boot_is A
  hooks_do switch switch
  expect 'now it is the new one' next_boot_is B
  expect 'the machine is restarted' next_is reboot
  refuses 1 'the boot loader has gone back to A' commit
  restart
  expect 'it runs' test "$booted" = B
  hooks_do switch
  expect 'once is enough' test ! -e "$work/next"
  hooks_do commit commit cleanup
  expect 'all its tries are left' loader_has BOOT_B_LEFT 3
  expect 'it is known' test "$(hook installed)" = 2.0.0
  # The other way round, and it comes up, but is not well.
  update 2 rauc system 3.0.0 "$scratch/three"
  hooks_do download verify install switch
  expect 'it is written' holds "$place_a" 3.0.0
  restart
  expect 'it runs' test "$booted" = A
  hooks_do rollback rollback
  expect 'the next boot is the old one' next_boot_is B
  expect 'the new one is bad' loader_has BOOT_A_LEFT 0
  expect 'the machine is restarted' next_is reboot
  restart
  expect 'the old one runs' test "$booted" = B
  hooks_do rollback cleanup
  expect 'then it is done' test ! -e "$work/next"
  expect 'it is known' test "$(hook installed)" = 2.0.0
}

boot_loader_goes_back() {
  board dead
  update 1 rauc system 2.0.0 "$scratch/two"
  hooks_do verify install switch
  restart B
  expect 'the old one runs' test "$booted" = A
  refuses 1 'the boot loader has gone back to A' commit
  hooks_do rollback rollback cleanup
  expect 'it stays' next_boot_is A
  expect 'the new one is bad' loader_has BOOT_B_LEFT 0
  # Once more; the power goes before RAUC's mark is taken back.
  update 2 rauc system 3.0.0 "$scratch/three"
  hooks_do verify install
  rauc status mark-active other >/dev/null || die 'rauc does not mark it'
  restart
  expect 'it runs' test "$booted" = B
  hooks_do install switch commit cleanup
  expect 'it is not restarted again' test ! -e "$work/next"
  expect 'it is known' test "$(hook installed)" = 3.0.0
}

what_is_wrong_is_refused() {
  board wrong
  head -c 300000 "$scratch/two" >"$sys/half"
  update 1 rauc system 2.0.0 "$sys/half"
  refuses 1 'rauc refuses the bundle: ' verify
  bundle "$sys/strange" 2.0.0 board '' "$scratch/stranger"
  update 2 rauc system 2.0.0 "$sys/strange"
  refuses 1 'signature verification failed' verify
  bundle "$sys/desk" 2.0.0 desk
  update 3 rauc system 2.0.0 "$sys/desk"
  refuses 1 'the bundle is for desk, and this is board' verify
  update 4 rauc system 2.0.0 "$scratch/two" handler=--keep
  refuses 69 'rauc takes no handler arguments here' download
  # Larger than its place.
  bundle "$sys/large" 2.0.0 board 8M
  update 5 rauc system 2.0.0 "$sys/large"
  hooks_do verify
  refuses 1 'rauc cannot install the bundle: LastError: ' install
  expect 'it says why' grep -q 'No space left on device' "$sys/said"
  expect 'the next boot is the old one' next_boot_is A
  hooks_do rollback cleanup
  update 6 rauc system 2.0.0 "$scratch/two"
  size=$(($(df -Pk "$root" | awk 'NR == 2 { print $4 }') * 1024))
  refuses 1 'no room' download
  stop_service
  refuses 75 'rauc does not answer: ' download
}

# RAUC mounts a bundle through a loop device of its own.
mounts_bundles() {
  mkdir "$scratch/probe" && mksquashfs "$here/lib.sh" "$scratch/probe.squashfs" -quiet -no-progress && mount -o loop "$scratch/probe.squashfs" "$scratch/probe" && umount "$scratch/probe"
}

if two_places "$scratch" >"$scratch/why" 2>&1 && mounts_bundles >"$scratch/why" 2>&1; then
  set_up
  run 'RAUC updates, and takes it back' update_and_back
  run 'the boot loader goes back' boot_loader_goes_back
  run 'what is wrong is refused' what_is_wrong_is_refused
else
  skip RAUC "$(tail -n 1 "$scratch/why")"
fi
finish
