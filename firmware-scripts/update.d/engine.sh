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
}

require_engine() {
  find_engine
  "$engine" info >/dev/null 2>"$work/said" || later "$engine does not answer: $(tail -n 1 "$work/said")"
}

# A name of a container, an image or a project: no option, no path.
check_word() { # what word
  case $2 in
  '' | -* | *[!A-Za-z0-9@:./_-]*) fail "this is no name of $1: $2" ;;
  esac
}

# load FILE: prints the image that came with it.
load() {
  "$engine" load -q -i "$1" >"$work/loaded" 2>"$work/said" || fail "$engine cannot load the image: $(tail -n 1 "$work/said")"
  sed -n 's/^Loaded image[^:]*: *//p' "$work/loaded" | head -n 1
}

# A saved image, by what is in it: Docker's manifest, or that of the OCI.
is_image() { tar -tf "$1" 2>/dev/null | grep -E -q '^(\./)?(manifest\.json|index\.json)$'; }
