# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with who reads this in
# docker or podman, for the hooks container and compose, after lib.sh. Param: engine=docker|podman, or the one that is there.
find_engine() {
  engine=$(param engine)
  case $engine in
  docker | podman) ;;
  '') engine=docker; has docker || engine=podman ;;
  *) fail "engine is docker or podman, not $engine" ;;
  esac
  has "$engine" || unsupported "there is no $engine here"
  # Debian's podman-docker is a program of that name which is podman, and has not all that docker has.
  if [ "$engine" = docker ]; then
    case $(docker --version 2>/dev/null) in podman*) engine=podman ;; esac
  fi
}

require_engine() {
  find_engine
  "$engine" version >/dev/null 2>"$work/said" || later "$engine does not answer: $(reason)"
}

# require_space BYTES: where the engine keeps images, or where updates are when it does not say so; and for the artifact itself, which podman has twice in a load.
require_space() {
  require_room $((2 * ${UPDATE_SIZE:-0})) "$root"
  case $engine in
  docker) store=$(docker info -f '{{.DockerRootDir}}') ;;
  *) store=$(podman info -f '{{.Store.GraphRoot}}') ;;
  esac
  [ -d "$store" ] || store=$root
  require_room "$1" "$store"
}

# A name of a container, an image or a project: no option, no path.
check_word() { # what word
  case $2 in
  '' | -* | *[!A-Za-z0-9@:./_-]*) fail "this is no name of $1: $2" ;;
  esac
}

# load FILE: the names of what came with it are in "$work/loaded", a line each. podman unpacks it first: here, where a power cut leaves nothing for good.
load() {
  mkdir -p "$work/tmp" || fail "$work cannot be written to"
  env TMPDIR="$work/tmp" "$engine" load -q -i "$1" >"$work/said" 2>&1 || fail "$engine cannot load the image: $(reason)"
  rm -rf "$work/tmp"
  sed -n 's/^Loaded image[^:]*: *//p' "$work/said" >"$work/loaded"
}

image_id() { "$engine" image inspect -f '{{.Id}}' "$1"; }

# A saved image, by what is in it: Docker's manifest, or that of the OCI.
is_image() { tar -tf "$1" 2>/dev/null | grep -E -q '^(\./)?(manifest\.json|index\.json)$'; }

inspect() { "$engine" inspect --type container -f "$2" "$1" 2>/dev/null; }
exists() { inspect "$1" x >/dev/null; }
# Not one that ends again and again, either.
runs() { [ "$(inspect "$1" '{{.State.Running}} {{.State.Restarting}}')" = 'true false' ]; }
