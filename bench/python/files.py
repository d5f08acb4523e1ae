"""How fast files go to a device and back by fleetctl, beside plain HTTP, and the processor time and memory that it takes."""
import functools
import hashlib
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from fleet import Agent, Server

SERVER, AGENT, FLEETCTL = (f"{folder}/bin/Release/net10.0/{name}" for folder, name in (("fleet-server", "fleet-server"), ("agent", "messaging-agent"), ("cli", "fleetctl")))
MIB = 1024 * 1024


def processor(pid):
    """Seconds of processor time."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid):
    """The most memory that the process has had, in MiB; counted anew from here."""
    with open(f"/proc/{pid}/status") as file:
        value = next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024
    with open(f"/proc/{pid}/clear_refs", "w") as file:
        file.write("5")
    return value


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def plain_http(folder, name):
    """Seconds in which curl fetches the file from a server of this process and puts it on the disk."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        began = time.monotonic()
        subprocess.run(["curl", "-sfo", f"{folder}/by-http", f"http://127.0.0.1:{server.server_port}/{name}"], check=True)
        with open(f"{folder}/by-http", "rb") as file:
            os.fsync(file.fileno())
        took = time.monotonic() - began
        server.shutdown()
    return took


def main():
    size = int(sys.argv[1]) * MIB
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        server = Server(SERVER, f"{folder}/server", AGENT)
        agent = None
        try:
            there = f"{folder}/there"
            os.mkdir(there)
            agent = Agent(AGENT, server, f"{folder}/agent", lambda *_: None, (
                "--set", "Commands:Allow=push,pull", "--set", f"Commands:ReadPaths={there}", "--set", f"Commands:WritePaths={there}", "--set", "Collect:Processes=0"))
            options = own(folder, server, agent)
            measure(folder, there, size, server, agent, options)
        finally:
            for one in (agent, server):
                if one is not None:
                    one.end()


def get(server, path):
    request = urllib.request.Request(server.ready["url"] + path, headers={"Authorization": "Bearer " + server.ready["apiToken"]})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def own(folder, server, agent):
    """Takes the fleet over, and returns how fleetctl acts as its owner."""
    for name, text in (("phrase", "a passphrase of a bench\n"), ("token", server.ready["apiToken"])):
        with open(os.open(f"{folder}/{name}", os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(text)
    phrase = ("--passphrase-file", f"{folder}/phrase")
    common = (*phrase, "--url", server.ready["url"], "--token-file", f"{folder}/token", "--fleet", get(server, "/api/v1/system")["fleetFingerprint"],
              "--config", f"{folder}/fleetctl.json")
    if server.ready["url"].startswith("https"):
        sys.exit("the demo is expected on http")
    for name in ("root", "owner"):
        subprocess.run([FLEETCTL, "key", "create", f"{folder}/{name}.pem", *phrase], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([FLEETCTL, "trust", "take-over", "--root-key", f"{folder}/root.pem", "--owner-key", f"{folder}/owner.pem", *common],
                   check=True, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not get(server, f"/api/v1/devices/{agent.device}")["online"]:
        if time.monotonic() > deadline:
            sys.exit("the device did not connect")
        time.sleep(0.2)
    time.sleep(3)
    return ("--key", f"{folder}/owner.pem", *common)


def fleetctl(server, agent, *arguments):
    """Runs it; returns the seconds that the transfer took, and processor time and the most memory of agent, server and itself."""
    for one in (agent, server):
        peak(one.pid)
    before = [processor(one.pid) for one in (agent, server)]
    children = os.times()
    ran = subprocess.run([FLEETCTL, *arguments, "--json"], capture_output=True, text=True)
    if ran.returncode != 0:
        sys.exit(f"fleetctl {arguments[0]}: {ran.stderr}")
    used = [processor(one.pid) - was for one, was in zip((agent, server), before)]
    after = os.times()
    used.append(after.children_user + after.children_system - children.children_user - children.children_system)
    return json.loads(ran.stdout)["seconds"], used, [peak(one.pid) for one in (agent, server)]


def measure(folder, there, size, server, agent, options):
    digest = hashlib.sha256()
    with open(f"{folder}/file", "wb") as file:
        for _ in range(size // MIB):
            piece = os.urandom(MIB)
            digest.update(piece)
            file.write(piece)
    rows = []
    for name, arguments in (
            ("push", ("push", f"{folder}/file", f"{agent.device}:{there}/file")),
            ("pull", ("pull", f"{agent.device}:{there}/file", f"{folder}/back"))):
        plain = plain_http(folder, "file")
        took, used, most = fleetctl(server, agent, *arguments, *options)
        rows.append((name, took, plain, used, most))
    for path in (f"{there}/file", f"{folder}/back"):
        with open(path, "rb") as file:
            if hashlib.file_digest(file, "sha256").digest() != digest.digest():
                sys.exit(f"{path} is not what was sent")
    mib = size / MIB
    print(f"{mib:.0f} MiB, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| | MiB/s | plain HTTP, MiB/s | ms of processor per MiB: agent | server with relay | fleetctl | most memory of the agent, MiB | of the server |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, took, plain, used, most in rows:
        print(f"| {name} | {mib / took:.1f} | {mib / plain:.0f} | " + " | ".join(f"{1000 * one / mib:.1f}" for one in used) + " | " + " | ".join(f"{one:.0f}" for one in most) + " |")


main()
