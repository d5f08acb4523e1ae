#!/bin/sh
# firmware-scripts/update.d/deb: packages are installed, kept and taken back, by the real dpkg with a database of its own. apt-get is a fake.
# shellcheck disable=SC2016,SC2034,SC2154,SC2317 # scripts of the scratch device are written down as they are; what update-lib.sh sets, and calls
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
# shellcheck source=/dev/null
. "$here/update-lib.sh"

# make_deb NAME VERSION [postinst]: $scratch/debs/NAME_VERSION.deb
make_deb() {
  build=$scratch/build
  rm -rf "$build"
  mkdir -p "$build/DEBIAN" "$build/usr/share/$1" "$scratch/debs"
  printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: nobody <n@packages.invalid>\nDescription: a test\n' "$1" "$2" >"$build/DEBIAN/control"
  echo "$2" >"$build/usr/share/$1/version"
  if [ -n "${3:-}" ]; then
    printf '#!/bin/sh\n%s\n' "$3" >"$build/DEBIAN/postinst"
    chmod 755 "$build/DEBIAN/postinst"
  fi
  dpkg-deb -Znone -b "$build" "$scratch/debs/$1_$2.deb" >/dev/null
}
make_deb camera 1.0
make_deb camera 2.0
make_deb lens 1.0
make_deb broken 1.0 'exit 1'
tar -cf "$scratch/both.tar" -C "$scratch/debs" camera_2.0.deb lens_1.0.deb

device() {
  fresh "$1"
  mkdir -p "$sys/target/var/lib/dpkg/info" "$sys/target/var/lib/dpkg/updates" "$sys/archives"
  : >"$sys/target/var/lib/dpkg/status"
  # The real ones, for the scratch system.
  fake dpkg 'PATH=/usr/sbin:/usr/bin:/sbin:/bin exec /usr/bin/dpkg --root="$sys/target" --force-script-chrootless "$@"'
  fake dpkg-query 'exec /usr/bin/dpkg-query --admindir="$sys/target/var/lib/dpkg" "$@"'
  ln -s /usr/bin/dpkg-deb "$sys/bin/dpkg-deb"
  fake apt-get 'case $* in -s*) for deb in "$@"; do case $deb in *.deb) echo "Inst $(/usr/bin/dpkg-deb -f "$deb" Package) (1)" ;; esac; done; [ ! -e "$sys/besides" ] || cat "$sys/besides" ;; *download*) test -e "$sys/mirror" && cp "$sys/mirror"/*.deb . ;; esac'
}
has_version() { [ "$(/usr/bin/dpkg-query --admindir="$sys/target/var/lib/dpkg" -W -f '${db:Status-Status} ${Version}' "$1" 2>/dev/null)" = "installed $2" ]; }
gone() { ! /usr/bin/dpkg-query --admindir="$sys/target/var/lib/dpkg" -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -q '^installed'; }

installs_and_takes_back() {
  device deb
  update 1 deb camera 1.0.0 "$scratch/debs/camera_1.0.deb"
  hooks_do download verify install
  expect 'nothing is installed yet' gone camera
  hooks_do switch commit cleanup
  expect 'it is installed' has_version camera 1.0
  expect 'it is known' test "$(hook installed)" = 1.0.0
  update 2 deb camera 2.0.0 "$scratch/both.tar"
  hooks_do verify install switch
  expect 'the new one' has_version camera 2.0
  expect 'and what is new' has_version lens 1.0
  hooks_do switch rollback
  expect 'the former one' has_version camera 1.0
  expect 'what was new is gone' gone lens
  hooks_do rollback cleanup
  expect 'the former one is known' test "$(hook installed)" = 1.0.0
}

way_back_is_looked_for() {
  device ways
  /usr/bin/dpkg --root="$sys/target" -i "$scratch/debs/camera_1.0.deb" >/dev/null 2>&1
  update 1 deb camera 2.0.0 "$scratch/both.tar"
  hooks_do verify
  refuses 1 'no package of camera 1.0 to go back to' install
  cp "$scratch/debs/camera_1.0.deb" "$sys/archives/camera_1.0_all.deb"
  hooks_do install switch rollback cleanup
  expect 'out of the cache' has_version camera 1.0
  rm "$sys/archives"/*
  mkdir "$sys/mirror"
  cp "$scratch/debs/camera_1.0.deb" "$sys/mirror/camera_1.0_all.deb"
  update 2 deb camera 2.0.0 "$scratch/both.tar"
  hooks_do verify install switch rollback cleanup
  expect 'downloaded' has_version camera 1.0
  rm -r "$sys/mirror"
  update 3 deb camera 2.0.0 "$scratch/both.tar" rollback=none
  hooks_do verify install switch
  refuses 1 'there is no way back for camera' rollback
}

plans_that_do_more_are_refused() {
  device plans
  update 1 deb camera 2.0.0 "$scratch/both.tar"
  echo 'Inst shutter (2)' >"$sys/besides"
  refuses 1 'shutter is needed besides' verify
  echo 'Remv editor [1]' >"$sys/besides"
  refuses 1 'editor would be removed' verify
  rm "$sys/besides"
  echo x >"$sys/x"
  tar -cf "$sys/other.tar" -C "$sys" x
  update 2 deb camera 2.0.0 "$sys/other.tar"
  refuses 1 'something else than packages' verify
  echo x >"$sys/x.deb"
  tar -cf "$sys/noise.tar" -C "$sys" x.deb
  update 3 deb camera 2.0.0 "$sys/noise.tar"
  refuses 1 'no package that can be read' verify
}

failure_is_told_and_mended() {
  device broken
  update 1 deb broken 1.0.0 "$scratch/debs/broken_1.0.deb"
  hooks_do verify install
  refuses 1 'dpkg: ' switch
  hooks_do rollback cleanup
  expect 'it is gone' gone broken
  # dpkg that a power cut stopped between unpacking and configuring.
  update 2 deb camera 1.0.0 "$scratch/debs/camera_1.0.deb"
  hooks_do verify install
  /usr/bin/dpkg --root="$sys/target" --unpack "$scratch/debs/camera_1.0.deb" >/dev/null 2>&1
  hooks_do switch
  expect 'it is configured' has_version camera 1.0
  fake dpkg 'case $* in *--install*) echo "dpkg: error: dpkg frontend lock was locked by another process" >&2; exit 2 ;; *configure*) exit 2 ;; *) exec /usr/bin/dpkg "$@" ;; esac'
  update 3 deb camera 2.0.0 "$scratch/both.tar" rollback=none
  hooks_do verify install
  refuses 75 'somebody else works with packages' switch
}

# Some of busybox's shells take a dpkg-deb of busybox's own, which is none of Debian's; where they do, dpkg is not.
if [ -e "$scratch/applets/dpkg-deb" ]; then run_both() { shell=dash; run "$1 (dash)" "$2"; }; fi
run_both 'packages are installed, and taken back' installs_and_takes_back
run_both 'the way back is looked for' way_back_is_looked_for
run_both 'a plan that does more is refused' plans_that_do_more_are_refused
run_both 'a failure is told, and what was interrupted is mended' failure_is_told_and_mended
finish
