#!/usr/bin/env bash
# Tries the agent's Debian package on an emulated Raspberry Pi 3: installation, enrolment, telemetry, GPIO, watchdog, power cuts.
#
#   tests/pi/run.sh              everything (two hours and more)
#   tests/pi/run.sh -class Messaging.Pi.PiTests      what xunit's options choose
#
# Environment:
#   MESSAGING_PI_BUILD=trimmed|aot   which of the two builds of the agent; trimmed is the default
#   MESSAGING_PI_CUTS=N              how many power cuts; 20
#   MESSAGING_PI_CACHE=DIR           where the board's Debian is kept between runs; ~/.cache/messaging-pi
#   MESSAGING_KEEP_SCRATCH=1         keeps the card and the server's data, to look into after a failure
#
# Needs root, 3 GB of disk and the .NET SDK; installs Debian packages where they are missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

[ "$(id -u)" -eq 0 ] || { echo "tests/pi/run.sh must be run as root: it makes a tree of files with their owners" >&2; exit 77; }
build=${MESSAGING_PI_BUILD:-trimmed}
case $build in
  trimmed) name=messaging-agent ;;
  aot) name=messaging-agent-aot ;;
  *) echo "MESSAGING_PI_BUILD is trimmed or aot, not $build" >&2; exit 64 ;;
esac
cache=${MESSAGING_PI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/messaging-pi}

packages=(mmdebstrap arch-test qemu-user-static binfmt-support qemu-system-arm e2fsprogs cpio kmod gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "== installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# Before version 9 the emulated board has no I2C bus.
if [ "$(qemu-system-aarch64 --version | sed -n 's/.*version \([0-9]*\).*/\1/p')" -lt 9 ]; then
  release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  echo "== installing a newer emulator from $release-backports"
  echo "deb http://deb.debian.org/debian $release-backports main" >/etc/apt/sources.list.d/messaging-pi.list
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -t "$release-backports" qemu-system-arm >/dev/null
fi

# Programs for arm64 run here while the board's Debian is unpacked.
if [ ! -e /proc/sys/fs/binfmt_misc/register ]; then mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc; fi
if [ ! -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ]; then
  service binfmt-support start >/dev/null
  update-binfmts --enable qemu-aarch64
fi

echo "== the board's Debian, in $cache"
tests/pi/image.sh "$cache"

echo "== the agent's package, $build"
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet msbuild eng/publish.proj -nologo -v:quiet -t:PackageAgent -p:Rids=linux-arm64 -p:Builds="$build" -p:DeviceBindings=true
package=$(find artifacts -name "${name}_*_arm64.deb" -printf '%T@ %p\n' | sort -rn | head -n 1 | cut -d' ' -f2-)
[ -n "$package" ] || { echo "no $name package for arm64 in artifacts" >&2; exit 1; }

# What it is updated to: the same agent in the two versions after it.
echo "== the agents of updates"
folder=agent
target=PublishAgent
if [ "$build" = aot ]; then
  folder=agent-aot
  target=PublishAgentAot
fi
for version in 0.1.1 0.1.2; do
  dotnet msbuild eng/publish.proj -nologo -v:quiet -t:"$target" -p:Rids=linux-arm64 -p:DeviceBindings=true -p:Version="$version" -p:OutputRoot="$PWD/artifacts/pi/$version/"
done

# One board after the other: each takes the processors of this machine for itself.
echo "== the tests"
dotnet build tests/pi/Messaging.Pi.Tests.csproj -c Debug --nologo -v quiet -p:BuildDashboard=false
MESSAGING_PI_IMAGE=$cache MESSAGING_PI_PACKAGE=$(realpath "$package") MESSAGING_PI_NEXT="$PWD/artifacts/pi/%/$folder/linux-arm64/messaging-agent" \
  tests/pi/bin/Debug/net10.0/Messaging.Pi.Tests -noColor -showLiveOutput -parallelMode none "$@"
