"""A server, its relay and agents on loopback, for what measures them from outside."""
import glob
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request

START_UP = 120


class Tap:
    """Passes TCP on, and tells `seen(connection, way, data)` what passes; way is "up" or "down"."""

    def __init__(self, port, seen):
        self.target, self.seen, self.connections = port, seen, 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.server.accept()
            relay = socket.create_connection(("127.0.0.1", self.target))
            self.connections += 1
            for source, sink, way in ((client, relay, "up"), (relay, client, "down")):
                threading.Thread(target=self._copy, args=(source, sink, self.connections, way), daemon=True).start()

    def _copy(self, source, sink, connection, way):
        try:
            while data := source.recv(65536):
                self.seen(connection, way, data)
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for one in (source, sink):
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass


class Child:
    """A process that ends with the measurement."""

    def __init__(self, *command, environment=None):
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
        self.pid = self.process.pid

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Server(Child):
    """`fleet-server demo`, whose own agent is the program that is given."""

    def __init__(self, program, folder, agent):
        super().__init__(program, "demo", "--data", folder, "--port", "0", "--mqtt-port", "0", "--agent", os.path.abspath(agent))
        self.folder = folder
        ready = os.path.join(folder, "ready.json")
        deadline = time.monotonic() + START_UP
        while not os.path.exists(ready):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.end()
                sys.exit("the fleet server did not start")
            time.sleep(0.1)
        with open(ready) as file:
            self.ready = json.load(file)

    def token(self):
        request = urllib.request.Request(
            self.ready["url"] + "/api/v1/enrolment-tokens", json.dumps({"name": "bench", "maxUses": 1, "expiresIn": 3600}).encode(),
            {"Authorization": "Bearer " + self.ready["apiToken"], "Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            return json.load(response)["token"]

    def database(self):
        return sqlite3.connect("file:" + glob.glob(self.folder + "/**/telemetry.db", recursive=True)[0] + "?mode=ro", uri=True)

    def points(self, device):
        with self.database() as db:
            return db.execute("SELECT count(*) FROM points JOIN series ON series.id = points.series WHERE device = ?", (bytes.fromhex(device),)).fetchone()[0]

    def samples(self, device, since, until):
        """Every point of the device in the time, in Unix milliseconds, with its series."""
        with self.database() as db:
            return db.execute("SELECT name, attributes, t, v FROM points JOIN series ON series.id = points.series WHERE device = ? AND t >= ? AND t < ?",
                              (bytes.fromhex(device), since, until)).fetchall()


class Agent(Child):
    """Enrolled, and running at default settings without the journal; `seen` gets the bytes of its connection to the relay."""

    def __init__(self, program, server, state, seen, settings=()):
        self.tap = Tap(server.ready["mqttPort"], seen)
        # A diagnostics port is a thread and a socket that no device has.
        environment = {"PATH": os.environ["PATH"], "DOTNET_EnableDiagnostics": "0"}
        enrolled = subprocess.run([program, "enroll", "-", "--state", state], input=server.token(), text=True, capture_output=True, env=environment)
        if enrolled.returncode != 0:
            sys.exit(f"the agent was not enrolled: {enrolled.stderr}")
        self.device = next(word for word in enrolled.stdout.replace("(", " ").replace(")", " ").replace(".", " ").split() if len(word) == 32)
        super().__init__(program, "run", "--state", state, "--set", f"Transport:Endpoint=mqtt://127.0.0.1:{self.tap.port}",
                         "--set", "Logs:Journal=off", *settings, environment=environment)
