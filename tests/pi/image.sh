#!/usr/bin/env bash
# Makes, from Debian's packages, what an emulated Raspberry Pi 3 boots: DIR/kernel, DIR/initrd.gz, DIR/board.dtb and the tree DIR/root,
# a Debian 12 for arm64 with systemd and without the agent. What is in DIR already is kept.
#
#   tests/pi/image.sh DIR
#
# Needs root (for the tree's owners) and the packages that tests/pi/run.sh installs.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 64; }
mkdir -p "$1"
cd "$1"

suite=bookworm
# What a Raspberry Pi has and the agent meets: systemd with its journal, D-Bus, udev, libgpiod. No polkit: minimal images have none.
packages=systemd,systemd-sysv,udev,dbus,iproute2,kmod,procps,ca-certificates,libssl3,gpiod,libgpiod2

get() { # package... : unpacks packages of arm64 into ./unpacked
  mkdir -p packages unpacked
  (cd packages && apt-get download -qq "$@")
  local file
  for file in packages/*.deb; do dpkg-deb -x "$file" unpacked; done
}

if [ ! -e board.dtb ]; then
  if ! dpkg --print-foreign-architectures | grep -qx arm64; then
    dpkg --add-architecture arm64
    apt-get update -qq
  fi
  # linux-image-arm64 only depends on the newest kernel.
  kernel=$(apt-cache depends linux-image-arm64:arm64 | sed -n 's/^ *Depends: //p' | head -n 1)
  get "$kernel" busybox-static:arm64
  cp unpacked/boot/vmlinuz-* kernel
  cp unpacked/usr/lib/linux-image-*/broadcom/bcm2837-rpi-3-b.dtb board.part
  mv board.part board.dtb
fi
version=$(basename unpacked/lib/modules/*)
depmod -b unpacked "$version"

if [ ! -e initrd.gz ]; then
  # The SD card's controller and file system are modules: something must load them before the root can be mounted.
  rm -rf early && mkdir -p early/{bin,dev,proc,sys,root,modules}
  cp unpacked/bin/busybox early/bin/
  number=0
  for wanted in bcm2835 sdhci-iproc ext4 mmc_block; do
    while read -r verb path _; do
      [ "$verb" = insmod ] || continue
      ls early/modules/*-"$(basename "$path")" >/dev/null 2>&1 && continue
      number=$((number + 1))
      cp "$path" "early/modules/$(printf '%03d' $number)-$(basename "$path")"
    done < <(modprobe -d unpacked -S "$version" --show-depends "$wanted" 2>/dev/null || true)
  done
  cat > early/init <<'INIT'
#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc; $b mount -t sysfs sysfs /sys; $b mount -t devtmpfs dev /dev
for module in /modules/*; do $b insmod "$module"; done
tries=0
until [ -b /dev/mmcblk0 ] || [ $tries -eq 300 ]; do $b sleep 0.1; tries=$((tries + 1)); done
$b mount -t ext4 -o noatime /dev/mmcblk0 /root && exec $b switch_root /root /sbin/init
echo "the SD card cannot be mounted"
exec $b poweroff -f
INIT
  chmod 755 early/init
  (cd early && find . | cpio --quiet -o -H newc | gzip -1) > initrd.part
  mv initrd.part initrd.gz
fi

if [ ! -d root ]; then
  rm -rf root.part
  mmdebstrap --quiet --architectures=arm64 --variant=minbase --include="$packages" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$suite" root.part
  modules=root.part/usr/lib/modules/$version
  mkdir -p "$modules/kernel"
  # The network card on the emulated USB bus, the thermal sensor, the watchdog, the chips on the I2C bus, PWM, and what they need.
  for part in net/ipv6 drivers/net/usb drivers/net/mii.ko drivers/usb drivers/thermal drivers/hwmon drivers/watchdog drivers/char/hw_random \
    drivers/i2c drivers/iio drivers/pwm; do
    [ -e "unpacked/lib/modules/$version/kernel/$part" ] || continue
    mkdir -p "$modules/kernel/$(dirname "$part")"
    cp -r "unpacked/lib/modules/$version/kernel/$part" "$modules/kernel/$(dirname "$part")/"
  done
  cp "unpacked/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$modules/"
  depmod -b root.part "$version"
  mv root.part root
fi
