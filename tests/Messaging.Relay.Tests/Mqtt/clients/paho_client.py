"""Goes through a broker with Eclipse Paho, a client that has nothing in common with ours.

Standard input: a line of JSON with host, port, transport (tcp, websockets), and optionally tls (a file of certificates), user and password, limited (another
user, who may publish to v/CLIENT/# and subscribe v/CLIENT/set alone), and clock (true: "clock N" on standard output lets the broker's clock go on by N seconds,
which a line on standard input confirms). Prints a line for each step; the first that fails ends the program with what was expected.
"""

import json
import os
import queue
import ssl
import sys
import threading
import time
import uuid

from paho.mqtt import client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCodes
from paho.mqtt.subscribeoptions import SubscribeOptions

PATIENCE = 60.0
SETTINGS = json.loads(sys.stdin.readline())
V5, V311 = paho.MQTTv5, paho.MQTTv311


class Client:
    """A client whose messages and answers come in queues."""

    def __init__(self, name, version, clean=True, expiry=0, receive_maximum=None, will=None, user=None, answer=0):
        options = {} if version == V5 else {"clean_session": clean}
        self.version = version
        self.client = paho.Client(client_id=name, protocol=version, transport=SETTINGS["transport"], reconnect_on_failure=False, **options)
        self.messages, self.answers, self.ended = queue.Queue(), {}, threading.Event()
        self.arrived = threading.Condition()
        self.connected = queue.Queue()
        self.client.on_connect = lambda _c, _u, flags, reason, properties=None: self.connected.put((flags, code(reason), properties))
        self.client.on_message = lambda _c, _u, message: self.messages.put(message)
        self.client.on_subscribe = lambda _c, _u, mid, granted, properties=None: self._answer(mid, granted)
        self.client.on_unsubscribe = lambda _c, _u, mid, *rest: self._answer(mid, rest)
        self.client.on_publish = lambda _c, _u, mid, *rest: self._answer(mid, rest)
        self.client.on_disconnect = lambda *_rest: self.ended.set()
        if SETTINGS["transport"] == "websockets":
            self.client.ws_set_options(path="/mqtt")
        if SETTINGS.get("tls"):
            self.client.tls_set(ca_certs=SETTINGS["tls"], cert_reqs=ssl.CERT_REQUIRED)
        user = user or SETTINGS
        if user.get("user"):
            self.client.username_pw_set(user["user"], user["password"])
        if will:
            self.client.will_set(**will)
        arguments = {"keepalive": 30}
        if version == V5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = expiry
            if receive_maximum:
                properties.ReceiveMaximum = receive_maximum
            arguments.update(clean_start=clean, properties=properties)
        self.client.connect(SETTINGS["host"], SETTINGS["port"], **arguments)
        self.client.loop_start()
        self.flags, reason, self.properties = self.connected.get(timeout=PATIENCE)
        expect(reason, answer, f"the answer to {name}")

    def _answer(self, mid, what):
        with self.arrived:
            self.answers[mid] = what
            self.arrived.notify_all()

    def wait(self, mid):
        with self.arrived:
            if not self.arrived.wait_for(lambda: mid in self.answers, PATIENCE):
                fail(f"no answer to {mid}")
            return self.answers.pop(mid)

    def subscribe(self, topic, qos=0, identifier=None, **options):
        if self.version == V5:
            properties = Properties(PacketTypes.SUBSCRIBE)
            if identifier:
                properties.SubscriptionIdentifier = identifier
            _, mid = self.client.subscribe(topic, options=SubscribeOptions(qos=qos, **options), properties=properties)
        else:
            _, mid = self.client.subscribe(topic, qos)
        return code(self.wait(mid)[0])

    def publish(self, topic, payload, qos=0, retain=False, **properties):
        extra = None
        if properties:
            extra = Properties(PacketTypes.PUBLISH)
            for name, value in properties.items():
                setattr(extra, name, value)
        info = self.client.publish(topic, payload, qos, retain, extra)
        info.wait_for_publish(PATIENCE)
        if not info.is_published():
            fail(f"{topic} was not acknowledged")
        return info

    def unsubscribe(self, topic):
        """MQTT 5: the reason."""
        _, mid = self.client.unsubscribe(topic)
        answer = self.wait(mid)
        return code(answer[-1][0] if isinstance(answer[-1], list) else answer[-1]) if self.version == V5 else None

    def over(self):
        """Ended, by whomever. Paho 1.6 reads the reason of no DISCONNECT without properties, so that MQTT.js holds the reasons."""
        if not self.ended.wait(PATIENCE):
            fail("the connection goes on")
        self.client.loop_stop()

    def message(self):
        try:
            return self.messages.get(timeout=PATIENCE)
        except queue.Empty:
            fail("no message came")

    def texts(self, count):
        return [self.message().payload.decode() for _ in range(count)]

    def nothing(self):
        """What was sent before a message of its own is here before that."""
        topic = f"{ROOT}/echo/{uuid.uuid4()}"
        self.subscribe(topic)
        self.publish(topic, "echo")
        expect(self.message().topic, topic, "nothing else comes")

    def end(self):
        self.client.disconnect()
        self.over()

    def drop(self):
        """Without DISCONNECT, as a cable that is pulled."""
        self.client._sock_close()
        self.client.loop_stop()


def code(reason):
    return reason.value if hasattr(reason, "value") else reason


def go_on(seconds):
    """The broker's clock goes on."""
    print(f"clock {seconds}", flush=True)
    sys.stdin.readline()


def fail(what):
    print(f"FAILED {what}", flush=True)
    sys.stdout.flush()
    os._exit(1)


def expect(actual, expected, what):
    if actual != expected:
        fail(f"{what}: {actual!r}, expected {expected!r}")


def passed(what):
    print(f"ok {what}", flush=True)


ROOT = f"paho/{uuid.uuid4().hex[:8]}"


def qualities(version):
    listener, sender = Client("", V5) if version == V5 else Client("listener", version), Client("sender", version)
    expect(listener.subscribe(f"{ROOT}/q/#", 2), 2, "QoS 2 is granted")
    for qos in (0, 1, 2):
        for number in range(20):
            sender.publish(f"{ROOT}/q/{qos}", f"{qos} {number}", qos)
        got = [listener.message() for _ in range(20)]
        expect([m.payload.decode() for m in got], [f"{qos} {number}" for number in range(20)], f"QoS {qos} in order")
        expect({m.qos for m in got}, {qos}, f"QoS {qos} stays")
    big = "x" * 200_000
    sender.publish(f"{ROOT}/q/big", big, 1)
    expect(listener.message().payload.decode(), big, "a large message is whole")
    listener.end()
    sender.end()
    passed(f"QoS 0, 1, 2 (version {version})")


def retained(version):
    sender, late = Client("sender", version), Client("late", version)
    sender.publish(f"{ROOT}/r", "kept", 1, retain=True)
    late.subscribe(f"{ROOT}/r", 1)
    message = late.message()
    expect((message.payload, bool(message.retain)), (b"kept", True), "what is retained comes")
    sender.publish(f"{ROOT}/r", "", 1, retain=True)
    expect(late.message().payload, b"", "it is taken back")
    other = Client("other", version)
    other.subscribe(f"{ROOT}/r", 1)
    other.nothing()
    for one in (sender, late, other):
        one.end()
    passed(f"retained (version {version})")


def will(version):
    watcher = Client("watcher", version)
    watcher.subscribe(f"{ROOT}/w/#", 1)
    gone = Client("gone", version, will={"topic": f"{ROOT}/w/gone", "payload": "gone", "qos": 1})
    leaves = Client("leaves", version, will={"topic": f"{ROOT}/w/leaves", "payload": "never", "qos": 1})
    leaves.end()
    gone.drop()
    expect(watcher.message().payload, b"gone", "the will of who is gone comes, and that of who takes leave does not")
    watcher.end()
    passed(f"will (version {version})")


def resume(version):
    first = Client("sleeper", version, clean=False, expiry=600)
    first.subscribe(f"{ROOT}/s", 2)
    first.end()
    sender = Client("sender", version)
    for number in range(10):
        sender.publish(f"{ROOT}/s", f"{number}", 1 + number % 2)
    again = Client("sleeper", version, clean=False, expiry=0)
    present = again.flags["session present"] if isinstance(again.flags, dict) else again.flags.session_present
    expect(bool(present), True, "the session is there")
    waited = [again.message() for _ in range(10)]
    for qos in (1, 2):
        # Order holds for each quality: Paho hands out a message of QoS 2 when it is released.
        expect([int(m.payload) for m in waited if m.qos == qos], list(range(qos - 1, 10, 2)), f"what waited with QoS {qos} comes in order")
    again.end()
    fresh = Client("sleeper", version, clean=True)
    present = fresh.flags["session present"] if isinstance(fresh.flags, dict) else fresh.flags.session_present
    expect(bool(present), False, "a clean start has none")
    fresh.end()
    sender.end()
    passed(f"session resumed (version {version})")


def shared():
    members = [Client(f"member{number}", V5) for number in range(3)]
    jobs = queue.Queue()
    for number, member in enumerate(members):
        member.client.on_message = lambda _c, _u, message, number=number: jobs.put((number, int(message.payload)))
        member.subscribe(f"$share/g/{ROOT}/j", 1)
    sender = Client("sender", V5)
    for number in range(30):
        sender.publish(f"{ROOT}/j", f"{number}", 1)
    try:
        got = [jobs.get(timeout=PATIENCE) for _ in range(30)]
    except queue.Empty:
        fail("not all jobs came")
    expect(sorted(job for _, job in got), list(range(30)), "each job comes once")
    expect({member for member, _ in got}, {0, 1, 2}, "each member has some")
    for one in [*members, sender]:
        one.end()
    passed("shared subscription")


def alias():
    listener, sender = Client("listener", V5), Client("sender", V5)
    expect(sender.properties.TopicAliasMaximum >= 1, True, "aliases are offered")
    listener.subscribe(f"{ROOT}/a", 1)
    sender.publish(f"{ROOT}/a", "1", 1, TopicAlias=1)
    # Paho takes no empty topic from its user, so that its packet is made here.
    properties = Properties(PacketTypes.PUBLISH)
    properties.TopicAlias = 1
    sender.client._send_publish(0, b"", b"2", 0, False, False, paho.MQTTMessageInfo(0), properties)
    expect([(m.topic, m.payload) for m in (listener.message(), listener.message())], [(f"{ROOT}/a", b"1"), (f"{ROOT}/a", b"2")], "an alias stands for its topic")
    listener.end()
    sender.end()
    passed("topic alias")


def properties():
    listener, sender = Client("listener", V5), Client("sender", V5)
    listener.subscribe(f"{ROOT}/p/+", 1, identifier=7)
    sender.publish(f"{ROOT}/p/x", "1", 1, UserProperty=[("a", "1"), ("a", "2")], ContentType="text/plain", PayloadFormatIndicator=1)
    got = listener.message().properties
    expect(got.SubscriptionIdentifier, [7], "the identifier of the subscription")
    expect(got.UserProperty, [("a", "1"), ("a", "2")], "user properties in their order")
    expect((got.ContentType, got.PayloadFormatIndicator), ("text/plain", 1), "content type and format")
    listener.end()
    sender.end()
    passed("subscription identifier, user properties")


def request():
    asks, answers = Client("asks", V5), Client("answers", V5)
    answers.subscribe(f"{ROOT}/ask", 1)
    asks.subscribe(f"{ROOT}/answer", 1)
    asks.publish(f"{ROOT}/ask", "how much?", 1, ResponseTopic=f"{ROOT}/answer", CorrelationData=b"\x00\x01")
    question = answers.message()
    answers.publish(question.properties.ResponseTopic, "42", 1, CorrelationData=question.properties.CorrelationData)
    answer = asks.message()
    expect((answer.payload, answer.properties.CorrelationData), (b"42", b"\x00\x01"), "the answer belongs to its question")
    asks.end()
    answers.end()
    passed("request and response")


def expiry():
    sleeper = Client("late-riser", V5, clean=True, expiry=600)
    sleeper.subscribe(f"{ROOT}/e", 1)
    sleeper.end()
    sender = Client("sender", V5)
    sender.publish(f"{ROOT}/e", "old", 1, MessageExpiryInterval=1)
    sender.publish(f"{ROOT}/e", "young", 1, MessageExpiryInterval=1000)
    go_on(2)
    again = Client("late-riser", V5, clean=False, expiry=0)
    message = again.message()
    expect(message.payload, b"young", "what is too old does not come")
    expect(0 < message.properties.MessageExpiryInterval < 1000, True, "the rest of its life is told")
    again.end()
    sender.end()
    passed("message expiry")


def flow():
    slow = Client("slow", V5, receive_maximum=2)
    slow.subscribe(f"{ROOT}/f", 1)
    sender = Client("sender", V5)
    for number in range(200):
        sender.publish(f"{ROOT}/f", f"{number}", 1)
    expect(slow.texts(200), [f"{number}" for number in range(200)], "all come, two at a time")
    slow.end()
    sender.end()
    passed("flow control")


def unsubscribe(version):
    listener = Client("listener", version)
    listener.subscribe(f"{ROOT}/u", 1)
    reason = listener.unsubscribe(f"{ROOT}/u")
    if version == V5:
        expect(reason, 0x00, "it was subscribed")
        expect(listener.unsubscribe(f"{ROOT}/u"), 0x11, "and is not any more")
    listener.publish(f"{ROOT}/u", "x", 1)
    listener.nothing()
    listener.end()
    passed(f"unsubscribed (version {version})")


def take_over(version):
    watcher = Client("watcher", version)
    watcher.subscribe(f"{ROOT}/t/#", 1)
    first = Client("twice", version, clean=False, expiry=600, will={"topic": f"{ROOT}/t/will", "payload": "first", "qos": 1})
    first.subscribe(f"{ROOT}/t/twice", 1)
    second = Client("twice", version, clean=False, expiry=0)
    first.over()
    expect(watcher.message().payload, b"first", "the will of the first comes")
    watcher.publish(f"{ROOT}/t/twice", "for the second", 1)
    expect(second.message().payload, b"for the second", "the second has its subscriptions")
    second.end()
    watcher.end()
    Client("twice", version, clean=True).end()
    passed(f"session taken over (version {version})")


def options():
    one, other = Client("one", V5), Client("other", V5)
    one.publish(f"{ROOT}/o/kept", "kept", 1, retain=True)
    one.subscribe(f"{ROOT}/o/#", 1, noLocal=True, retainHandling=2, retainAsPublished=True)
    one.publish(f"{ROOT}/o/own", "own", 1)
    one.nothing()
    other.publish(f"{ROOT}/o/others", "x", 1, retain=True)
    expect(bool(one.message().retain), True, "retained as published")
    other.subscribe(f"{ROOT}/o/kept", 1, retainHandling=1)
    expect(other.message().payload, b"kept", "of a new subscription what is retained comes")
    other.subscribe(f"{ROOT}/o/kept", 1, retainHandling=1)
    other.nothing()
    other.subscribe(f"{ROOT}/o/kept", 1, retainHandling=0)
    expect(other.message().payload, b"kept", "and each time where that is asked for")
    for topic in ("kept", "others"):
        one.publish(f"{ROOT}/o/{topic}", "", 1, retain=True)
    one.end()
    other.end()
    passed("no local, retain handling, retain as published")


def leave_with_will():
    watcher = Client("watcher", V5)
    watcher.subscribe(f"{ROOT}/l/#", 1)
    leaves = Client("leaves", V5, will={"topic": f"{ROOT}/l/will", "payload": "left", "qos": 1})
    leaves.client.disconnect(reasoncode=ReasonCodes(PacketTypes.DISCONNECT, "Disconnect with will message"))
    expect(watcher.message().payload, b"left", "who takes leave with its will leaves it")
    leaves.over()
    watcher.end()
    passed("leave with a will")


def silence(version):
    quiet = Client("quiet", version)
    go_on(44)
    quiet.nothing()
    go_on(46)
    quiet.over()
    passed(f"keep-alive (version {version})")


def session_expiry():
    for seconds, is_there in ((99, True), (101, False)):
        watcher = Client("watcher", V5)
        watcher.subscribe(f"{ROOT}/x", 1)
        Client("forgotten", V5, clean=True, expiry=100, will={"topic": f"{ROOT}/x", "payload": "gone", "qos": 1}).drop()
        expect(watcher.message().payload, b"gone", "the broker has noticed")
        watcher.end()
        go_on(seconds)
        again = Client("forgotten", V5, clean=False, expiry=0)
        expect(bool(again.flags["session present"]), is_there, f"a session of 100 s after {seconds}")
        again.end()
    passed("session expiry")


def delayed_will():
    properties = Properties(PacketTypes.WILLMESSAGE)
    properties.WillDelayInterval = 10
    will = {"topic": f"{ROOT}/d", "payload": "gone", "qos": 1, "properties": properties}
    watcher = Client("watcher", V5)
    watcher.subscribe(f"{ROOT}/d", 1)
    Client("comes-back", V5, expiry=600, will=will).drop()
    watcher.nothing()
    back = Client("comes-back", V5, clean=False, expiry=600)
    go_on(20)
    watcher.nothing()
    back.end()
    Client("stays-away", V5, expiry=600, will=will).drop()
    watcher.nothing()
    until = time.monotonic() + PATIENCE
    while watcher.messages.empty() and time.monotonic() < until:
        # The broker may not have noticed before its clock went on.
        go_on(11)
        watcher.publish(f"{ROOT}/nobody", "", 1)
    expect(watcher.message().payload, b"gone", "the will comes after its delay")
    watcher.end()
    passed("delayed will")


def limited(version):
    user, me = SETTINGS["limited"], uuid.uuid4().hex
    refused, failed, wrong = (0x87, 0x87, 0x86) if version == V5 else (5, 0x80, 4)
    listener, mine = Client("listener", version), Client(me, version, user=user)
    listener.subscribe("v/#", 1)
    for topic in ("#", "v/#", "v/+/set", "v/another/set", "$SYS/#", "m1/#", *(("$share/g/v/#",) if version == V5 else ())):
        expect(mine.subscribe(topic, 1), failed, f"{topic} is refused")
    expect(mine.subscribe(f"v/{me}/set", 1), 1, "its own is not")
    for qos in (0, 1, 2):
        mine.publish("v/another/x", "forbidden", qos, retain=True)
    mine.publish(f"v/{me}/x", "allowed", 1)
    expect((listener.message().topic, listener.messages.empty()), (f"v/{me}/x", True), "what it may publish comes, and nothing else")
    late = Client("late", version)
    late.subscribe("v/#", 1)
    late.nothing()
    Client(f"{me}-2", version, user=user, will={"topic": "v/another/x", "payload": "forbidden", "qos": 1, "retain": True}, answer=refused)
    Client(f"{me}-3", version, user={**user, "password": "a wrong password"}, answer=wrong)
    for one in (listener, mine, late):
        one.end()
    passed(f"permissions (version {version})")


def main():
    for version in (V311, V5):
        for step in (qualities, retained, will, resume, take_over, unsubscribe):
            step(version)
        if SETTINGS.get("limited"):
            limited(version)
        if SETTINGS.get("clock"):
            silence(version)
    for step in (shared, alias, properties, request, flow, options, leave_with_will):
        step()
    if SETTINGS.get("clock"):
        for step in (expiry, session_expiry, delayed_will):
            step()
    passed("all")


main()
