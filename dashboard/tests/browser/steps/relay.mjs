import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { assert } from '../harness.mjs';
import { lookAt } from './looks.mjs';

const password = 'seven grey boats at noon';

/** The page of the relay: first as it is on a new server, then with a real user of MQTT, then with all that can go wrong. */
export async function relay(world) {
  const { harness, page, server, screenshots } = world;
  console.log('Relay');

  await harness.step('a relay without users and channels says what to do next', async () => {
    await page.goto('/devices');
    await page.getByRole('heading', { name: 'Devices' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL('**/relay');
    await page.getByText('No MQTT users').waitFor();
    await page.getByText('fleet-server mqtt-user add NAME --data DIR').waitFor();
    await page.getByText('No channels').waitFor();
    await page.getByRole('region', { name: 'Devices' }).getByText('mqtt5').waitFor();
    await lookAt(world, 'relay-empty');
  });

  await harness.step('a user of MQTT who connects is shown, found, and cut off', async () => {
    execFileSync(world.serverCommand, ['mqtt-user', 'add', 'meters', '--data', server.data, '--topic', 'meters/#', '--password-stdin'], { input: `${password}\n`, stdio: ['pipe', 'ignore', 'pipe'] });
    await page.getByText('Nobody is connected').waitFor();
    const client = await connectAs(server.mqttPort, 'meters', 'hall-7');
    const row = page.getByRole('row', { name: /meters.*hall-7.*127\.0\.0\.1/ });
    await row.waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('nobody');
    await page.getByText('Nobody fits').waitFor();
    await page.getByRole('textbox', { name: 'Search connections', exact: true }).fill('HALL');
    await row.waitFor();
    const ended = once(client, 'close');
    const cut = row.getByRole('button', { name: 'Cut' });
    await cut.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await ended;
    await row.waitFor({ state: 'detached' });
    await page.goto('/audit');
    await page.getByRole('row', { name: /mira.*mqtt-connection\.cut/ }).first().waitFor();
  });

  await harness.step('drops come with their reasons, long lists in parts', async () => {
    await page.route('**/api/v1/relay/activity', (route) => route.fulfill({ json: busy }));
    await page.route('**/api/v1/relay/mqtt-connections?*', (route) => {
      const limit = Number(new URL(route.request().url()).searchParams.get('limit'));
      return route.fulfill({ json: { items: connections.slice(0, limit), next: String(limit), total: 18_412 } });
    });
    await page.route('**/api/v1/relay/channels?*', (route) => route.fulfill({ json: { items: channels, next: null, total: channels.length } }));
    await page.goto('/relay');
    await page.getByRole('row', { name: /Messages dropped for full queues.*MQTT.*acknowledges too slowly.*1,204/ }).waitFor();
    await page.getByText('Channels cannot be stored').waitFor();
    await page.getByText('These are the first 50 of 18,412.').waitFor();
    await page.getByRole('table', { name: 'Channels' }).getByText('legacy').waitFor();
    await lookAt(world, 'relay-busy');
    await page.setViewportSize({ width: 380, height: 800 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (screenshots) await page.screenshot({ path: join(screenshots, 'relay-busy-narrow.png'), animations: 'disabled' });
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('These are the first 200 of 18,412. Narrow the list').waitFor();
    assert(over <= 0, `the page is ${over} px too wide`);
  });

  await harness.step('a relay elsewhere says where it is, and where the rest is', async () => {
    await page.unroute('**/api/v1/relay/activity');
    const elsewhere = { ...busy, mqtt: null, channels: null, legacy: null, elsewhere: { address: 'mqtts://relay.example.org:8883/', metrics: 'Start that relay with --metrics-port PORT.' } };
    await page.route('**/api/v1/relay/activity', (route) => route.fulfill({ json: elsewhere }));
    await page.reload();
    await page.getByText('The relay is another process, at mqtts://relay.example.org:8883/').waitFor();
    await page.getByText('--metrics-port').waitFor();
    assert(await page.getByText('All channels').count() === 0, 'there are lists of a relay that is elsewhere');
    await lookAt(world, 'relay-elsewhere');
    await page.unroute('**/api/v1/relay/activity');
    await page.unroute('**/api/v1/relay/mqtt-connections?*');
    await page.unroute('**/api/v1/relay/channels?*');
  });
}

/** A client of MQTT 3.1.1 that has been taken. */
async function connectAs(port, user, clientId) {
  const text = (value) => Buffer.concat([Buffer.from([value.length >> 8, value.length & 255]), Buffer.from(value)]);
  const body = Buffer.concat([text('MQTT'), Buffer.from([4, 0xc2, 0, 0]), text(clientId), text(user), text(password)]);
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  const answer = once(client, 'data');
  client.write(Buffer.concat([Buffer.from([0x10, body.length]), body]));
  const [bytes] = await answer;
  assert(bytes.equals(Buffer.from([0x20, 2, 0, 0])), `CONNACK is ${bytes.toString('hex')}`);
  return client;
}

const counters = (total, recent) => ({ total, recent });
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

const busy = {
  time: ago(0), recentSeconds: 60, elsewhere: null,
  fleet: {
    state: 'ready', lastError: null, devices: 4821, unauthenticated: 12, principals: 5003, transports: { 'mqtt5+tls': 4700, 'mqtt5+tls+ws': 109, 'mqtt5+tls+poll': 12 },
    counters: counters(
      { messagesUp: 9_000_000, messagesDown: 120_000, authenticationsRefused: 931, keepAliveTimeouts: 88 },
      { messagesUp: 96_420, bytesUp: 48_000_000, messagesDown: 1204, bytesDown: 300_000, connectionsAccepted: 31, authenticationsRefused: 44 }),
  },
  mqtt: {
    users: 41, connections: 18_412, maxConnections: 20_000, sessions: 18_902, keptSessions: 490, retained: 7200, heldBytes: 61_000_000, maxHeldBytes: 268_435_456,
    receivedPerSecond: 8123.4, sentPerSecond: 24_011.2, isFaulty: false,
    counters: counters({ droppedQueueFull: 18_204, publishRefused: 77, droppedSlowConsumer: 5 }, { droppedQueueFull: 1204 }),
  },
  channels: {
    count: 3, maxCount: 100_000, bytes: 3_900_000_000, maxBytes: 4_294_967_296, followers: 64, mqttConnections: 20, isFaulty: true,
    counters: counters({ records: 1_200_000, appendRefused: 310, accessDenied: 9 }, { records: 4021, bytes: 2_000_000, commits: 380, appendRefused: 310 }),
  },
  legacy: { sessions: 3, counters: counters({ sessionExpired: 2 }, {}) },
};

const connections = Array.from({ length: 200 }, (_, i) => ({
  id: String(i + 1), user: ['meters', 'grafana', 'home'][i % 3], clientId: `client-${String(i).padStart(5, '0')}`, address: `192.0.2.${i + 1}:${50_000 + i}`,
  transport: i % 2 ? 'mqtt5+tls' : 'mqtt3.1.1+tls+ws', since: ago(60 + i * 977), subscriptions: 1 + (i % 4), waitingMessages: i < 9 ? 900 - i * 100 : 0, inFlightMessages: i % 5,
  waitingBytes: i < 9 ? 4_000_000 - i * 400_000 : 0, dropped: i === 0 ? 1204 : 0, receivedPerSecond: i / 10, sentPerSecond: i * 1.7,
}));

const channels = [
  { id: '5b0c4ef1d0a94c51a8a6f5dd6d3d92c7', kind: 'sealed', records: 800_000, bytes: 3_000_000_000, createdAt: ago(900_000), usedAt: ago(1), followers: 40, members: 12, recordsPerSecond: 61.4 },
  { id: '0a94c51a8a6f5dd6d3d92c75b0c4ef1d', kind: 'sealed', records: 1204, bytes: 900_000_000, createdAt: ago(90_000), usedAt: ago(40), followers: 21, members: 3, recordsPerSecond: 5.6 },
  { id: 'dd6d3d92c75b0c4ef1d0a94c51a8a6f5', kind: 'legacy', records: 3, bytes: 412, createdAt: ago(9000), usedAt: ago(4000), followers: 3, members: 3, recordsPerSecond: 0 },
];
