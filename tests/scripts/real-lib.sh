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

# Starts the script again in there: apart FOLDER..., each of which is an empty disk of 64 MiB.
apart() {
  need unshare=util-linux mount=mount ip=iproute2 tar=tar
  if [ -z "${REAL_ENGINES:-}" ]; then
    set -- unshare --mount --pid --net --fork --kill-child --mount-proc --propagation private
    if ! said=$("$@" mount -t tmpfs none /run 2>&1); then
      skip "${0##*/}" "no namespaces of its own: $said"
      finish
      exit
    fi
    REAL_ENGINES=yes exec "$@" "$0"
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

# A hook as the helper starts it: by itself, in /, with nothing in its environment but what belongs there.
as_helper() {
  (
    cd / || exit 1
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C UPDATE_ID="$UPDATE_ID" UPDATE_KIND="$UPDATE_KIND" UPDATE_NAME="$UPDATE_NAME" UPDATE_VERSION="$UPDATE_VERSION" \
      UPDATE_SIZE="$UPDATE_SIZE" UPDATE_SHA256="$UPDATE_SHA256" UPDATE_ARTIFACT="$UPDATE_ARTIFACT" UPDATE_ROOT="$UPDATE_ROOT" UPDATE_STATE="$UPDATE_STATE" \
      UPDATE_WORK="$UPDATE_WORK" UPDATE_PARAMS="$UPDATE_PARAMS" UPDATE_DEADLINE="$UPDATE_DEADLINE" UPDATE_REASON="$UPDATE_REASON" "$@" </dev/null
  )
}
