#!/bin/sh
# Measures deltas between pairs of files: their sizes, what it takes to make them, and to apply them, beside others.
#   dotnet publish bench/Delta -c Release -r linux-x64 -p:PublishAot=true     (-r: of this machine)
#   bench/delta.sh NAME OLD NEW [NAME OLD NEW]... > bench/results/delta.md
# Needs python3; for the comparison xdelta3, bsdiff, zstd and casync, and says which of them is missing.
# Pairs: builds of the agent, as eng/publish.proj makes them from two commits, or from one with another -p:Version=.
set -eu
cd "$(dirname "$0")/.."
exec python3 bench/python/delta.py "$@"
