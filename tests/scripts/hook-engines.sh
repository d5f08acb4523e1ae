#!/bin/sh
# firmware-scripts/update.d/container, compose, rauc and swupdate, against small fakes of docker, podman, rauc, swupdate and fw_setenv: programs that write
# down how they are called, and remember what a hook asks again. With the engines themselves: real-docker.sh, real-podman.sh and real-systems.sh.
# shellcheck disable=SC2016,SC2034,SC2154,SC2317 # scripts of the scratch device are written down as they are; what update-lib.sh sets, and calls
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
# shellcheck source=/dev/null
. "$here/update-lib.sh"

mkdir "$scratch/image"
echo '[]' >"$scratch/image/manifest.json"
tar -cf "$scratch/image.tar" -C "$scratch/image" manifest.json

# An engine whose containers are files of $sys/containers: the image, the label of the update, whether it runs, and its restart policy.
fake_engine() {
  mkdir -p "$sys/containers" "$sys/images"
  fake "$1" '
c=$sys/containers
case $1 in
version) test ! -e "$sys/down" || { echo "is the daemon running?" >&2; exit 1; } ;;
load) echo "Loaded image: camera:2" ; echo sha256:2 >"$sys/images/camera:2" ;;
image) case $2 in inspect) test -e "$sys/images/$5" && cat "$sys/images/$5" ;; rm) echo "$3" >>"$sys/removed" ;; esac ;;
inspect) test -e "$c/$6" || exit 1
  read -r image label running policy <"$c/$6"
  case $5 in x) echo x ;; *State.Running*) test "$running" = yes && echo "true false" ;; *AutoRemove*) ;; *Labels*) echo "$label" ;; *Image*) echo "$image $policy" ;; esac ;;
update) read -r image label running policy <"$c/$3"; echo "$image $label $running ${2#--restart=}" >"$c/$3" ;;
stop) read -r image label running policy <"$c/$2"; echo "$image $label no $policy" >"$c/$2" ;;
start) test ! -e "$sys/broken" || exit 1
  read -r image label running policy <"$c/$2"; echo "$image $label yes $policy" >"$c/$2" ;;
rename) mv "$c/$2" "$c/$3" ;;
rm) rm "$c/$3" ;;
run) test ! -e "$sys/broken" || exit 125
  label=${6#messaging.update=}; echo "sha256:2 $label yes unless-stopped" >"$c/$4" ;;
compose) case $* in "compose version") ;; *" config -q") test ! -e "$sys/broken" ;; *" up "*) test ! -e "$sys/broken" ;; esac ;;
esac'
}
container_is() { has_line "$sys/containers/$1" "$2"; }

container_is_replaced() {
  fresh container
  fake_engine docker
  echo 'sha256:1 none yes always' >"$sys/containers/camera"
  update 1 container camera 2.0.0 "$scratch/image.tar" 'run=-p 80:80 -v data:/data' 'command=serve --fast'
  hooks_do download verify install
  expect 'nothing has changed' container_is camera 'sha256:1 none yes always'
  hooks_do switch switch
  expect 'the new one runs' container_is camera "sha256:2 $id yes unless-stopped"
  expect 'as the release says' called docker "run -d --name camera --label messaging.update=$id --restart unless-stopped -p 80:80 -v data:/data sha256:2 serve --fast"
  expect 'the former one waits, and does not start by itself' container_is camera.before 'sha256:1 none no no'
  hooks_do rollback rollback
  expect 'the former one runs as it did' container_is camera 'sha256:1 none yes always'
  expect 'the new one is gone' test ! -e "$sys/containers/camera.before"
  hooks_do cleanup
  expect 'and its image' has_line "$sys/removed" sha256:2
  hooks_do install switch commit cleanup
  expect 'it is known' test "$(hook installed)" = 2.0.0
  expect 'the former one is gone' test ! -e "$sys/containers/camera.before"
  expect 'and its image' has_line "$sys/removed" sha256:1
}

first_container_and_broken_one() {
  fresh first
  fake_engine podman
  # Debian's podman-docker: a docker that is podman.
  fake docker 'echo podman version 4.3.1'
  update 1 container camera 2.0.0 "$scratch/image.tar" container=eye
  hooks_do download verify install
  : >"$sys/broken"
  refuses 1 'eye does not start' switch
  rm "$sys/broken"
  hooks_do rollback
  expect 'there is none' test ! -e "$sys/containers/eye"
  hooks_do switch commit
  expect 'podman runs it' container_is eye "sha256:2 $id yes unless-stopped"
  : >"$sys/down"
  refuses 75 'podman does not answer: is the daemon running?' switch
  rm "$sys/down"
  update 2 container camera 2.0.0 "$scratch/image.tar" container=--privileged
  refuses 1 'no name of a container' download
  echo x >"$sys/noise"
  update 3 container camera 2.0.0 "$sys/noise"
  refuses 1 'no saved image' verify
}

compose_goes_up_and_back() {
  fresh compose
  slots=$root/slots/shop
  fake_engine docker
  for version in 1 2; do
    mkdir -p "$sys/shop-$version/images"
    echo "services: $version" >"$sys/shop-$version/compose.yaml"
    cp "$scratch/image.tar" "$sys/shop-$version/images/web.tar"
    tar -cf "$sys/shop-$version.tar" -C "$sys/shop-$version" .
  done
  update 1 compose shop 1.0.0 "$sys/shop-1.tar"
  hooks_do download verify install
  expect 'images are loaded' called docker "load -q -i $slots/a/images/web.tar"
  hooks_do switch rollback
  expect 'where there was none it goes down' called docker "compose -p shop -f $slots/a/compose.yaml down"
  expect 'nothing is current' test ! -L "$slots/current"
  hooks_do install switch commit cleanup
  update 2 compose shop 2.0.0 "$sys/shop-2.tar" project=market
  hooks_do verify install switch
  expect 'the project of another name goes down' called docker "compose -p shop -f $slots/a/compose.yaml down"
  expect 'it goes up' called docker "compose -p market -f $slots/b/compose.yaml up -d --remove-orphans"
  expect 'with the new file' has_line "$slots/current/compose.yaml" 'services: 2'
  hooks_do rollback cleanup
  expect 'it goes down' called docker "compose -p market -f $slots/b/compose.yaml down"
  expect 'the former file is current' has_line "$slots/current/compose.yaml" 'services: 1'
  expect 'it is known' test "$(hook installed)" = 1.0.0
  update 3 compose shop 2.0.0 "$sys/shop-2.tar" file=other.yaml
  refuses 1 'there is no other.yaml' verify
}

# A board with the systems A and B, which RAUC and the boot loader know: $sys/booted runs, $sys/primary is next.
fake_rauc() {
  echo A >"$sys/booted"
  echo A >"$sys/primary"
  fake rauc '
read -r booted <"$sys/booted"
case $booted in A) other=B ;; *) other=A ;; esac
case $* in
"status --output-format=shell") echo "RAUC_SYSTEM_COMPATIBLE='\''board'\''"; echo "RAUC_SYSTEM_BOOTED_BOOTNAME='\''$booted'\''" ;;
info*) test ! -e "$sys/broken" || { echo "signature verification failed" >&2; exit 1; }
  echo "RAUC_MF_COMPATIBLE='\''board'\''" ;;
"install --help") test -e "$sys/service" || echo "  --handler-args=ARGS" ;;
install*) echo "$other" >"$sys/primary" ;;
"status mark-active other") echo "$other" >"$sys/primary" ;;
"status mark-active booted") echo "$booted" >"$sys/primary" ;;
esac'
}
reboot_board() { cp "$sys/primary" "$sys/booted"; }
next_boot_is() { has_line "$sys/primary" "$1"; }

rauc_waits_for_the_switch() {
  fresh rauc
  fake_rauc
  echo bundle >"$sys/bundle"
  update 1 rauc system 2.0.0 "$sys/bundle" handler=--keep
  # A rauc with a service, as Debian's, takes them when that is started.
  : >"$sys/service"
  refuses 69 'no handler arguments' download
  rm "$sys/service"
  hooks_do download verify install
  expect 'with its handler' called rauc "install --handler-args=--keep $sys/bundle"
  expect 'the next boot is the old one' next_boot_is A
  hooks_do switch
  expect 'now it is the new one' next_boot_is B
  expect 'the machine is restarted' next_is reboot
  refuses 1 'the boot loader has gone back to A' commit
  reboot_board
  hooks_do switch commit cleanup
  expect 'it is good' called rauc 'status mark-good booted'
  expect 'it is known' test "$(hook installed)" = 2.0.0
}

rauc_goes_back() {
  fresh rauc-back
  fake_rauc
  echo bundle >"$sys/bundle"
  update 1 rauc system 2.0.0 "$sys/bundle"
  hooks_do verify install switch
  reboot_board
  rm "$work/next"
  hooks_do rollback
  expect 'the next boot is the old one' next_boot_is A
  expect 'the machine is restarted' next_is reboot
  expect 'the new one is bad' called rauc 'status mark-bad booted'
  reboot_board
  rm "$work/next"
  hooks_do rollback cleanup
  expect 'then it is done' test ! -e "$work/next"
  expect 'the other one stays bad' called rauc 'status mark-bad other'
  : >"$sys/broken"
  update 2 rauc system 3.0.0 "$sys/bundle"
  refuses 1 'signature verification failed' verify
}

fake_swupdate() {
  echo '1 0 179:2 / / rw - ext4 /dev/root rw' >"$sys/mounts"
  fake swupdate 'test ! -e "$sys/broken" || { echo "no valid image" >&2; exit 1; }'
  fake fw_setenv
}

swupdate_writes_at_the_switch() {
  fresh swupdate
  fake_swupdate
  mknod "$sys/two" b 179 2
  mknod "$sys/three" b 179 3
  echo image >"$sys/image"
  update 1 swupdate system 2.0.0 "$sys/image" 'select=stable,{a}' "places=$sys/two:main,$sys/three:alt" 'back=rootpart=2' 'good=upgrade_available=0 ustate=0'
  hooks_do download verify install
  expect 'for the place that does not run' called swupdate "-l 1 -e stable,alt -c -i $sys/image"
  expect_not 'it is written' called swupdate "-l 1 -e stable,alt -i $sys/image"
  hooks_do switch switch
  expect 'it is written now' test "$(grep -cx -- "-l 1 -e stable,alt -i $sys/image" "$sys/swupdate.calls")" -eq 1
  expect 'the machine is restarted' next_is reboot
  refuses 1 'has gone back' commit
  sed -i 's/179:2/179:3/' "$sys/mounts"
  hooks_do switch commit cleanup
  expect 'the boot loader knows' called fw_setenv 'upgrade_available 0'
  expect 'all of it' called fw_setenv 'ustate 0'
  expect 'it is known' test "$(hook installed)" = 2.0.0
}

swupdate_goes_back() {
  fresh swupdate-back
  fake_swupdate
  echo image >"$sys/image"
  update 1 swupdate system 2.0.0 "$sys/image" back=rootpart=2
  hooks_do verify install rollback
  expect 'nothing was written' test ! -e "$sys/fw_setenv.calls"
  hooks_do switch
  sed -i 's/179:2/179:3/' "$sys/mounts"
  rm "$work/next"
  hooks_do rollback
  expect 'the boot loader knows' called fw_setenv 'rootpart 2'
  expect 'the machine is restarted' next_is reboot
  sed -i 's/179:3/179:2/' "$sys/mounts"
  update 2 swupdate system 3.0.0 "$sys/image"
  hooks_do verify install switch
  refuses 1 'does not say how to go back' rollback
  : >"$sys/broken"
  refuses 1 'no valid image' verify
}

what_is_not_there_is_69() {
  for kind in container compose rauc swupdate; do
    fresh absent
    update 1 "$kind" thing 1.0.0 "$scratch/image.tar"
    refuses 69 'there is no' download
  done
}

run_both 'a container is replaced, and comes back' container_is_replaced
run_both 'a first container, and one that does not start' first_container_and_broken_one
run_both 'a set of containers goes up and back' compose_goes_up_and_back
run_both 'RAUC waits for the switch' rauc_waits_for_the_switch
run_both 'RAUC goes back' rauc_goes_back
run_both 'SWUpdate writes at the switch' swupdate_writes_at_the_switch
run_both 'SWUpdate goes back' swupdate_goes_back
# With busybox's programs alone: this machine may have docker.
shell='busybox sh'
run 'what is not there is 69' what_is_not_there_is_69
finish
