// Goes through a broker with MQTT.js. Standard input: a line of JSON with url, and optionally ca (PEM), user, password, and core (true: the short run).
// Prints a line for each step; the first that fails ends the program with what was expected.
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

/** A client whose messages come one by one. */
async function connect(clientId, protocolVersion, options = {}) {
  const client = await mqtt.connectAsync(settings.url, {
    clientId, protocolVersion, clean: true, reconnectPeriod: 0, keepalive: 30, connectTimeout: patience,
    username: settings.user, password: settings.password, ca: settings.ca, ...options,
  }, false);
  const waiting = [];
  const readers = [];
  client.on('message', (topic, payload, packet) => {
    const message = { topic, text: payload.toString(), payload, packet };
    const reader = readers.shift();
    reader ? reader(message) : waiting.push(message);
  });
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
  return { client, waiting, next, texts, nothing, end: () => client.endAsync() };
}

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
  gone.client.stream.destroy();
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
  console.log('clock 2');
  await lines.next();
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

for (const version of [4, 5]) {
  for (const step of [qualities, retained, will, resume]) {
    await step(version);
  }
}
if (!settings.core) {
  for (const step of [shared, properties, request, expiry, flow]) {
    await step();
  }
}
passed('all');
process.exit(0);
