"""Sizes of deltas, and the time and memory that they take, beside other programs."""
import filecmp
import glob
import os
import shutil
import subprocess
import sys
import tempfile

OURS = next(iter(sorted(glob.glob("bench/Delta/bin/Release/net10.0/*/publish/messaging-delta"))), None)
FILES = ("old", "delta", "new", "made")

# Name, how to make a delta, how to apply it.
PROGRAMS = (
    ("ours", [OURS, "make", "{old}", "{new}", "{delta}"], [OURS, "apply", "{old}", "{delta}", "{made}"]),
    *((f"xdelta3 {' '.join(options)}", ["xdelta3", "-f", "-e", *options, "-B", "268435456", "-s", "{old}", "{new}", "{delta}"],
       ["xdelta3", "-f", "-d", "-B", "268435456", "-s", "{old}", "{delta}", "{made}"])
      for options in (["-9", "-S", "djw"], ["-9", "-S", "lzma"])),
    ("bsdiff", ["bsdiff", "{old}", "{new}", "{delta}"], ["bspatch", "{old}", "{made}", "{delta}"]),
    *((f"zstd {' '.join(options)} --long=27 --patch-from", ["zstd", "-q", "-f", *options, "--long=27", "--patch-from={old}", "{new}", "-o", "{delta}"],
       ["zstd", "-q", "-f", "-d", "--long=27", "--patch-from={old}", "{delta}", "-o", "{made}"])
      for options in (["-19"], ["--ultra", "-22"])),
)


# A chunk store and an index; what a device fetches is the index and the chunks that it has not.
CASYNC = {"casync": [], "casync --chunk-size=16384": ["--chunk-size=16384"]}


def run(command, paths):
    """Seconds of processor time, and the most memory in MiB."""
    process = subprocess.Popen([part.format(**paths) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} failed: {errors}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def casync(options, old, new, folder):
    """Bytes to fetch, and what it took to make and to apply them; as if the device had the chunks of the old file in it, and nothing else."""
    had, has, index, made = (f"{folder}/{name}" for name in ("had", "has", "new.caibx", "made"))
    run(["casync", "make", f"--store={had}", *options, f"{folder}/old.caibx", old], {})
    cost = run(["casync", "make", f"--store={has}", *options, index, new], {})
    chunks = [{os.path.basename(path): path for path in glob.glob(f"{store}/*/*.cacnk")} for store in (had, has)]
    size = os.path.getsize(index) + sum(os.path.getsize(path) for name, path in chunks[1].items() if name not in chunks[0])
    applied = run(["casync", "extract", f"--store={has}", f"--seed={old}", index, made], {})
    return size, cost, applied, made


def row(name, program, size, ours, made, applied):
    print(f"| {name} | {program} | {size:,} | {size / ours:.2f} | {made[0]:.1f} | {made[1]:.0f} | {applied[0]:.2f} | {applied[1]:.1f} |", flush=True)


def compare(new, made, program):
    if not filecmp.cmp(new, made, shallow=False):
        sys.exit(f"{program} made another file.")


def main():
    pairs = sys.argv[1:]
    if not pairs or len(pairs) % 3:
        sys.exit("bench/delta.sh NAME OLD NEW [NAME OLD NEW]...")
    if OURS is None:
        sys.exit("Publish bench/Delta first: see bench/delta.sh.")
    missing = sorted(program for program in {"casync", *(make[0] for _, make, _ in PROGRAMS)} if shutil.which(program) is None)
    if missing:
        print(f"Not measured, because not here: {', '.join(missing)}.", file=sys.stderr)
    print("| files | by | delta, bytes | of ours | make: s | MiB | apply: s | MiB |\n| --- | --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for name, old, new in zip(*[iter(pairs)] * 3):
            ours = None
            for program, make, apply in PROGRAMS:
                if make[0] in missing:
                    continue
                paths = dict(zip(FILES, (old, f"{folder}/delta", new, f"{folder}/made")))
                made, applied = run(make, paths), run(apply, paths)
                compare(new, paths["made"], program)
                size = os.path.getsize(paths["delta"])
                ours = ours or size
                row(name, program, size, ours, made, applied)
            for program, options in CASYNC.items():
                if "casync" in missing:
                    continue
                with tempfile.TemporaryDirectory(dir=folder) as inner:
                    size, made, applied, path = casync(options, old, new, inner)
                    compare(new, path, program)
                    row(name, program, size, ours, made, applied)


main()
