"""An agent of the legacy profile: seed_agent.py URL UDP-PORT CHANNEL-ID.

It joins system001/12345678, answers one text over HTTP and one over UDP; then it joins the channel by its id alone and asks for the
password. Nothing of it is taken from the C# agent, so that each holds the other to the protocol.
"""
import base64
import hashlib
import hmac
import json
import os
import socket
import struct
import sys
import time
import urllib.request

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

NAME, PASSWORD = "system001", "12345678"


def derive(name, password):
    key = hashlib.pbkdf2_hmac("sha256", (name + password).encode(), b"messaging-platform", 100000, 32)
    return "channel_" + base64.urlsafe_b64encode(key).decode().rstrip("=")


def mac(secret, text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def aes_key(secret):
    first = secret.encode()[:16].ljust(16, b"\0")
    encryptor = Cipher(algorithms.AES(first), modes.ECB()).encryptor()
    return encryptor.update(first) + encryptor.finalize()


def cipher(secret, nonce):
    return Cipher(algorithms.AES(aes_key(secret)), modes.CTR(nonce + bytes(8)))


def new_nonce():
    now = time.time()
    return struct.pack("<H", int(now * 1000) % 1000) + os.urandom(2) + struct.pack("<I", int(now))


def seal(secret, text, nonce=None):
    nonce = nonce or new_nonce()
    encryptor = cipher(secret, nonce).encryptor()
    data = nonce + encryptor.update(text.encode()) + encryptor.finalize()
    return json.dumps({"cipher": base64.b64encode(data).decode(), "hash": mac(secret, text)})


def unseal(secret, content):
    parts = json.loads(content)
    data = base64.b64decode(parts["cipher"])
    decryptor = cipher(secret, data[:8]).decryptor()
    text = (decryptor.update(data[8:]) + decryptor.finalize()).decode()
    assert hmac.compare_digest(mac(secret, text), parts["hash"]), "wrong hash"
    return text


def open_password(key, content):
    """What a password-reply tells: base64, or JSON around it; in it the password, or JSON with the channel's name."""
    data = json.loads(content)["cipher"] if content.startswith("{") else content
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    text = key.decrypt(base64.b64decode(data), oaep).decode()
    return json.loads(text)["channelPassword"] if text.startswith("{") else text


class Agent:
    def __init__(self, url, udp_port, name, **channel):
        self.base = url.rstrip("/") + "/messaging-platform/api/v1/messaging-service"
        self.name = name
        answer = self.post("/connect", dict(channel, agentName=name, agentContext={"agentType": "PYTHON", "descriptor": sys.version}))
        self.session = answer["sessionId"]
        self.offset = answer["metadata"]["globalOffset"]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.settimeout(40)
        self.udp.connect(("127.0.0.1", udp_port))

    def post(self, call, body):
        request = urllib.request.Request(self.base + call, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=40) as response:
            answer = json.load(response)
        assert answer["status"] == "success", answer
        return answer["data"]

    def event(self, kind, to, content, encrypted):
        return {"sessionId": self.session, "type": kind, "to": to, "encrypted": encrypted, "content": content}

    def send(self, kind, to, content, encrypted=True):
        self.post("/event", self.event(kind, to, content, encrypted))

    def push(self, kind, to, content):
        self.udp.send(json.dumps({"action": "push", "payload": self.event(kind, to, content, True)}).encode())

    def range(self, field):
        return {"sessionId": self.session, field: {"globalOffset": self.offset, "localOffset": self.offset, "limit": 10}}

    def receive(self):
        return self.post("/receive", self.range("receiveConfig"))

    def pull(self):
        self.udp.send(json.dumps({"action": "pull", "payload": self.range("offsetRange")}).encode())
        answer = json.loads(self.udp.recv(65535))
        assert answer["status"] == "ok" and answer["result"]["status"] == "success", answer
        return answer["result"]["data"]

    def next(self, kind, receive):
        """The first event of a kind, and of somebody else. The rest of its answer is asked for again."""
        while True:
            data = receive()
            for event in data["events"]:
                self.offset = int(event["otherProperties"]["localOffset"]) + 1
                if event["type"] == kind and event["from"] != self.name:
                    return event
            self.offset = data["nextGlobalOffset"]


def main():
    url, udp_port, channel_id = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    secret = derive(NAME, PASSWORD)
    agent = Agent(url, udp_port, "python", channelName=NAME, channelPassword=mac(secret, PASSWORD))
    event = agent.next("chat-text", agent.receive)
    agent.send("chat-text", event["from"], seal(secret, "echo: " + unseal(secret, event["content"])))
    event = agent.next("chat-text", agent.pull)
    agent.push("udp-data", event["from"], seal(secret, "udp: " + unseal(secret, event["content"])))

    stranger = Agent(url, udp_port, "stranger", channelId=channel_id)
    key = rsa.generate_private_key(65537, 2048)
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    stranger.send("password-request", "*", json.dumps({"requestId": "p1", "publicKeyPem": pem}), encrypted=False)
    reply = stranger.next("password-reply", stranger.receive)["content"]
    assert json.loads(reply)["requestId"] == "p1", reply
    password = open_password(key, reply)
    agents = [entry["agentName"] for entry in agent.post("/list-agents", {"sessionId": agent.session})]
    assert agents == ["ada", "python", "stranger"], agents
    agent.post("/disconnect", {"sessionId": agent.session})
    print("password ok" if password == PASSWORD else "password wrong")


if __name__ == "__main__":
    main()
