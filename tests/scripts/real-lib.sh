# shellcheck shell=sh disable=SC2154 # variables are shared with who reads this in
# For tests with the engines themselves, between lib.sh and update-lib.sh: what they do stays in namespaces of their own. There, /etc is a copy, /run, /tmp and the engines'
# storage are empty, there is no network but lo, and nothing that was started outlives the script.
[ "$(id -u)" -eq 0 ] || exec sudo "$0" "$@"

# skip NAME WHY: of a trial that this machine's kernel, or what holds this machine, does not let happen. test.sh shows it.
skip() { printf 'SKIPPED: %s: %s\n' "$1" "$2"; }

# need PROGRAM=PACKAGE...: what is missing is a failure, and no reason to skip anything.
need() {
  for wanted in "$@"; do
    command -v "${wanted%%=*}" >/dev/null || { echo "${wanted%%=*} is missing (Debian: ${wanted#*=})" >&2; exit 1; }
  done
}

# Control groups by the beginning of a name, those inside first: namespaces do not end them.
groups_of() { find /sys/fs/cgroup -depth -type d -path "*/$1*" 2>/dev/null; }

# Starts the script again in there: apart GROUP FOLDER..., of which each becomes an empty disk of 64 MiB. What is left of control groups of that name goes afterwards.
apart() {
  need unshare=util-linux setsid=util-linux mount=mount ip=iproute2 tar=tar
  group=$1
  shift
  if [ -z "${REAL_ENGINES:-}" ]; then
    set -- unshare --mount --pid --net --fork --kill-child --mount-proc --propagation private
    if ! said=$("$@" mount -t tmpfs none /run 2>&1); then
      skip "${0##*/}" "no namespaces of its own: $said"
      finish
      exit
    fi
    groups=$(groups_of "$group")
    REAL_ENGINES=yes "$@" "$0"
    code=$?
    groups_of "$group" | while IFS= read -r one; do
      printf '%s\n' "$groups" | grep -qxF -- "$one" || rmdir "$one"
    done
    exit $code
  fi
  mount -t tmpfs -o mode=755 none /run
  mount -t tmpfs -o mode=1777 none /tmp
  cp -a /etc /run/etc
  mount --bind /run/etc /etc
  for place in /dev/shm "$@"; do
    mkdir -p "$place"
    mount -t tmpfs -o size=64m none "$place"
  done
  ip link set lo up
}

# A hook as the helper starts it: by itself, in /, with nothing in its environment but what belongs there. In $tools may be programs that come first.
as_helper() {
  (
    cd / || exit 1
    setsid --wait env -i PATH="${tools:+$tools:}"/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C UPDATE_ID="$UPDATE_ID" UPDATE_KIND="$UPDATE_KIND" UPDATE_NAME="$UPDATE_NAME" UPDATE_VERSION="$UPDATE_VERSION" \
      UPDATE_SIZE="$UPDATE_SIZE" UPDATE_SHA256="$UPDATE_SHA256" UPDATE_ARTIFACT="$UPDATE_ARTIFACT" UPDATE_ROOT="$UPDATE_ROOT" UPDATE_STATE="$UPDATE_STATE" \
      UPDATE_WORK="$UPDATE_WORK" UPDATE_PARAMS="$UPDATE_PARAMS" UPDATE_DEADLINE="$UPDATE_DEADLINE" UPDATE_REASON="$UPDATE_REASON" "$@" </dev/null
  )
}

# until_so WHAT COMMAND...: what was started in the background gets its moment.
until_so() {
  what=$1
  shift
  for _ in $(seq 300); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  echo "$what: not within 30 s ($*)" >&2
  return 1
}

# Two places for systems, as disks: two_places FOLDER sets $place_a and $place_b. A loop device outlives its namespace: with trap 'losetup -d ...'.
two_places() {
  for each in a b; do
    truncate -s 4M "$1/place-$each"
    device=$(losetup --show -f "$1/place-$each" 2>&1) || { echo "$device"; return 1; }
    loops="${loops:-} $device"
    eval "place_$each=$device"
  done
  # shellcheck disable=SC2064,SC2086 # as they are now, and several
  trap "losetup -d $loops; rm -rf '$scratch'" EXIT
}

# A boot loader's environment in a file, for the real fw_setenv and fw_printenv: boot_environment NAME=VALUE...
boot_environment() {
  echo "$scratch/environment 0x0 0x4000" >/etc/fw_env.config
  head -c 16384 /dev/zero >"$scratch/environment"
  printf '%s\n' "$@" >"$scratch/defaults"
  fw_setenv -f "$scratch/defaults" "${1%%=*}" "${1#*=}" 2>/dev/null
}
loader() { fw_printenv -n "$1" 2>/dev/null; }
loader_has() { [ "$(loader "$1")" = "$2" ]; }

# A key and its certificate: certificate FILE NAME makes FILE.key and FILE.cert
certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.cert" -subj "/CN=$2" -days 3650 \
    -addext keyUsage=digitalSignature -addext extendedKeyUsage=emailProtection 2>/dev/null
}

# Each system's image is its version and noise: system FILE VERSION
system() {
  echo "system $2" >"$1"
  head -c 1000000 /dev/urandom >>"$1"
}
holds() { [ "$(head -n 1 "$1" 2>/dev/null)" = "system $2" ]; }
