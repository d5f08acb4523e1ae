# shellcheck shell=sh disable=SC2034,SC2154,SC2317 # variables are shared with who reads this in; what update-lib.sh sets, and calls
# Trials of firmware-scripts/update.d/container and compose with an engine itself, $engine, which keeps its things in $store: for real-docker.sh and real-podman.sh.
in_shell=as_helper

# A saved image, as "docker save" writes it, with busybox and a program that serves until it is told to stop: image FILE NAME VERSION
mkdir -p "$scratch/layer/bin"
cp "$busybox" "$scratch/layer/bin/"
for applet in sh cat sleep false; do ln -s busybox "$scratch/layer/bin/$applet"; done
printf '#!/bin/sh\ntrap "exit 0" TERM\nwhile :; do sleep 60 & wait; done\n' >"$scratch/layer/bin/serve"
chmod 755 "$scratch/layer/bin/serve"
case $machine in x86_64) processor=amd64 ;; aarch64) processor=arm64 ;; *) processor=$machine ;; esac
image() {
  echo "$3" >"$scratch/layer/version"
  rm -rf "$scratch/saved"
  mkdir "$scratch/saved"
  tar -C "$scratch/layer" -cf "$scratch/saved/layer.tar" .
  hash=$(sha256sum <"$scratch/saved/layer.tar")
  printf '{"architecture":"%s","os":"linux","config":{"Cmd":["/bin/serve"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$processor" "${hash%% *}" >"$scratch/saved/config.json"
  printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$2" >"$scratch/saved/manifest.json"
  tar -C "$scratch/saved" -cf "$1" manifest.json config.json layer.tar
}
for version in 1 2; do image "$scratch/camera-$version.tar" "localhost/camera:$version" "$version"; done

# What runs, and the image that is there.
serves() { [ "$($engine exec "$1" cat /version 2>&1)" = "$2" ]; }
has_image() { $engine image inspect "localhost/$1" >/dev/null 2>&1; }
is_there() { $engine inspect --type container "$1" >/dev/null 2>&1; }
state_of() { $engine inspect --type container -f "{{.State.Running}} {{.HostConfig.RestartPolicy.Name}}:{{.HostConfig.RestartPolicy.MaximumRetryCount}}" "$1"; }
nothing_left() {
  # shellcheck disable=SC2046 # words
  set -- $($engine ps -aq)
  [ $# -eq 0 ] || $engine rm -f "$@" >/dev/null
  # shellcheck disable=SC2046 # words
  set -- $($engine images -q)
  [ $# -eq 0 ] || $engine rmi -f "$@" >/dev/null
}
former() {
  $engine load -q -i "$scratch/camera-1.tar" >/dev/null
  $engine run -d --name camera --network none "$@" localhost/camera:1 >/dev/null || die 'the former container does not start'
}

container_is_replaced() {
  fresh "$engine-container"
  former --restart on-failure:3
  update 1 container camera 2.0.0 "$scratch/camera-2.tar" "engine=$engine" 'run=--network none'
  hooks_do download verify install install
  expect 'nothing has changed' serves camera 1
  hooks_do switch switch
  expect 'the new one runs' serves camera 2
  case $engine in
  docker) expect 'the former one waits' test "$(state_of camera.before)" = 'false no:0' ;;
  *) expect 'the former one waits' test "$(state_of camera.before)" = 'false on-failure:3' ;;
  esac
  hooks_do rollback rollback
  expect 'the former one runs' serves camera 1
  expect 'as it did' test "$(state_of camera)" = 'true on-failure:3'
  expect_not 'nothing waits' is_there camera.before
  hooks_do cleanup cleanup
  expect_not 'the new image is gone' has_image camera:2
  hooks_do verify install switch commit commit cleanup
  expect 'the new one runs' serves camera 2
  expect 'it is known' test "$(hook installed)" = 2.0.0
  expect_not 'the former one is gone' is_there camera.before
  expect_not 'and its image' has_image camera:1
  case $engine in
  docker) expect 'it comes back with the engine' test "$(state_of camera)" = 'true unless-stopped:0' ;;
  # Of podman's policies this is the one that its service starts again.
  *) expect 'it comes back with the machine' test "$(state_of camera)" = 'true always:0' ;;
  esac
  # After a power cut, even when it is not up yet.
  $engine stop camera >/dev/null
  hooks_do commit
  refuses 1 'camera.before is gone' rollback
  expect 'what there is stays' is_there camera
}

what_does_not_work_is_taken_back() {
  fresh "$engine-broken"
  former
  update 1 container camera 2.0.0 "$scratch/camera-2.tar" "engine=$engine" 'run=--network none' command=/bin/nothing
  hooks_do download verify install
  refuses 1 '/bin/nothing' switch
  hooks_do rollback cleanup
  expect 'the former one runs' serves camera 1
  update 2 container camera 2.0.0 "$scratch/camera-2.tar" "engine=$engine" 'run=--network none --restart no' 'command=/bin/sh -c false'
  hooks_do verify install switch
  refuses 1 'camera does not run: it ended with 1' commit
  hooks_do rollback cleanup
  expect 'the former one runs' serves camera 1
  expect_not 'the new image is gone' has_image camera:2
  head -c 1000000 "$scratch/camera-2.tar" >"$sys/half.tar"
  update 3 container camera 2.0.0 "$sys/half.tar" "engine=$engine"
  hooks_do verify
  case $engine in docker) cause='Error processing tar file' ;; *) cause='Error: payload does not match any of the supported image formats' ;; esac
  refuses 1 "cannot load the image: $cause" install
  update 4 container camera 2.0.0 "$scratch/camera-2.tar" "engine=$engine" image=localhost/other:1
  refuses 1 'there is no image localhost/other:1' install
  $engine rm -f camera >/dev/null
  former --rm
  update 5 container camera 2.0.0 "$scratch/camera-2.tar" "engine=$engine"
  refuses 1 'could not come back' install
  expect 'the former one runs' serves camera 1
}

# An engine after whose command the power goes: of the hook and its processes nothing is left.
# shellcheck disable=SC2016 # the program's own
power_goes_after() { # command
  tools=$sys/tools
  mkdir -p "$tools"
  printf '#!/bin/sh\n/usr/bin/%s "$@"\ncode=$?\n[ "$1" != %s ] || kill -9 0\nexit $code\n' "$engine" "$1" >"$tools/$engine"
  chmod 755 "$tools/$engine"
}

power_cuts_are_survived() {
  fresh "$engine-cuts"
  former --restart always
  update 1 container camera 2.0.0 "$scratch/camera-2.tar" "engine=$engine" 'run=--network none'
  hooks_do verify install
  for command in stop rename run; do
    power_goes_after $command
    expect_not "it is cut after $command" hook switch
    tools=
    hooks_do switch
    expect "the new one runs, after $command" serves camera 2
    case $command in stop) command=start ;; run) command='rm' ;; esac
    power_goes_after $command
    expect_not "it is cut after $command" hook rollback
    tools=
    hooks_do rollback
    expect "the former one runs, after $command" serves camera 1
    expect_not 'nothing waits' is_there camera.before
  done
  hooks_do switch
  power_goes_after rm
  expect_not 'it is cut' hook commit
  tools=
  hooks_do commit
  expect_not 'the former one is gone' is_there camera.before
}

full_disk_is_said() {
  fresh "$engine-full"
  update 1 container camera 2.0.0 "$scratch/camera-2.tar" "engine=$engine" 'run=--network none'
  # All but 1 MiB of it.
  fallocate -l $(($(df -Pk "$store" | awk 'NR == 2 { print $4 }') * 1024 - 1048576)) "$store/filler"
  refuses 1 "no room: $store" download
  refuses 1 "$engine cannot load the image: " install
  expect 'it says why' grep -qi 'no space left' "$sys/said"
  rm "$store/filler"
  hooks_do download install
}

# A set of services of an image, which see a file that says the set's version: set_of VERSION FILE IMAGE SERVICE...
set_of() {
  set=$sys/set-$1 archive=$sys/set-$1.tar file=$2 image=$3
  mkdir -p "$set/images" "$set/conf"
  echo "$1" >"$set/conf/version"
  cp "$scratch/camera-1.tar" "$set/images/"
  [ "$1" = 1 ] || cp "$scratch/camera-2.tar" "$set/images/"
  shift 3
  {
    printf 'version: "3"\nservices:\n'
    for service in "$@"; do printf '  %s:\n    image: localhost/camera:%s\n    volumes: ["./conf:/conf:ro"]\n    %s\n' "$service" "$image" "$network"; done
  } >"$set/$file"
  tar -C "$set" -cf "$archive" .
}
names() { $engine ps --format '{{.Names}}' | sort | tr '\n' ' '; }
sees() { [ "$($engine exec shop_web_1 cat /conf/version 2>&1)" = "$1" ]; }

compose_goes_up_and_back() {
  fresh "$engine-compose"
  slots=$root/slots/shop
  # podman-compose has a network for everything.
  case $engine in docker) network='network_mode: none' ;; *) network='restart: always' ;; esac
  set_of 1 compose.yaml 1 web old
  set_of 2 compose.yaml 1 web
  set_of 3 other.yaml 9 web
  update 1 compose shop 1.0.0 "$sys/set-1.tar" "engine=$engine"
  hooks_do download verify install switch commit commit cleanup
  expect 'it is up' test "$(names)" = 'shop_old_1 shop_web_1 '
  expect 'with its files' sees 1
  expect 'it is known' test "$(hook installed)" = 1.0.0
  update 2 compose shop 2.0.0 "$sys/set-2.tar" "engine=$engine"
  hooks_do verify install
  expect 'nothing has changed' sees 1
  hooks_do switch switch
  expect 'the other set is up' test "$(names)" = 'shop_web_1 '
  # Its service is the same: it is made anew for its folder.
  expect 'it sees the new files' sees 2
  hooks_do rollback
  expect 'the former set is up' test "$(names)" = 'shop_old_1 shop_web_1 '
  expect 'it sees the former files' sees 1
  hooks_do cleanup
  expect_not 'what is new is gone' has_image camera:2
  expect 'what is needed is not' has_image camera:1
  update 3 compose shop 3.0.0 "$sys/set-3.tar" "engine=$engine" file=other.yaml
  hooks_do install
  refuses 1 'shop does not come up' switch
  hooks_do rollback
  expect 'the former set is up' test "$(names)" = 'shop_old_1 shop_web_1 '
  expect 'it sees its files' sees 1
}

# Whether the engine can start anything here: starts OPTION...
starts() {
  $engine load -q -i "$scratch/camera-1.tar" >/dev/null 2>"$scratch/why" && $engine run --rm "$@" localhost/camera:1 /bin/sh -c 'exit 0' >/dev/null 2>"$scratch/why"
}
why() { grep -v '^time=' "$scratch/why" | tail -n 1; }

# try NAME FUNCTION
try() {
  nothing_left
  run "$1 ($engine)" "$2"
}
