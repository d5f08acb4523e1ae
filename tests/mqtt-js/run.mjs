// Goes through a broker with MQTT.js. Standard input: a line of JSON with url, and optionally ca (PEM), user and password, limited (another user, who may
// publish to v/CLIENT/# and subscribe v/CLIENT/set alone), and clock (true: "clock N" on standard output lets the broker's clock go on by N seconds, which a
// line on standard input confirms). Prints a line for each step; the first that fails ends the program with what was expected.
import { createInterface } from 'node:readline/promises';
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import mqtt from 'mqtt';

const patience = 60_000;
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const settings = JSON.parse((await lines.next()).value);
const root = `mqttjs/${randomUUID().slice(0, 8)}`;

const passed = (what) => console.log(`ok ${what}`);
const fail = (what) => {
  console.log(`FAILED ${what}`);
  process.exit(1);
};
const expect = (actual, expected, what) => {
  if (!isDeepStrictEqual(actual, expected)) {
    fail(`${what}: ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
  }
};

/** What answers of a connection say: of MQTT 5 the reason, of 3.1.1 the return code. */
class Refused extends Error {}

/** A client whose messages come one by one. */
async function connect(clientId, protocolVersion, options = {}) {
  const client = mqtt.connect(settings.url, {
    clientId, protocolVersion, clean: true, reconnectPeriod: 0, keepalive: 30, connectTimeout: patience,
    username: settings.user, password: settings.password, ca: settings.ca, ...options,
  });
  const waiting = [];
  const readers = [];
  const packets = [];
  let reason;

  // Before the connection is there: what waits for a session comes right behind CONNACK.
  client.on('message', (topic, payload, packet) => {
    const message = { topic, text: payload.toString(), payload, packet };
    const reader = readers.shift();
    reader ? reader(message) : waiting.push(message);
  });
  client.on('packetreceive', (packet) => packets.push(packet));
  client.on('disconnect', (packet) => {
    reason = packet.reasonCode;
  });
  const ended = new Promise((resolve) => client.once('close', () => resolve(reason)));
  const connack = await new Promise((resolve, reject) => {
    client.once('connect', resolve);
    client.once('error', (error) => reject(Object.assign(new Refused(error.message), { code: error.code })));
  });
  client.on('error', (error) => fail(`${clientId}: ${error.message}`));
  const next = () => new Promise((resolve) => {
    const message = waiting.shift();
    if (message) {
      resolve(message);
      return;
    }
    const timer = setTimeout(() => fail('no message came'), patience);
    readers.push((one) => {
      clearTimeout(timer);
      resolve(one);
    });
  });
  const texts = async (count) => {
    const all = [];
    while (all.length < count) {
      all.push((await next()).text);
    }
    return all;
  };
  const nothing = async () => {
    const topic = `${root}/echo/${randomUUID()}`;
    await client.subscribeAsync(topic, { qos: 0 });
    await client.publishAsync(topic, 'echo');
    expect((await next()).topic, topic, 'nothing else comes');
  };

  /** The reason in SUBACK. */
  const subscribe = async (topic, subscribeOptions = { qos: 1 }) => {
    await client.subscribeAsync(topic, subscribeOptions).catch(() => {});
    return packets.findLast((packet) => packet.cmd === 'suback').granted[0];
  };

  /** The reason in PUBACK or PUBREC. */
  const publish = async (topic, payload, publishOptions = { qos: 1 }) => {
    await client.publishAsync(topic, payload, publishOptions).catch(() => {});
    return packets.findLast((packet) => packet.cmd === (publishOptions.qos === 2 ? 'pubrec' : 'puback')).reasonCode;
  };
  return { client, connack, waiting, ended, next, texts, nothing, subscribe, publish, end: () => client.endAsync(), drop: () => client.stream.destroy() };
}

/** Why a client is not taken. */
const refusal = (clientId, version, options) => connect(clientId, version, options).then(() => fail(`${clientId} is taken`), (error) => error.code);

/** The broker's clock goes on. */
const goOn = async (seconds) => {
  console.log(`clock ${seconds}`);
  await lines.next();
};

const range = (count) => [...Array(count).keys()];

async function qualities(version) {
  const listener = await connect('listener', version);
  const sender = await connect('sender', version);
  expect((await listener.client.subscribeAsync(`${root}/q/#`, { qos: 2 }))[0].qos, 2, 'QoS 2 is granted');
  for (const qos of [0, 1, 2]) {
    await Promise.all(range(20).map((number) => sender.client.publishAsync(`${root}/q/${qos}`, `${qos} ${number}`, { qos })));
    expect(await listener.texts(20), range(20).map((number) => `${qos} ${number}`), `QoS ${qos} in order`);
  }
  await listener.end();
  await sender.end();
  passed(`QoS 0, 1, 2 (version ${version})`);
}

async function retained(version) {
  const sender = await connect('sender', version);
  await sender.client.publishAsync(`${root}/r`, 'kept', { qos: 1, retain: true });
  const late = await connect('late', version);
  await late.client.subscribeAsync(`${root}/r`, { qos: 1 });
  const message = await late.next();
  expect([message.text, message.packet.retain], ['kept', true], 'what is retained comes');
  await sender.client.publishAsync(`${root}/r`, '', { qos: 1, retain: true });
  expect((await late.next()).text, '', 'it is taken back');
  await sender.end();
  await late.end();
  passed(`retained (version ${version})`);
}

async function will(version) {
  const watcher = await connect('watcher', version);
  await watcher.client.subscribeAsync(`${root}/w/#`, { qos: 1 });
  const leaves = await connect('leaves', version, { will: { topic: `${root}/w/leaves`, payload: 'never', qos: 1, retain: false } });
  await leaves.end();
  const gone = await connect('gone', version, { will: { topic: `${root}/w/gone`, payload: 'gone', qos: 1, retain: false } });
  gone.drop();
  expect((await watcher.next()).text, 'gone', 'the will of who is gone comes, and that of who takes leave does not');
  await watcher.end();
  passed(`will (version ${version})`);
}

async function resume(version) {
  const lasting = version === 5 ? { clean: false, properties: { sessionExpiryInterval: 600 } } : { clean: false };
  const first = await connect('sleeper', version, lasting);
  await first.client.subscribeAsync(`${root}/s`, { qos: 1 });
  await first.end();
  const sender = await connect('sender', version);
  for (const number of range(10)) {
    await sender.client.publishAsync(`${root}/s`, `${number}`, { qos: 1 });
  }
  const again = await connect('sleeper', version, { clean: false });
  expect(await again.texts(10), range(10).map(String), 'what waited comes in order');
  await again.end();
  await (await connect('sleeper', version)).end();
  await sender.end();
  passed(`session resumed (version ${version})`);
}

async function shared() {
  const members = await Promise.all(range(3).map((number) => connect(`member${number}`, 5)));
  for (const member of members) {
    await member.client.subscribeAsync(`$share/g/${root}/j`, { qos: 1 });
  }
  const sender = await connect('sender', 5);
  await Promise.all(range(30).map((number) => sender.client.publishAsync(`${root}/j`, `${number}`, { qos: 1 })));
  const all = await Promise.all(members.map((member) => member.texts(10)));
  expect(all.flat().map(Number).sort((a, b) => a - b), range(30), 'each job comes once, and each member has its share');
  await Promise.all([...members, sender].map((one) => one.end()));
  passed('shared subscription');
}

async function properties() {
  const listener = await connect('listener', 5);
  const sender = await connect('sender', 5, { autoAssignTopicAlias: true });
  await listener.client.subscribeAsync(`${root}/p`, { qos: 1, properties: { subscriptionIdentifier: 7 } });
  for (const number of range(3)) {
    await sender.client.publishAsync(`${root}/p`, `${number}`, { qos: 1, properties: { userProperties: { a: ['1', '2'] }, contentType: 'text/plain' } });
  }
  for (const number of range(3)) {
    const { topic, text, packet } = await listener.next();
    expect([topic, text], [`${root}/p`, `${number}`], 'an alias stands for its topic');
    expect(packet.properties.subscriptionIdentifier, 7, 'the identifier of the subscription');
    expect([{ ...packet.properties.userProperties }, packet.properties.contentType], [{ a: ['1', '2'] }, 'text/plain'], 'user properties, content type');
  }
  await listener.end();
  await sender.end();
  passed('topic alias, subscription identifier, user properties');
}

async function request() {
  const asks = await connect('asks', 5);
  const answers = await connect('answers', 5);
  await answers.client.subscribeAsync(`${root}/ask`, { qos: 1 });
  await asks.client.subscribeAsync(`${root}/answer`, { qos: 1 });
  await asks.client.publishAsync(`${root}/ask`, 'how much?', { qos: 1, properties: { responseTopic: `${root}/answer`, correlationData: Buffer.from([0, 1]) } });
  const { packet } = await answers.next();
  await answers.client.publishAsync(packet.properties.responseTopic, '42', { qos: 1, properties: { correlationData: packet.properties.correlationData } });
  const answer = await asks.next();
  expect([answer.text, answer.packet.properties.correlationData.toString('hex')], ['42', '0001'], 'the answer belongs to its question');
  await asks.end();
  await answers.end();
  passed('request and response');
}

async function expiry() {
  const sleeper = await connect('late-riser', 5, { properties: { sessionExpiryInterval: 600 } });
  await sleeper.client.subscribeAsync(`${root}/e`, { qos: 1 });
  await sleeper.end();
  const sender = await connect('sender', 5);
  await sender.client.publishAsync(`${root}/e`, 'old', { qos: 1, properties: { messageExpiryInterval: 1 } });
  await sender.client.publishAsync(`${root}/e`, 'young', { qos: 1, properties: { messageExpiryInterval: 1000 } });
  await goOn(2);
  const again = await connect('late-riser', 5, { clean: false });
  expect((await again.next()).text, 'young', 'what is too old does not come');
  await again.end();
  await sender.end();
  passed('message expiry');
}

async function flow() {
  const slow = await connect('slow', 5, { properties: { receiveMaximum: 2 } });
  await slow.client.subscribeAsync(`${root}/f`, { qos: 1 });
  const sender = await connect('sender', 5);
  await Promise.all(range(200).map((number) => sender.client.publishAsync(`${root}/f`, `${number}`, { qos: 1 })));
  expect(await slow.texts(200), range(200).map(String), 'all come, two at a time');
  await slow.end();
  await sender.end();
  passed('flow control');
}

async function takeOver(version) {
  const lasting = version === 5 ? { clean: false, properties: { sessionExpiryInterval: 600 } } : { clean: false };
  const first = await connect('twice', version, lasting);
  await first.subscribe(`${root}/t`);
  const second = await connect('twice', version, { clean: false });
  const reason = await first.ended;
  if (version === 5) {
    expect(reason, 0x8e, 'the first is told that its session was taken over');
  }
  expect(second.connack.sessionPresent, true, 'the second has the session');
  await second.publish(`${root}/t`, 'for the second');
  expect((await second.next()).text, 'for the second', 'the second has its subscriptions');
  await second.end();
  await (await connect('twice', version)).end();
  passed(`session taken over (version ${version})`);
}

async function reasons() {
  const client = await connect('', 5);
  expect(client.connack.properties.assignedClientIdentifier.length > 0, true, 'an identifier is assigned');
  expect(client.connack.properties.receiveMaximum >= 1, true, 'the broker tells how much it takes');
  expect(await client.publish(`${root}/nobody`, 'x'), 0x10, 'nobody has subscribed');
  expect(await client.publish(`${root}/nobody`, 'x', { qos: 2 }), 0x10, 'nobody has subscribed');
  expect(await client.publish('$SYS/x', 'x'), 0x87, 'what is the server\'s');
  expect((await client.client.unsubscribeAsync(`${root}/nobody`)).granted, [0x11], 'it was not subscribed');
  await client.end();
  passed('reason codes');
}

async function options() {
  const one = await connect('one', 5);
  const other = await connect('other', 5);
  await one.publish(`${root}/o/kept`, 'kept', { qos: 1, retain: true });
  await one.subscribe(`${root}/o/#`, { qos: 1, nl: true, rh: 2, rap: true });
  await one.publish(`${root}/o/own`, 'own');
  await one.nothing();
  await other.publish(`${root}/o/others`, 'x', { qos: 1, retain: true });
  expect((await one.next()).packet.retain, true, 'retained as published');
  for (const [rh, comes] of [[1, true], [1, false], [0, true]]) {
    await other.subscribe(`${root}/o/kept`, { qos: 1, rh });
    comes ? expect((await other.next()).text, 'kept', `retain handling ${rh}`) : await other.nothing();
  }
  for (const topic of ['kept', 'others']) {
    await one.publish(`${root}/o/${topic}`, '', { qos: 1, retain: true });
  }
  await one.end();
  await other.end();
  passed('no local, retain handling, retain as published');
}

async function silence(version) {
  const quiet = await connect('quiet', version);
  await goOn(44);
  await quiet.nothing();
  await goOn(46);
  const reason = await quiet.ended;
  if (version === 5) {
    expect(reason, 0x8d, 'who is silent for one and a half of its keep-alive is ended');
  }
  passed(`keep-alive (version ${version})`);
}

async function sessionExpiry() {
  for (const [seconds, isThere] of [[99, true], [101, false]]) {
    const watcher = await connect('watcher', 5);
    await watcher.subscribe(`${root}/x`);
    const will = { topic: `${root}/x`, payload: 'gone', qos: 1, retain: false };
    (await connect('forgotten', 5, { properties: { sessionExpiryInterval: 100 }, will })).drop();
    expect((await watcher.next()).text, 'gone', 'the broker has noticed');
    await watcher.end();
    await goOn(seconds);
    const again = await connect('forgotten', 5, { clean: false });
    expect(again.connack.sessionPresent, isThere, `a session of 100 s after ${seconds}`);
    await again.end();
  }
  passed('session expiry');
}

async function limited(version) {
  const user = { username: settings.limited.user, password: settings.limited.password };
  const me = randomUUID();
  const [refused, failed, wrong] = version === 5 ? [0x87, 0x87, 0x86] : [5, 0x80, 4];
  const listener = await connect('listener', version);
  const mine = await connect(me, version, user);
  await listener.subscribe('v/#');
  for (const topic of ['#', 'v/#', 'v/+/set', 'v/another/set', '$SYS/#', 'm1/#', ...(version === 5 ? ['$share/g/v/#'] : [])]) {
    expect(await mine.subscribe(topic), failed, `${topic} is refused`);
  }
  expect(await mine.subscribe(`v/${me}/set`), 1, 'its own is not');
  for (const qos of [1, 2]) {
    expect(await mine.publish('v/another/x', 'forbidden', { qos, retain: true }), version === 5 ? 0x87 : undefined, `QoS ${qos} elsewhere`);
  }
  await mine.publish(`v/${me}/x`, 'allowed');
  expect((await listener.next()).topic, `v/${me}/x`, 'what it may publish comes, and nothing else');
  const late = await connect('late', version);
  await late.subscribe('v/#');
  await late.nothing();
  const will = { topic: 'v/another/x', payload: 'forbidden', qos: 1, retain: true };
  expect(await refusal(`${me}-2`, version, { ...user, will }), refused, 'a will elsewhere');
  expect(await refusal(`${me}-3`, version, { ...user, password: 'a wrong password' }), wrong, 'a wrong password');
  await Promise.all([listener, mine, late].map((one) => one.end()));
  passed(`permissions (version ${version})`);
}

for (const version of [4, 5]) {
  for (const step of [qualities, retained, will, resume, takeOver, ...(settings.limited ? [limited] : []), ...(settings.clock ? [silence] : [])]) {
    await step(version);
  }
}
for (const step of [shared, properties, request, flow, reasons, options, ...(settings.clock ? [expiry, sessionExpiry] : [])]) {
  await step();
}
passed('all');
process.exit(0);
