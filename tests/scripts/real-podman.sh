#!/bin/sh
# firmware-scripts/update.d/container and compose with podman and podman-compose themselves, where this machine can run them.
# shellcheck disable=SC2034,SC2154,SC2317 # what the files that are read in set, and call
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
# shellcheck source=/dev/null
. "$here/real-lib.sh"
need podman=podman podman-compose=podman-compose iptables=iptables crun=crun runc=runc busybox=busybox-static
engine=podman store=/var/lib/containers
apart libpod $store /var/lib/cni
# shellcheck source=/dev/null
. "$here/update-lib.sh"
# shellcheck source=/dev/null
. "$here/containers-lib.sh"

# Limits that may not be raised here are left as they are, and of both runtimes the one that this kernel's control groups suit.
set_up_podman() {
  mkdir -p /etc/containers
  printf '[storage]\ndriver = "vfs"\ngraphroot = "/var/lib/containers/storage"\nrunroot = "/run/containers/storage"\n' >/etc/containers/storage.conf
  limits=$(awk '/^Max open files/ { file = $5 } /^Max processes/ { processes = $4 } END { printf "\"nofile=%s:%s\", \"nproc=%s:%s\"", file, file, processes, processes }' /proc/self/limits | sed 's/unlimited/1048576/g')
  for cgroups in enabled disabled; do
    for runtime in crun runc; do
      printf '[containers]\ncgroups = "%s"\ndefault_ulimits = [%s]\n[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\nruntime = "%s"\n' $cgroups "$limits" $runtime \
        >/etc/containers/containers.conf
      starts --network none && return
    done
  done
  return 1
}

if set_up_podman; then
  try 'a container is replaced, and comes back' container_is_replaced
  try 'what does not work is taken back' what_does_not_work_is_taken_back
  try 'a full disk is said' full_disk_is_said
  nothing_left
  if starts; then
    try 'a set of containers goes up and back' compose_goes_up_and_back
  else
    skip podman-compose "podman has no network here: $(why)"
  fi
else
  skip podman "$(why)"
fi
finish
