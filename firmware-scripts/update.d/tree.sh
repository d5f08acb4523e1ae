# shellcheck shell=sh disable=SC2154 # variables are shared with who reads this in
# A component that is a tree of files: an archive into slots/NAME/a or b. For the hooks tree and compose, after lib.sh.
slots=$root/slots/$UPDATE_NAME

check_tree_name() { [ "$UPDATE_NAME" != messaging-agent ] || fail 'messaging-agent is updated by the kind agent'; }

# What unpacks an archive, by its first bytes.
unpacker() { # file
  case $(magic "$1" 6) in
  1f8b*) echo 'gzip -dc' ;;
  28b52ffd*) echo 'zstd -dc' ;;
  fd377a585a00) echo 'xz -dc' ;;
  425a68*) echo 'bzip2 -dc' ;;
  *) echo cat ;;
  esac
}

# stream FILE COMMAND...: the archive goes to the command's input; fails when either does.
stream() {
  packed=$1
  shift
  how=$(unpacker "$packed")
  rm -f "$work/broken"
  # shellcheck disable=SC2086 # two words
  { $how <"$packed" || : >"$work/broken"; } | "$@" || return 1
  [ ! -e "$work/broken" ]
}

# Names and kinds of what is in it, before anything is unpacked. Both tars shorten names that lead out, and say so; neither is trusted to.
check_archive() {
  how=$(unpacker "$artifact")
  has "${how%% *}" || unsupported "${how%% *} is missing here, which unpacks this archive"
  stream "$artifact" tar -tf - >"$work/names" 2>"$work/said" || fail "the archive cannot be read: $(tail -n 1 "$work/said")"
  stream "$artifact" tar -tvf - >"$work/list" 2>>"$work/said" || fail "the archive cannot be read: $(tail -n 1 "$work/said")"
  ! grep -i 'removing leading' "$work/said" >&2 || fail 'the archive has names that lead out of it'
  bad=$(grep -E -m 1 '^/|(^|/)\.\.(/|$)' "$work/names") && fail "the archive has a name that leads out of it: $bad"
  bad=$(grep -E -v -m 1 '^[-dlh][-rwxsStT]' "$work/list") && fail "the archive has something that is neither a file nor a folder nor a link: $bad"
  bad=$(grep -E -m 1 '^[-h].*( -> | link to )(/|(.*/)?\.\.(/|$))' "$work/list") && fail "the archive has a link that leads out of it: $bad"
  bad=$(grep -E -m 1 '^l.* -> /' "$work/list") && fail "the archive has a link that leads out of it: $bad"
  # A file takes a block at least. Of devices there are none: the third word is the size.
  bytes=$(awk '{ sum += $3 + 4096 } END { printf "%.0f", sum }' "$work/list")
  limit=$(param max_bytes)
  case $limit in
  '') ;;
  *[!0-9]* | ????????????????*) fail "max_bytes is no number: $limit" ;;
  *) [ "$bytes" -le "$limit" ] || fail "the archive becomes $bytes bytes, and may become $limit (max_bytes)" ;;
  esac
  require_room "$bytes" "$root"
}

# The same again of what came out, which needs no listing.
check_unpacked() { # folder
  bad=$(find "$1" ! -type f ! -type d ! -type l | head -n 1)
  [ -z "$bad" ] || fail "${bad#"$1/"} is neither a file nor a folder nor a link"
  if [ "$(param setuid)" != yes ]; then
    bad=$(find "$1" ! -type l ! -type d \( -perm -4000 -o -perm -2000 \) | head -n 1)
    [ -z "$bad" ] || fail "${bad#"$1/"} would run as another user: the release has to say setuid=yes"
  fi
  find "$1" -type l >"$work/links"
  while IFS= read -r link; do
    inside=${link#"$1/"}
    target=$(readlink "$link") || fail "$inside is no link any more"
    stays_inside "$inside" "$target" || fail "$inside leads out of the archive: $target"
  done <"$work/links"
}

# stays_inside NAME TARGET: counts how deep it is on its way.
stays_inside() {
  case $2 in /*) return 1 ;; esac
  depth=0 named=no
  rest=$1
  while [ "$rest" != "${rest#*/}" ]; do depth=$((depth + 1)) rest=${rest#*/}; done
  rest=$2/
  while [ -n "$rest" ]; do
    case ${rest%%/*} in
    '' | .) ;;
    # Through another link it would lead elsewhere than it looks.
    ..)
      depth=$((depth - 1))
      if [ $depth -lt 0 ] || [ $named = yes ]; then return 1; fi
      ;;
    *) depth=$((depth + 1)) named=yes ;;
    esac
    rest=${rest#*/}
  done
}

chosen_slot() {
  slot=$(cat "$work/slot" 2>/dev/null)
  case $slot in a | b) ;; *) return 1 ;; esac
}

# Which place, and which one to go back to, for this update always the same.
choose_slot() {
  chosen_slot && return
  keep "$work/previous" "$(slot_of "$slots")" || return 1
  case $(slot_of "$slots") in a) slot=b ;; *) slot=a ;; esac
  keep "$work/slot" "$slot"
}

# The whole tree is on the disk before its name says so.
install_tree() {
  mkdir -p "$slots" || fail "$slots cannot be made"
  choose_slot || fail "$work cannot be written to"
  if [ "$(value "$state/$slot" id)" = "$UPDATE_ID" ] && [ -d "$slots/$slot" ]; then return 0; fi
  [ "$(slot_of "$slots")" != "$slot" ] || fail "slot $slot is the one that runs"
  check_archive
  new=$slots/$slot.new
  rm -rf "$new" "${slots:?}/$slot"
  mkdir "$new" || fail "$new cannot be made"
  stream "$artifact" tar -xof - -C "$new" >&2 || fail 'the archive cannot be unpacked'
  check_unpacked "$new"
  # Whoever may write to it would be root, where root starts it.
  chmod -R go-w "$new"
  chmod 755 "$new"
  flush_tree "$new"
  { note "$state/$slot" && mv -fT "$new" "$slots/$slot" && flush "$slots"; } || fail "slot $slot cannot be written"
}

# All below a folder.
flush_tree() { sync -f "$1" 2>/dev/null || sync; }

switch_tree() {
  chosen_slot || fail 'it is not installed yet'
  [ "$(value "$state/$slot" id)" = "$UPDATE_ID" ] || fail "slot $slot does not hold this update"
  [ "$(slot_of "$slots")" = "$slot" ] || set_slot "$slots" "$slot" || fail "$slots cannot be changed"
}

# 1: nothing was switched.
rollback_tree() {
  chosen_slot || return 1
  previous=$(cat "$work/previous") || fail "$work/previous is missing"
  [ "$previous" = none ] || [ -d "$slots/$previous" ] || fail "slot $previous is gone: there is nothing to go back to"
  [ "$(slot_of "$slots")" = "$previous" ] || set_slot "$slots" "$previous" || fail "$slots cannot be changed"
}

commit_tree() {
  { chosen_slot && [ "$(slot_of "$slots")" = "$slot" ]; } || fail 'it is not current'
}

cleanup_tree() {
  rm -f "$work/names" "$work/list" "$work/links" "$work/said" "$work/broken"
  if chosen_slot && [ "$(slot_of "$slots")" != "$slot" ]; then
    rm -rf "${slots:?}/$slot.new" "$state/$slot.new" "$slots/current.new"
    [ "$(value "$state/$slot" id)" != "$UPDATE_ID" ] || rm -rf "${slots:?}/$slot" "${state:?}/$slot"
  fi
}

installed_tree() {
  slot=$(slot_of "$slots")
  [ "$slot" = none ] || value "$state/$slot" version
}
