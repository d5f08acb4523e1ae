#!/bin/sh
# firmware-scripts/update.d/tree and script, and a hook of one's own as docs/reference/update-hooks.md has it.
# shellcheck disable=SC2016,SC2034,SC2154,SC2317 # scripts of the scratch device are written down as they are; what update-lib.sh sets, and calls
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
# shellcheck source=/dev/null
. "$here/update-lib.sh"

# A tree of a version: tree_of VERSION; in $tree, to be changed, and then pack NAME [how]
tree_of() {
  tree=$sys/tree-$1
  mkdir -p "$tree/bin" "$tree/lib"
  echo "$1" >"$tree/bin/camera"
  chmod 755 "$tree/bin/camera"
  ln -s ../lib/x "$tree/bin/x"
  ln "$tree/bin/camera" "$tree/lib/again"
}
pack() { (cd "$tree" && /bin/tar -c . | "${2:-cat}" >"$sys/$1"); }

updates_packed_in_any_way() {
  fresh tree
  slots=$root/slots/camera
  number=0
  for how in cat gzip xz bzip2; do
    number=$((number + 1))
    tree_of "$number.0.0"
    pack "camera-$how" "$how"
    update "$number" tree camera "$number.0.0" "$sys/camera-$how" unit=camera.service
    hooks_do download verify install switch commit cleanup
    expect "the tree is there ($how)" has_line "$slots/current/bin/camera" "$number.0.0"
    expect 'it is known' test "$(hook installed)" = "$number.0.0"
  done
  expect 'its unit is restarted' called systemctl 'restart camera.service'
  expect 'the links are there' test "$(readlink "$slots/current/bin/x")" = ../lib/x
  expect 'what runs is writable by root alone' test -z "$(find "$slots/current/" ! -type l -perm -020)"
  hook rollback
  expect 'no trial is begun' test ! -e "$trial"
}

what_is_not_here_is_said() {
  fresh missing
  tree_of 1.0.0
  pack camera.zst zstd
  update 1 tree camera 1.0.0 "$sys/camera.zst"
  case $shell in
  dash) hooks_do verify ;;
  *) refuses 69 'zstd is missing here' verify ;;
  esac
}

takes_back() {
  fresh back
  slots=$root/slots/camera
  tree_of 1.0.0
  pack one
  update 1 tree camera 1.0.0 "$sys/one" unit=camera.service
  hooks_do verify install switch rollback
  expect 'there is none any more' test ! -L "$slots/current"
  expect 'its unit is stopped' called systemctl 'stop camera.service'
  hooks_do cleanup
  expect 'nothing is left' test ! -e "$slots/a"
  hooks_do install switch commit cleanup
  tree_of 2.0.0
  pack two
  update 2 tree camera 2.0.0 "$sys/two" unit=camera.service
  hooks_do verify install switch
  fake systemctl 'case $* in "restart camera.service") exit 1 ;; esac'
  refuses 1 'does not start' switch
  fake systemctl
  hooks_do rollback cleanup
  expect 'the former one is current' has_line "$slots/current/bin/camera" 1.0.0
  expect 'the new one is gone' test ! -e "$slots/b"
  expect 'it is known' test "$(hook installed)" = 1.0.0
}

# evil NAME PYTHON: an archive with one member more than it should have.
evil() {
  python3 - "$sys/$1" "$2" <<'PY'
import io, sys, tarfile
archive = tarfile.open(sys.argv[1], "w")
def add(name, **values):
    member = tarfile.TarInfo(name)
    for key, value in values.items():
        setattr(member, key, value)
    archive.addfile(member, io.BytesIO(b"x" * member.size) if member.isreg() else None)
add("good", size=3)
exec(sys.argv[2])
archive.close()
PY
}

what_leads_out_is_refused() {
  fresh evil
  echo secret >"$sys/outside"
  number=0
  for member in 'add("/abs", size=1)' 'add("../up", size=1)' 'add("a/../../up", size=1)' 'add("l", type=tarfile.SYMTYPE, linkname="/etc/passwd")' \
    'add("l", type=tarfile.SYMTYPE, linkname="../../outside")' 'add("d", type=tarfile.DIRTYPE, mode=0o755); add("d/l", type=tarfile.SYMTYPE, linkname="../../outside")' \
    'add("l", type=tarfile.SYMTYPE, linkname="d/../../outside")' 'add("l", type=tarfile.LNKTYPE, linkname="../../../../outside")' 'add("l", type=tarfile.LNKTYPE, linkname="/etc/passwd")' \
    'add("l", type=tarfile.SYMTYPE, linkname="../.."); add("l/through", size=1)' 'add("null", type=tarfile.CHRTYPE, devmajor=1, devminor=3)' 'add("pipe", type=tarfile.FIFOTYPE)' \
    'add("su", size=1, mode=0o4755)' 'add("sg", size=1, mode=0o2755)'; do
    number=$((number + 1))
    evil "evil-$number" "$member"
    update "$number" tree camera 1.0.0 "$sys/evil-$number"
    if hook verify && hook install; then die "$member is installed"; fi
    grep -qE 'leads? out|neither a file|another user|cannot be unpacked' "$sys/said" || die "$member: $(cat "$sys/said")"
    expect "it is nowhere ($member)" test ! -e "$root/slots/camera/a" -a ! -e "$root/through" -a ! -e "$root/slots/through" -a ! -e "$root/slots/camera/up"
    hooks_do cleanup
  done
  evil setuid 'add("su", size=1, mode=0o4755)'
  update 99 tree camera 1.0.0 "$sys/setuid" setuid=yes
  hooks_do verify install
  expect 'where the release says so' test -u "$root/slots/camera/a/su"
}

bounds_are_kept() {
  fresh bounds
  tree_of 1.0.0
  head -c 100000 /dev/zero >"$tree/big"
  pack big gzip
  update 1 tree camera 1.0.0 "$sys/big" max_bytes=90000
  refuses 1 'may become 90000' verify
  update 1 tree camera 1.0.0 "$sys/big" max_bytes=many
  refuses 1 'no number' verify
  fake df 'echo Filesystem 1024-blocks Used Available; echo none 100000 83600 16400'
  update 2 tree camera 1.0.0 "$sys/big"
  refuses 1 'no room' verify
  rm "$sys/bin/df"
  : >"$sys/functions"
  head -c 60 "$sys/big" >"$sys/cut"
  update 3 tree camera 1.0.0 "$sys/cut"
  refuses 1 'cannot be read' verify
  for unit in messaging-agent.service 'a b.service' ../x.service x; do
    update 4 tree camera 1.0.0 "$sys/big" "unit=$unit"
    hook download && die "the unit $unit is restarted"
  done
  update 5 tree messaging-agent 1.0.0 "$sys/big"
  refuses 1 'updated by the kind agent' download
}

script_is_run_once_and_taken_back() {
  fresh script
  printf '#!/bin/sh\necho "$1" >>"%s/did"\necho "it did $1"\n' "$sys" >"$sys/script"
  update 1 script board 1.0.0 "$sys/script" reboot=yes
  hooks_do download verify install
  expect 'nothing is done yet' test ! -e "$sys/did"
  hooks_do switch switch
  expect 'once' test "$(cat "$sys/did")" = install
  expect 'the machine is restarted' next_is reboot
  hooks_do commit cleanup
  expect 'it is known' test "$(hook installed)" = 1.0.0
  expect 'it is kept' test -x "$root/state/board/current"
  update 2 script board 2.0.0 "$sys/script"
  hooks_do verify install switch rollback rollback
  expect 'it is taken back, once' test "$(tr '\n' ' ' <"$sys/did")" = 'install install rollback '
  expect 'the machine goes on' test ! -e "$work/next"
  expect 'the former one is known' test "$(hook installed)" = 1.0.0
  printf '#!/bin/sh\necho "no $1 here" >&2\nexit 3\n' >"$sys/script"
  update 3 script board 3.0.0 "$sys/script" timeout=5
  hooks_do verify install
  refuses 1 '"install" of the script failed with 3' switch
  refuses 1 '"rollback" of the script failed with 3' rollback
  printf '#!/bin/sh\nexec sleep 60\n' >"$sys/script"
  update 4 script board 4.0.0 "$sys/script" timeout=1
  hooks_do verify install
  refuses 1 'took longer than 1 s' switch
  printf 'no script' >"$sys/script"
  refuses 1 'no script (#!) and no program' verify
}

# The example of the reference, as it stands there.
own_hook_works() {
  fresh own
  hooks=$sys/own
  mkdir "$hooks"
  awk '/^```sh/ { on = 1; next } /^```/ { on = 0 } on' "$here/../../docs/reference/update-hooks.md" | sed "s|/etc/display|$sys/display|g" >"$hooks/theme"
  chmod 755 "$hooks/theme"
  shellcheck -s sh "$hooks/theme" >"$sys/said" 2>&1 || die "$(cat "$sys/said")"
  mkdir "$sys/display"
  echo old >"$sys/display/theme"
  echo new >"$sys/artifact"
  update 1 theme display 1.0.0 "$sys/artifact" unit=display.service
  hooks_do download verify install
  expect 'nothing has changed' has_line "$sys/display/theme" old
  hooks_do switch switch
  expect 'the new one' has_line "$sys/display/theme" new
  expect 'the display is restarted' called systemctl 'restart display.service'
  hooks_do rollback rollback
  expect 'the old one' has_line "$sys/display/theme" old
  hooks_do switch commit cleanup
  expect 'it is known' test "$(hook installed)" = 1.0.0
  : >"$sys/artifact"
  refuses 1 'is empty' verify
  hook nonsense
  expect 'a wrong word' test $? -eq 64
}

run_both 'a tree is updated, packed in any way' updates_packed_in_any_way
run_both 'a way of packing that is not here is said' what_is_not_here_is_said
run_both 'a tree is taken back' takes_back
run_both 'what leads out of an archive is refused' what_leads_out_is_refused
run_both 'bounds and names are held' bounds_are_kept
run_both 'a script is run once, and taken back' script_is_run_once_and_taken_back
run_both "a hook of one's own works" own_hook_works
finish
