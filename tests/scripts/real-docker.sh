#!/bin/sh
# firmware-scripts/update.d/container and compose with docker and docker-compose themselves, where this machine can run them.
# shellcheck disable=SC2034,SC2154,SC2317 # what the files that are read in set, and call
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
# shellcheck source=/dev/null
. "$here/real-lib.sh"
need docker=docker.io dockerd=docker.io docker-compose=docker-compose busybox=busybox-static
engine=docker store=/var/lib/docker
apart docker $store /var/lib/containerd
# shellcheck source=/dev/null
. "$here/update-lib.sh"
# shellcheck source=/dev/null
. "$here/containers-lib.sh"

start_docker() {
  dockerd --storage-driver vfs --iptables=false --ip6tables=false --bridge=none >"$scratch/dockerd.log" 2>&1 &
  dockerd=$!
  until_so 'docker answers' answers 2>"$scratch/why" && docker info >/dev/null 2>&1 && return
  grep -E 'level=(error|fatal)|failed' "$scratch/dockerd.log" | tail -n 1 >"$scratch/why"
  return 1
}
# Or has ended.
answers() { docker info || ! kill -0 $dockerd; }

runs_again() { test "$(state_of camera)" = 'true unless-stopped:0'; }

# In the middle of a trial, as when the machine is restarted.
engine_comes_back() {
  fresh restart
  former --restart always
  update 1 container camera 2.0.0 "$scratch/camera-2.tar" 'run=--network none'
  hooks_do download verify install switch
  kill $dockerd
  until_so 'docker ends' test ! -e /run/docker.pid || die 'it does not end'
  refuses 75 'docker does not answer: ' commit
  start_docker || die "$(why)"
  until_so 'the new one is started again' runs_again || die "$($engine ps -a)"
  expect 'the former one is not' test "$(state_of camera.before)" = 'false no:0'
  hooks_do commit cleanup
}

if start_docker && starts --network none; then
  try 'a container is replaced, and comes back' container_is_replaced
  try 'what does not work is taken back' what_does_not_work_is_taken_back
  try 'power cuts are survived' power_cuts_are_survived
  try 'the engine comes back' engine_comes_back
  try 'a full disk is said' full_disk_is_said
  try 'a set of containers goes up and back' compose_goes_up_and_back
else
  skip docker "$(why)"
fi
finish
