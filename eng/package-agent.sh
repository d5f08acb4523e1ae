#!/bin/sh
# Makes a Debian package of a published agent: package-agent.sh trimmed|aot RID PUBLISHED OUTPUT [VERSION]
# PUBLISHED is what eng/publish.proj has written. The same input gives the same package, byte for byte: times come from
# SOURCE_DATE_EPOCH, or else from the last commit.
set -eu
umask 022

fail() { echo "package-agent: $*" >&2; exit 1; }

[ $# -ge 4 ] || fail "usage: package-agent.sh trimmed|aot RID PUBLISHED OUTPUT [VERSION]"
build=$1 rid=$2 published=$3 output=$4 version=${5:-}
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")

for tool in dpkg-deb readelf gzip; do
  command -v "$tool" >/dev/null || fail "$tool is missing. On Debian and Ubuntu: apt-get install dpkg binutils gzip"
done

case $rid in
linux-x64) arch=amd64 ;;
linux-arm64) arch=arm64 ;;
linux-arm) arch=armhf ;;
*) fail "no Debian architecture is known for $rid" ;;
esac

case $build in
trimmed)
  package=messaging-agent other=messaging-agent-aot label='self-contained'
  text='This build brings its runtime along and compiles itself while it runs.' more=
  ;;
aot)
  package=messaging-agent-aot other=messaging-agent label='native code'
  text='This build is compiled ahead of time: smaller, quicker to start, and'
  more=' without memory that is both writable and executable.'
  ;;
*) fail "unknown build $build: trimmed or aot" ;;
esac

[ -f "$published/messaging-agent" ] || fail "$published/messaging-agent is missing: publish it first"
[ -n "$version" ] || version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' "$root/Directory.Build.props")
# 1.2.0-rc.1 is before 1.2.0, and Debian says so with a tilde.
debian_version=$(printf '%s' "$version" | sed 's/-/~/')

if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
  SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct 2>/dev/null) || fail "set SOURCE_DATE_EPOCH: this is no clone with a last commit"
fi
export SOURCE_DATE_EPOCH

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
trap 'exit 1' HUP INT TERM
chmod 755 "$tree"

put() { # mode source target
  mkdir -p "$tree/$(dirname "$3")"
  install -m "$1" "$2" "$tree/$3"
}

zip() { # source target
  mkdir -p "$tree/$(dirname "$2")"
  gzip -9n <"$1" >"$tree/$2"
}

# What is started by its name is the launcher; the program lies behind it, as one that an update brings does.
put 755 "$published/launch" usr/bin/messaging-agent
put 755 "$published/messaging-agent" usr/lib/messaging-agent/messaging-agent
put 755 "$published/guard" usr/lib/messaging-agent/update-guard
for hook in "$published"/update.d/*; do
  case $hook in *.sh) mode=644 ;; *) mode=755 ;; esac
  put "$mode" "$hook" "usr/lib/messaging-agent/update.d/${hook##*/}"
done
put 644 "$published/agent.conf" etc/messaging-agent/agent.conf
put 644 "$published/messaging-agent.service" usr/lib/systemd/system/messaging-agent.service
put 644 "$published/messaging-agent-enroll.service" usr/lib/systemd/system/messaging-agent-enroll.service
put 644 "$published/messaging-agent-helper.socket" usr/lib/systemd/system/messaging-agent-helper.socket
put 644 "$published/messaging-agent-helper@.service" usr/lib/systemd/system/messaging-agent-helper@.service
put 644 "$published/messaging-agent-packages.socket" usr/lib/systemd/system/messaging-agent-packages.socket
put 644 "$published/messaging-agent-packages.service" usr/lib/systemd/system/messaging-agent-packages.service
put 644 "$published/messaging-agent-updates.socket" usr/lib/systemd/system/messaging-agent-updates.socket
put 644 "$published/messaging-agent-updates.service" usr/lib/systemd/system/messaging-agent-updates.service
put 644 "$published/messaging-agent-guard.timer" usr/lib/systemd/system/messaging-agent-guard.timer
put 644 "$published/messaging-agent-guard.service" usr/lib/systemd/system/messaging-agent-guard.service
put 644 "$published/messaging-agent-shell.socket" usr/lib/systemd/system/messaging-agent-shell.socket
put 644 "$published/messaging-agent-shell@.service" usr/lib/systemd/system/messaging-agent-shell@.service
put 644 "$published/helper.conf" etc/messaging-agent/helper.conf
put 644 "$published/messaging-agent.sysusers" usr/lib/sysusers.d/messaging-agent.conf
put 644 "$published/60-messaging-agent.rules" usr/lib/udev/rules.d/60-messaging-agent.rules
put 644 "$published/50-messaging-agent.rules" "usr/share/doc/$package/examples/50-messaging-agent.rules"
put 644 "$here/deb/copyright" "usr/share/doc/$package/copyright"
put 644 "$here/deb/lintian-overrides" "usr/share/lintian/overrides/$package"
sed -i "s/@PACKAGE@/$package/" "$tree/usr/share/lintian/overrides/$package"
if [ "$build" = aot ]; then
  for unit in messaging-agent messaging-agent-enroll messaging-agent-helper@; do
    put 644 "$published/messaging-agent-aot.conf" "usr/lib/systemd/system/$unit.service.d/10-aot.conf"
  done
fi
zip "$here/deb/messaging-agent.1" usr/share/man/man1/messaging-agent.1.gz
install -d -m 755 "$tree/etc/messaging-agent/scripts" "$tree/etc/messaging-agent/update.d"

changelog=$tree/changelog
cat >"$changelog" <<TEXT
$package ($debian_version) stable; urgency=medium

  * Version $version; docs/ of its sources say what it does.

 -- The Messaging authors <messaging@packages.invalid>  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
TEXT
zip "$changelog" "usr/share/doc/$package/changelog.gz"
rm "$changelog"

program=$tree/usr/lib/messaging-agent/messaging-agent
# What the file links to. The newest symbol of the C library that it asks for says which one it needs.
libraries=
for library in $(readelf -dW "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
  case $library in
  libc.so.6)
    glibc=$(readelf -VW "$program" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -uV | tail -n 1)
    libraries="${libraries:+$libraries, }libc6 (>= $glibc)"
    ;;
  libstdc++.so.6) libraries="${libraries:+$libraries, }libstdc++6" ;;
  libgcc_s.so.1) libraries="${libraries:+$libraries, }libgcc-s1" ;;
  libz.so.1) libraries="${libraries:+$libraries, }zlib1g" ;;
  libm.so.6 | libdl.so.2 | librt.so.1 | libpthread.so.0 | ld-linux*) ;;
  *) fail "the agent links to $library: say here which package has it" ;;
  esac
done
[ -n "$libraries" ] || fail "$published/messaging-agent is no executable for Linux"

# The other build has the same files; it may be replaced by this one.
relations="Conflicts: $other
Replaces: $other
"
[ "$build" = trimmed ] || relations="${relations}Provides: $other (= $debian_version)
"
size=$(du -k -s --apparent-size "$tree" | cut -f 1)

mkdir -p "$tree/DEBIAN"
(cd "$tree" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | LC_ALL=C sort | tr '\n' '\0' | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
printf '/etc/messaging-agent/%s\n' agent.conf helper.conf >"$tree/DEBIAN/conffiles"
awk -v package="$package" -v version="$debian_version" -v arch="$arch" -v size="$size" -v libraries="$libraries" \
  -v relations="$relations" -v label="$label" -v text="$text" -v more="$more" '
  { gsub(/@PACKAGE@/, package); gsub(/@VERSION@/, version); gsub(/@ARCH@/, arch); gsub(/@SIZE@/, size); gsub(/@LIBRARIES@/, libraries)
    gsub(/@RELATIONS@/, relations); gsub(/@BUILD@/, label); gsub(/@BUILDTEXT@/, text); print }
  END { if (more != "") print more }' "$here/deb/control.in" >"$tree/DEBIAN/control"
for script in postinst prerm postrm; do
  install -m 755 "$here/deb/$script" "$tree/DEBIAN/$script"
done

find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
mkdir -p "$output"
deb="$output/${package}_${debian_version}_$arch.deb"
dpkg-deb --root-owner-group --uniform-compression -Zxz --build "$tree" "$deb" >/dev/null
echo "$deb"
