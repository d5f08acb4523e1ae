import { assert } from '../harness.mjs';
import { lookAt } from './looks.mjs';
import { owner } from './setUp.mjs';

export const signedIn = 'a wrong password is refused, the right one leads where one wanted to go';

export async function access(world) {
  const { harness, page, server } = world;
  console.log('People, tokens, audit, system');

  await harness.step('an operator is added', async () => {
    await page.goto('/operators');
    await page.getByRole('button', { name: 'Add an operator' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('jonas');
    await dialog.getByLabel('First password').fill('seven grey boats at noon');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('row', { name: /jonas/ }).waitFor();
  });

  await harness.step('an API token is shown once', async () => {
    await page.goto('/api-tokens');
    await page.getByRole('button', { name: 'Make a token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Which program is it for?').fill('wallboard');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    const token = await dialog.getByLabel('API token').innerText();
    assert(token.length >= 20, `"${token}" is no token`);
    const answer = await fetch(new URL('/api/v1/devices', page.url()), { headers: { Authorization: `Bearer ${token.trim()}` } });
    assert(answer.status === 200, `the token is answered with ${answer.status}`);
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('row', { name: /wallboard/ }).waitFor();
    assert(!(await page.content()).includes(token.trim()), 'the secret is still in the page');
  });

  await harness.step('the audit log names what was done here', async () => {
    await page.goto('/audit');
    await page.getByRole('row', { name: /mira.*command\.create/ }).first().waitFor();
    await page.getByRole('row', { name: /mira.*operator\.create/ }).first().waitFor();
  });

  await harness.step('changes are filtered by the keyboard', async () => {
    await page.getByLabel('What', { exact: true }).fill('operator.');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /command\.create/ }).first().waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /operator\.create/ }).first().waitFor();
    await page.getByLabel('Device', { exact: true }).fill('0'.repeat(32));
    await page.keyboard.press('Enter');
    await page.getByText('Nothing fits the filter').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('row', { name: /command\.create/ }).first().waitFor();
  });

  await harness.step('the log is verified, signed, and agrees with its devices', async () => {
    await page.getByRole('button', { name: 'Verify all of it now' }).click();
    await page.locator('dd', { hasText: /^through [0-9,]+, / }).first().waitFor();
    await page.getByText('Log and devices agree').waitFor();
    await lookAt(world, 'audit-agrees');
  });

  await harness.step('what does not agree comes first, with what to do, until it is acknowledged', async () => {
    const finding = (id, kind, deviceId, acknowledgedBy) => ({
      id, kind, deviceId, subject: 'c0ffee', foundAt: new Date().toISOString(), acknowledgedBy, acknowledgedAt: acknowledgedBy && new Date().toISOString(),
      details: 'reboot, signed by 90651da467a77058c9d2c8c064664127: done on the device (entry 7 of its record), and not in the log.',
    });
    const items = [finding('7', 'command-unknown', server.deviceId, null), finding('6', 'record-gap', server.deviceId, null), finding('5', 'log-rewritten', null, 'mira')];
    await page.route('**/api/v1/audit/findings*', (route) => route.fulfill({ json: { items } }));
    await page.route('**/api/v1/audit/findings/7/acknowledge', (route) => {
      items[0] = finding('7', 'command-unknown', server.deviceId, 'mira');
      return route.fulfill({ json: items[0] });
    });
    await page.reload();
    await page.getByRole('alert').getByText('2 findings are open').waitFor();
    await page.getByRole('row', { name: /A device ran a command that the log does not know.*the key is stolen/ }).waitFor();
    await lookAt(world, 'audit-findings');
    await page.getByRole('button', { name: 'Acknowledge command-unknown c0ffee' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('One finding is open').waitFor();
    await page.unroute('**/api/v1/audit/findings*');
    await page.unroute('**/api/v1/audit/findings/7/acknowledge');
    await page.reload();
    await page.getByText('Log and devices agree').waitFor();
  });

  await harness.step('what was rejected is counted by reason, with its meaning and what to do', async () => {
    const item = { side: 'server', reason: 'tampered', count: 17, devices: 1, lastAt: new Date().toISOString(), lastDeviceId: '0'.repeat(32), lastDeviceName: 'pump' };
    await page.route('**/api/v1/rejections', (route) => route.fulfill({ json: { items: [item] } }));
    for (const path of ['/audit', '/system']) {
      await page.goto(path);
      await page.getByText('17 times something suspicious was rejected').waitFor();
      await page.getByRole('row', { name: /tampered.*changed on the way, or forged.*suspect the relay.*17/ }).waitFor();
    }
    await page.unroute('**/api/v1/rejections');
    await page.reload();
    await page.getByText(/Nothing was rejected|was rejected, none of it|suspicious was rejected/).waitFor();
  });

  await harness.step('server and relay report themselves', async () => {
    await page.goto('/system');
    await page.getByText('Fleet fingerprint').waitFor();
    await page.getByRole('region', { name: 'Relay' }).locator('dt').first().waitFor();
  });

  await harness.step('signing out ends the session', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto('/audit');
    await page.getByText('Sign in to see that page').waitFor();
  });

  await harness.step(signedIn, async () => {
    await page.getByLabel('Name').fill(owner.username);
    await page.getByLabel('Password', { exact: true }).fill('not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Name or password is wrong').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/audit');
    await page.getByRole('heading', { name: 'Audit log' }).waitFor();
  });
}
