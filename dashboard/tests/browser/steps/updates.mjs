import { assert } from '../harness.mjs';
import { lookAt } from './looks.mjs';

/** Releases and updates: what the pages say while there are none, and how they show some, which the server would tell of devices that really install. */
export async function updates({ harness, page, server, screenshots }) {
  console.log('Updates');
  const dialog = page.getByRole('dialog', { name: 'Assign an update' });

  await harness.step('without a repository, the page says how one begins', async () => {
    await page.goto('/updates');
    await page.getByRole('heading', { level: 1, name: 'Updates' }).waitFor();
    await page.getByText('No update was assigned yet').waitFor();
    await page.getByText('There is no repository yet').waitFor();
    await page.getByText('fleetctl artifact init').waitFor();
    if (screenshots) await page.screenshot({ path: `${screenshots}/updates-empty.png`, fullPage: true });
  });

  await harness.step('a device without updates says so', async () => {
    await page.goto(`/devices/${server.deviceId}`);
    await page.getByRole('navigation', { name: 'About this device' }).getByRole('link', { name: 'Updates' }).click();
    await page.getByText('No update is under way').waitFor();
    await page.getByText('Nothing signed yet').waitFor();
  });

  await page.route('**/api/v1/**', (route) => {
    const { pathname, search } = new URL(route.request().url());
    const body = answers(server.deviceId, pathname.replace('/api/v1', ''), search);
    return body === undefined ? route.continue() : route.fulfill({ json: body });
  });

  await harness.step('the overdue stand first, and a number for each state narrows the list', async () => {
    await page.goto('/updates');
    const rows = page.getByRole('table', { name: 'Updates' }).getByRole('row');
    await rows.filter({ hasText: 'Overdue' }).waitFor();
    assert((await rows.nth(1).innerText()).includes('Overdue'), 'another one stands first');
    await page.getByRole('table', { name: 'Releases' }).getByText('Encrypted').waitFor();
    await page.getByText(/^The signatures end in 9 d$/).waitFor();
    await page.getByText('Nothing waits').waitFor();
    await lookAt({ page, screenshots }, 'updates-all');
    await page.getByRole('button', { name: /Reverted/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Its checks did not pass in time.').waitFor();
    assert(await rows.count() === 2, `${await rows.count() - 1} rows are shown`);
  });

  await harness.step('a device shows its components, the way of an update, and why others ended', async () => {
    await page.goto(`/devices/${server.deviceId}/updates`);
    await page.getByRole('table', { name: 'Components' }).getByText('1.3.9').waitFor();
    await page.locator('[aria-current=step]').getByText('Downloading').waitFor();
    await page.getByRole('table', { name: 'Ended updates' }).getByText('by the device').first().waitFor();
    await lookAt({ page, screenshots }, 'updates-device');
  });

  await harness.step('an assignment says what is signed and for whom, and the dialog is left by the keyboard', async () => {
    const button = page.getByRole('button', { name: 'Assign an update…' });
    if (await button.count() === 0) return 'this device does not allow updates';
    await button.focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('and for no others').waitFor();
    await lookAt({ page, screenshots }, 'updates-assign');
    await dialog.getByLabel('Mirrors that are tried first').fill('ftp://mirror');
    await dialog.getByText('is no address of a mirror').waitFor();
    assert(await dialog.getByRole('button', { name: 'Sign and assign' }).isDisabled(), 'it could be sent');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert(await button.evaluate((element) => element === document.activeElement), 'the focus is lost');
    return undefined;
  });

  await page.unroute('**/api/v1/**');
}

const hash = 'a'.repeat(64);
const time = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();

function update(deviceId, change) {
  return {
    commandId: '0'.repeat(32), deviceId, deviceName: 'pump-7', state: 'downloading', ended: false, since: time(-12), deadline: time(600), silentSince: null, waitingFor: null, setId: null,
    target: 'agents/messaging-agent-1.4.0-linux-arm64', length: 11_534_336, sha256: hash, encrypted: false, kind: 'agent', name: 'messaging-agent', version: '1.4.0', done: 0, total: 0, fetched: null, detail: '',
    reason: '', message: '', createdAt: time(-30), createdBy: 'alice', signedBy: null, expiresAt: time(9000), reportedAt: time(-1), commandState: 'running', receipt: null, ...change,
  };
}

const receipt = (outcome, reason, before) => ({
  outcome, kind: 'agent', name: 'messaging-agent', version: '1.3.9', counter: 11, sha256: hash, before, reason, detail: '', bootId: '0'.repeat(32), deviceTime: time(-2000), key: hash, bytes: '',
});

function answers(deviceId, path, search) {
  const loading = update(deviceId, { done: 4_194_304, total: 11_534_336, detail: 'It is fetched from a neighbour.', fetched: { neighbours: 4_000_000, mirrors: 0, homes: 194_304 } });
  const silent = update('b'.repeat(32), { commandId: '1'.repeat(32), deviceName: 'hall-3', state: 'checking', deadline: time(-40), silentSince: time(-55) });
  const waiting = update('c'.repeat(32), { commandId: '2'.repeat(32), deviceName: 'gate', state: 'pending', deadline: null, waitingFor: 'the device to connect for the first time' });
  const reverted = update(deviceId, {
    commandId: '3'.repeat(32), state: 'reverted', ended: true, since: time(-5000), deadline: null, reason: 'unhealthy', detail: 'http://localhost/health answered 503', receipt: receipt('reverted', 'unhealthy', '1.3.9'),
  });
  const committed = update(deviceId, { commandId: '4'.repeat(32), version: '1.3.9', state: 'committed', ended: true, since: time(-2000), deadline: null, receipt: receipt('committed', '', '1.3.8') });
  const expired = update(deviceId, { commandId: '5'.repeat(32), state: 'expired', ended: true, deadline: null, message: 'It expired before the device could be reached. It was not run.' });
  switch (path) {
    case '/updates': return { items: search.includes('state=reverted') ? [reverted] : [loading, waiting, silent], next: null };
    case '/updates/totals': return { total: 1204, overdue: 1, states: { pending: 1, downloading: 1, checking: 1, committed: 1199, reverted: 1, expired: 1 } };
    case '/components': return { items: [{ name: 'messaging-agent', kind: 'agent', version: '1.4.0', counter: 12, devices: 1199 }] };
    case '/repository': return {
      state: 'attention', warnings: [{ code: 'targets_expire', text: 'The targets will end at 2026-12-09 12:00Z; then devices install nothing. Sign them again: fleetctl artifact renew' }],
      root: { version: 1, expires: time(400_000) }, targets: { version: 7, expires: time(14_000), count: 3 }, drafts: [],
    };
    case '/repository/releases': return {
      items: [
        { target: loading.target, kind: 'agent', name: 'messaging-agent', version: '1.4.0', counter: 12, hardware: ['linux-arm64'], requires: [], size: 11_534_336, sha256: hash, contentSha256: hash, contentSize: 11_534_336, encrypted: false, deltas: [hash] },
        { target: 'camera-2.0.1', kind: 'unit', name: 'camera', version: '2.0.1', counter: 4, hardware: [], requires: [], size: 41_000, sha256: hash, contentSha256: hash, contentSize: 40_000, encrypted: true, deltas: [] },
      ],
    };
    case `/devices/${deviceId}/updates`: return { items: [loading, expired, committed, reverted] };
    case `/devices/${deviceId}/components`: return { items: [{ name: 'messaging-agent', kind: 'agent', version: '1.3.9', counter: 11, sha256: hash, since: time(-2000), commandId: committed.commandId }] };
    default: return undefined;
  }
}
