#!/bin/sh
# firmware-scripts/update.d/swupdate with SWUpdate itself and U-Boot's environment; disks are loop devices, and a restart is what a boot counter does.
# shellcheck disable=SC2034,SC2154,SC2317 # what the files that are read in set, and call
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
# shellcheck source=/dev/null
. "$here/real-lib.sh"
need swupdate=swupdate fw_setenv=libubootenv-tool openssl=openssl losetup=mount busybox=busybox-static
apart none
# shellcheck source=/dev/null
. "$here/update-lib.sh"
in_shell=as_helper

# restart [PLACE]: U-Boot with a boot counter. The system of this place does not come up.
restart() {
  for _ in $(seq 9); do
    booted=$(loader rootpart)
    if loader_has upgrade_available 1; then
      if [ "$(loader bootcount)" -ge 2 ]; then
        case $booted in a) booted=b ;; *) booted=a ;; esac
        fw_setenv rootpart "$booted"
        fw_setenv upgrade_available 0
      fi
      fw_setenv bootcount $(($(loader bootcount) + 1))
    fi
    [ "$booted" = "${1:-}" ] || break
  done
  case $booted in a) device=$place_a ;; *) device=$place_b ;; esac
  echo "1 0 $(($(stat -Lc 0x%t "$device"))):$(($(stat -Lc 0x%T "$device"))) / / rw - ext4 $device rw" >"$sys/mounts"
  rm -f "$work/next"
}

# A board whose system runs from place a.
board() {
  fresh "$1"
  boot_environment rootpart=a upgrade_available=0 bootcount=0 ustate=0
  work=$sys
  restart
}

# image FILE VERSION [SIGNER]: for both places, the one or the other.
image() {
  rm -rf "$scratch/content"
  mkdir "$scratch/content"
  system "$scratch/content/system.img" "$2"
  hash=$(sha256sum <"$scratch/content/system.img")
  {
    printf 'software = {\n version = "%s";\n hardware-compatibility = [ "1" ];\n stable = {\n' "$2"
    for each in "a $place_a" "b $place_b"; do
      printf '  %s = {\n   images: ( { filename = "system.img"; device = "%s"; type = "raw"; sha256 = "%s"; } );\n' "${each% *}" "${each#* }" "${hash%% *}"
      printf '   bootenv: ( { name = "rootpart"; value = "%s"; }, { name = "upgrade_available"; value = "1"; }, { name = "bootcount"; value = "0"; } );\n  };\n' "${each% *}"
    done
    printf ' };\n};\n'
  } >"$scratch/content/sw-description"
  (
    cd "$scratch/content" || exit 1
    openssl cms -sign -in sw-description -out sw-description.sig -signer "${3:-$scratch/owner}.cert" -inkey "${3:-$scratch/owner}.key" -outform DER -nosmimecap -binary
    printf 'sw-description\nsw-description.sig\nsystem.img\n' | "$busybox" cpio -o -H newc 2>/dev/null
  ) >"$1"
}
# As a release of a fleet says it, of which each device runs the one system or the other.
to_system() { # number version file
  update "$1" swupdate system "$2" "$3" 'select=stable,{a}' "places=$place_a:a,$place_b:b" 'good=upgrade_available=0 ustate=0' 'back=rootpart={b} upgrade_available=0 ustate=0'
}

set_up() {
  certificate "$scratch/owner" owner
  certificate "$scratch/stranger" stranger
  printf 'globals: {\n public-key-file = "%s/owner.cert";\n bootloader = "uboot";\n};\n' "$scratch" >/etc/swupdate.cfg
  echo 'board 1' >/etc/hwrevision
  image "$scratch/two" 2.0.0
  image "$scratch/three" 3.0.0
}

update_and_back() {
  board update
  to_system 1 2.0.0 "$scratch/two"
  hooks_do download verify install install
  expect_not 'it is written' holds "$place_b" 2.0.0
  expect 'the boot loader knows nothing' loader_has rootpart a
  hooks_do switch switch
  expect 'it is written now' holds "$place_b" 2.0.0
  expect 'the boot loader knows' loader_has rootpart b
  expect 'SWUpdate says that it is new' loader_has ustate 1
  expect 'the machine is restarted' next_is reboot
  refuses 1 'has gone back' commit
  restart
  hooks_do switch
  expect 'once is enough' test ! -e "$work/next"
  hooks_do commit commit cleanup
  expect 'nothing is counted any more' loader_has upgrade_available 0
  expect 'it is good' loader_has ustate 0
  expect 'it is known' test "$(hook installed)" = 2.0.0
  # The other way round, and it comes up, but is not well.
  to_system 2 3.0.0 "$scratch/three"
  hooks_do download verify install switch
  expect 'it is written' holds "$place_a" 3.0.0
  restart
  expect 'it runs' test "$booted" = a
  hooks_do rollback rollback
  expect 'the machine is restarted' next_is reboot
  for _ in 1 2 3 4; do restart; done
  expect 'the old one runs, and stays' test "$booted" = b
  hooks_do rollback cleanup
  expect 'then it is done' test ! -e "$work/next"
  expect 'it is known' test "$(hook installed)" = 2.0.0
}

boot_loader_goes_back() {
  board dead
  to_system 1 2.0.0 "$scratch/two"
  hooks_do verify install switch
  restart b
  expect 'the old one runs' test "$booted" = a
  refuses 1 'has gone back' commit
  hooks_do rollback rollback cleanup
  expect 'it stays' loader_has rootpart a
}

what_is_wrong_is_refused() {
  board wrong
  head -c 600000 "$scratch/two" >"$sys/half"
  to_system 1 2.0.0 "$sys/half"
  refuses 1 'swupdate refuses the file: HASH mismatch' verify
  image "$sys/strange" 2.0.0 "$scratch/stranger"
  to_system 2 2.0.0 "$sys/strange"
  refuses 1 'swupdate refuses the file: ' verify
  expect 'it says why' grep -qi 'signature\|signer' "$sys/said"
  echo 'board 2' >/etc/hwrevision
  to_system 3 2.0.0 "$scratch/two"
  refuses 1 'SW not compatible with hardware' verify
  echo 'board 1' >/etc/hwrevision
  update 4 swupdate system 2.0.0 "$scratch/two" select=stable,other
  refuses 1 'swupdate refuses the file: Found nothing to install' verify
  update 5 swupdate system 2.0.0 "$scratch/two" 'select=stable,{a}' "places=/dev/null:a,$place_b:b"
  refuses 1 'is the root that runs' verify
  # What cannot be undone is not called undone; and what a power cut leaves open may have been written.
  update 6 swupdate system 2.0.0 "$scratch/two" 'select=stable,{a}' "places=$place_a:a,$place_b:b"
  hooks_do verify install switch
  refuses 1 'does not say how to go back' rollback
  echo maybe >"$work/written"
  refuses 1 'does not say how to go back' rollback
  # Where the image lies before it is written.
  fw_setenv rootpart a
  mount -t tmpfs -o size=700k none "$root"
  to_system 7 2.0.0 "$scratch/two"
  hooks_do install
  refuses 1 'swupdate cannot write it: Not enough free space to extract system.img' switch
  hooks_do rollback cleanup
  expect 'the boot loader knows nothing' loader_has rootpart a
  umount "$root"
}

daemon_stays() {
  board daemon
  swupdate -l 1 -e stable,b >"$sys/daemon.log" 2>&1 &
  daemon=$!
  until_so 'the daemon answers' test -S /tmp/sockinstctrl || die "$(cat "$sys/daemon.log")"
  to_system 1 2.0.0 "$scratch/two"
  hooks_do download verify install switch
  expect 'it is written' holds "$place_b" 2.0.0
  expect 'whoever asks the daemon still can' test -S /tmp/sockinstctrl
  swupdate-client -d "$scratch/three" >"$sys/asked" 2>&1 || die "the daemon does not answer: $(cat "$sys/asked")"
  expect_not 'nothing lies about' test -e "$work/tmp"
  kill $daemon
  wait $daemon
}

if two_places "$scratch" >"$scratch/why" 2>&1; then
  set_up
  run 'SWUpdate updates, and takes it back' update_and_back
  run 'the boot loader goes back' boot_loader_goes_back
  run 'what is wrong is refused' what_is_wrong_is_refused
  run 'the daemon stays' daemon_stays
else
  skip SWUpdate "no loop devices: $(tail -n 1 "$scratch/why")"
fi
finish
