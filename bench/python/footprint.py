"""What the agent costs: see ../footprint.sh."""
import glob
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

import fleet

SECONDS = int(sys.argv[1])
WARM_UP = int(sys.argv[2])
RID = {"x86_64": "linux-x64", "aarch64": "linux-arm64"}[platform.machine()]
BUILDS = {"trimmed": f"artifacts/publish/agent/{RID}/messaging-agent", "aot": f"artifacts/publish/agent-aot/{RID}/messaging-agent"}
SERVER = "fleet-server/bin/Release/net10.0/fleet-server"
FLUSH_MS = 60_000
TICK = os.sysconf("SC_CLK_TCK")


def say(text):
    print(text, file=sys.stderr, flush=True)


def memory(pid):
    """RSS, PSS and anonymous memory, in MB (10^6 bytes)."""
    fields = {}
    with open(f"/proc/{pid}/smaps_rollup") as file:
        for line in file:
            parts = line.split()
            if parts[0].endswith(":") and len(parts) == 3:
                fields[parts[0][:-1]] = int(parts[1]) * 1024 / 1e6
    return fields["Rss"], fields["Pss"], fields["Anonymous"]


def processor(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def threads(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


class Measured:
    """An agent whose processor time, memory and bytes are counted."""

    def __init__(self, build, server, folder):
        self.build, self.path, self.server, self.passed = build, os.path.abspath(BUILDS[build]), server, 0
        self.agent = fleet.Agent(self.path, server, os.path.join(folder, build), self.count)

    def count(self, connection, way, data):
        self.passed += len(data)

    def begin(self):
        self.at, self.cpu, self.wire, self.before = time.time(), processor(self.agent.pid), self.passed, self.server.points(self.agent.device)

    def end(self):
        seconds = time.time() - self.at
        self.share = (processor(self.agent.pid) - self.cpu) / seconds
        self.memory = memory(self.agent.pid)
        self.threads = threads(self.agent.pid)
        self.samples = self.server.points(self.agent.device) - self.before
        self.wire = self.passed - self.wire


def varint(value):
    size = 1
    while value >= 0x80:
        value >>= 7
        size += 1
    return size


def pairs(attributes):
    decoded = json.loads(attributes) if attributes else {}
    return list(decoded.items()) if isinstance(decoded, dict) else [tuple(pair) for pair in decoded]


def prometheus(samples):
    """The text format of a scrape, one line a sample; what HTTP adds is left out."""
    total = 0
    for name, attributes, _, value in samples:
        labels = ",".join(f'{key.replace(".", "_")}="{text}"' for key, text in pairs(attributes))
        total += len(f'{name.replace(".", "_")}{{{labels}}} {value!r}\n'.encode())
    return total


def otlp(samples, flush):
    """ExportMetricsServiceRequest of opentelemetry-proto, one each flush: a data point is attributes, time and value."""
    exports = {}
    for name, attributes, at, _ in samples:
        exports.setdefault(at // flush, {}).setdefault(name, []).append(attributes)
    total = 0
    for metrics in exports.values():
        scope = 0
        for name, points in metrics.items():
            body = 0
            for attributes in points:
                point = 9 + 9  # time_unix_nano, as_double: a tag and eight bytes each
                for key, text in pairs(attributes):
                    value = 1 + varint(len(str(text).encode())) + len(str(text).encode())
                    entry = 1 + varint(len(key)) + len(key) + 1 + varint(value) + value
                    point += 1 + varint(entry) + entry
                body += 1 + varint(point) + point
            gauge = 1 + varint(body) + body
            metric = 1 + varint(len(name)) + len(name) + gauge
            scope += 1 + varint(metric) + metric
        total += scope + 8
    return total


def package(name, binary):
    """Size of the package and of its program, from Debian, in MB."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        if subprocess.run(["apt-get", "download", "-q", name], cwd=folder, capture_output=True).returncode != 0:
            return None
        deb = glob.glob(folder + "/*.deb")[0]
        subprocess.run(["dpkg", "-x", deb, folder + "/tree"], check=True)
        program = folder + "/tree" + binary
        rss = None
        if name == "prometheus-node-exporter":
            process = subprocess.Popen([program, "--web.listen-address=127.0.0.1:19109"], stderr=subprocess.DEVNULL)
            for _ in range(30):
                time.sleep(1)
                try:
                    urllib.request.urlopen("http://127.0.0.1:19109/metrics").read()
                except OSError:
                    continue
            rss = memory(process.pid)[0]
            process.terminate()
            process.wait()
        return os.path.getsize(deb) / 1e6, os.path.getsize(program) / 1e6, rss


def main():
    for path in (*BUILDS.values(), SERVER):
        if not os.path.exists(path):
            sys.exit(f"footprint: {path} is missing; publish it first")
    folder = tempfile.mkdtemp()
    server = fleet.Server(SERVER, os.path.join(folder, "server"), BUILDS["trimmed"])
    agents = []
    try:
        for build in BUILDS:
            agents.append(Measured(build, server, folder))
        say(f"warming up for {WARM_UP} s")
        time.sleep(WARM_UP)
        for agent in agents:
            agent.begin()
        since = int(time.time() * 1000)
        say(f"measuring for {SECONDS} s")
        time.sleep(SECONDS)
        for agent in agents:
            agent.end()
        samples = server.samples(agents[0].agent.device, since, since + SECONDS * 1000)
        report(agents, samples)
    finally:
        for agent in agents:
            agent.agent.end()
        server.end()
        shutil.rmtree(folder, ignore_errors=True)


def report(agents, samples):
    print("# Footprint of the agent\n")
    print(f"{time.strftime('%Y-%m-%d')}, {RID}, {os.cpu_count()} cores, default settings without the journal, {SECONDS / 60:.0f} minutes after {WARM_UP} s of warming up.")
    print(f"MB are 10^6 bytes. CPU is the share of one core.\n\n```sh\nbench/footprint.sh {SECONDS} {WARM_UP} > bench/results/footprint.md\n```\n")
    print("| | program, MB | RSS, MB | PSS, MB | anonymous, MB | threads | CPU | bytes per sample |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for agent in agents:
        size = os.path.getsize(agent.path) / 1e6
        rss, pss, anonymous = agent.memory
        print(f"| agent, {agent.build} | {size:.1f} | {rss:.1f} | {pss:.1f} | {anonymous:.1f} | {agent.threads} | {agent.share:.2%} | {agent.wire / max(agent.samples, 1):.2f} |")
    for name, binary in (("prometheus-node-exporter", "/usr/bin/prometheus-node-exporter"), ("mender-client", "/usr/bin/mender")):
        if found := package(name, binary):
            _, program, rss = found
            print(f"| {name} | {program:.1f} | {f'{rss:.1f}' if rss else ''} | | | | | |")
    print(f"\nBytes per sample: everything on the connection to the relay in both directions (MQTT, sealing, acknowledgements, keep-alive; without TLS and TCP),")
    print(f"divided by the samples that the server stored ({', '.join(f'{a.build}: {a.samples} samples, {a.wire} bytes' for a in agents)}).")
    if samples:
        print(f"The same samples ({len(samples)}) in other formats, neither compressed nor encrypted: Prometheus text {prometheus(samples) / len(samples):.1f},")
        print(f"OTLP/protobuf {otlp(samples, FLUSH_MS) / len(samples):.1f} bytes per sample, at the same flush of {FLUSH_MS // 1000} s.")
    print(f"\nThe machine's load was {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores: what else runs costs the agents cache misses, so that CPU is an upper bound.")
    other = [rid for rid in ("linux-arm64", "linux-x64") if rid != RID]
    for rid in other:
        for build, folder in (("trimmed", "agent"), ("aot", "agent-aot")):
            path = f"artifacts/publish/{folder}/{rid}/messaging-agent"
            if os.path.exists(path):
                print(f"\n{rid}, {build}: program {os.path.getsize(path) / 1e6:.1f} MB.")


main()
