"""Where the bytes on the wire go: see ../wire.sh."""
import collections
import os
import shutil
import sys
import tempfile
import time

import fleet

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 300
SETTINGS = sys.argv[2:]
WARM_UP = 90
AGENT = "agent/bin/Debug/net10.0/messaging-agent"
SERVER = "fleet-server/bin/Debug/net10.0/fleet-server"
PACKETS = {1: "CONNECT", 2: "CONNACK", 3: "PUBLISH", 4: "PUBACK", 8: "SUBSCRIBE", 9: "SUBACK", 12: "PINGREQ", 13: "PINGRESP", 14: "DISCONNECT", 15: "AUTH"}


class Capture:
    """What passed, with the time and the direction."""

    def __init__(self):
        self.seen = []

    def add(self, connection, way, data):
        self.seen.append((time.time(), (connection, way), data))

    def packets(self):
        """Time, direction, whole packet and where its body begins."""
        waiting = collections.defaultdict(bytearray)
        for at, stream, data in self.seen:
            buffer = waiting[stream]
            buffer += data
            while (header := length_of(buffer)) and len(buffer) >= sum(header):
                begin, size = header
                yield at, stream[1], bytes(buffer[:begin + size]), begin
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
    server = fleet.Server(SERVER, folder + "/server", AGENT)
    agent = None
    try:
        capture = Capture()
        agent = fleet.Agent(AGENT, server, folder + "/agent", capture.add, SETTINGS)
        time.sleep(WARM_UP)
        since, before = time.time(), server.points(agent.device)
        time.sleep(SECONDS)
        report(capture, since, time.time(), server.points(agent.device) - before)
    finally:
        if agent is not None:
            agent.end()
        server.end()
        shutil.rmtree(folder, ignore_errors=True)


def report(capture, since, until, samples):
    rows = collections.Counter()
    for at, way, packet, begin in capture.packets():
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
