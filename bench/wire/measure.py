"""Where the bytes on the wire go: see ../wire.sh."""
import collections
import glob
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 300
SETTINGS = sys.argv[2:]
WARM_UP = 90
AGENT = "agent/bin/Debug/net10.0/messaging-agent"
SERVER = "fleet-server/bin/Debug/net10.0/fleet-server"
PACKETS = {1: "CONNECT", 2: "CONNACK", 3: "PUBLISH", 4: "PUBACK", 8: "SUBSCRIBE", 9: "SUBACK", 12: "PINGREQ", 13: "PINGRESP", 14: "DISCONNECT", 15: "AUTH"}


class Tap:
    """Passes TCP on and keeps what passes, with the time and the direction."""

    def __init__(self, port):
        self.target, self.seen, self.connections = port, [], 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.server.accept()
            relay = socket.create_connection(("127.0.0.1", self.target))
            self.connections += 1
            for source, sink, way in ((client, relay, "up"), (relay, client, "down")):
                threading.Thread(target=self.copy, args=(source, sink, (self.connections, way)), daemon=True).start()

    def copy(self, source, sink, way):
        try:
            while data := source.recv(65536):
                self.seen.append((time.time(), way, data))
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for one in (source, sink):
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def packets(self):
        """Time, direction, first byte, whole packet and where its body begins."""
        waiting = collections.defaultdict(bytearray)
        for at, way, data in self.seen:
            buffer = waiting[way]
            buffer += data
            while (header := length_of(buffer)) and len(buffer) >= sum(header):
                begin, size = header
                yield at, way[1], bytes(buffer[:begin + size]), begin
                del buffer[:begin + size]


def length_of(buffer):
    """Bytes of the fixed header and of the body, or None while the header is not whole."""
    size = 0
    for i in range(1, min(5, len(buffer))):
        size |= (buffer[i] & 0x7F) << 7 * (i - 1)
        if buffer[i] < 0x80:
            return i + 1, size
    return None


def head(data, at):
    """Value of a CBOR head and where it ends."""
    value = data[at] & 0x1F
    if value < 24:
        return value, at + 1
    count = 1 << (value - 24)
    return int.from_bytes(data[at + 1:at + 1 + count], "big"), at + 1 + count


def parts(packet, begin):
    """Stream and type of a PUBLISH, and its bytes of MQTT, of the frame with the tag, and of the content."""
    topic = int.from_bytes(packet[begin:begin + 2], "big")
    at = begin + 2 + topic + 2
    at += 1 + packet[at]
    frame = packet[at:]
    _, next_ = head(frame, 0)
    kind, next_ = head(frame, next_)
    sender, next_ = head(frame, next_)
    next_ += sender
    if kind == 1:
        return "opening", at, len(frame), 0
    stream, next_ = head(frame, next_)
    record, next_ = head(frame, next_)
    for _ in range(2):
        _, next_ = head(frame, next_)
    protected, next_ = head(frame, next_)
    next_ += protected
    for _ in range(2):
        _, next_ = head(frame, next_)
    number, next_ = head(frame, next_)
    next_ += number
    ciphertext, next_ = head(frame, next_)
    return f"stream {stream}, type {record}", at, len(frame) - ciphertext + 16, ciphertext - 16


def main():
    for path in (AGENT, SERVER):
        if not os.path.exists(path):
            sys.exit(f"wire: {path} is missing; build it first")
    folder = tempfile.mkdtemp()
    environment = {"PATH": os.environ["PATH"], "DOTNET_EnableDiagnostics": "0"}
    server = subprocess.Popen([SERVER, "demo", "--data", folder + "/server", "--port", "0", "--mqtt-port", "0", "--agent", os.path.abspath(AGENT)], stdout=subprocess.DEVNULL)
    agent = None
    try:
        while not os.path.exists(folder + "/server/ready.json"):
            if server.poll() is not None:
                sys.exit("wire: the fleet server ended")
            time.sleep(0.1)
        with open(folder + "/server/ready.json") as file:
            ready = json.load(file)
        request = urllib.request.Request(
            ready["url"] + "/api/v1/enrolment-tokens", json.dumps({"name": "wire", "maxUses": 1, "expiresIn": 3600}).encode(),
            {"Authorization": "Bearer " + ready["apiToken"], "Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            token = json.load(response)["token"]
        tap = Tap(ready["mqttPort"])
        enrolled = subprocess.run([AGENT, "enroll", "-", "--state", folder + "/agent"], input=token, text=True, capture_output=True, env=environment)
        device = next(word for word in enrolled.stdout.replace("(", " ").replace(")", " ").replace(".", " ").split() if len(word) == 32)
        agent = subprocess.Popen(
            [AGENT, "run", "--state", folder + "/agent", "--set", f"Transport:Endpoint=mqtt://127.0.0.1:{tap.port}", "--set", "Logs:Journal=off", *SETTINGS],
            stdout=subprocess.DEVNULL, env=environment)
        time.sleep(WARM_UP)
        since = time.time()
        before = count(folder, device)
        time.sleep(SECONDS)
        until = time.time()
        samples = count(folder, device) - before
        report(tap, since, until, samples)
    finally:
        for process in (agent, server):
            if process is not None:
                process.send_signal(signal.SIGTERM)
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def count(folder, device):
    path = glob.glob(folder + "/server/**/telemetry.db", recursive=True)[0]
    with sqlite3.connect("file:" + path + "?mode=ro", uri=True) as db:
        return db.execute("SELECT count(*) FROM points JOIN series ON series.id = points.series WHERE device = ?", (bytes.fromhex(device),)).fetchone()[0]


def report(tap, since, until, samples):
    rows = collections.Counter()
    for at, way, packet, begin in tap.packets():
        if since <= at < until:
            kind = PACKETS.get(packet[0] >> 4, "other")
            if kind != "PUBLISH":
                rows[way, kind] += len(packet)
                continue
            name, mqtt, frame, content = parts(packet, begin)
            rows[way, name + ": MQTT"] += mqtt
            rows[way, name + ": frame and tag"] += frame
            rows[way, name + ": content"] += content
    print(f"{time.strftime('%Y-%m-%d')}, {SECONDS} s, {samples} samples, {sum(rows.values())} bytes: {sum(rows.values()) / max(samples, 1):.2f} bytes a sample\n")
    print("| way | what | bytes | bytes a sample |\n| --- | --- | --- | --- |")
    for (way, what), size in sorted(rows.items(), reverse=True):
        print(f"| {way} | {what} | {size} | {size / max(samples, 1):.2f} |")


main()
