import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '../harness.mjs';
import { lookAt } from './looks.mjs';
import { takenOver } from './takeOver.mjs';
import { fingerprintOf, fleetctlTextOf, passphraseFileOf } from './trust.mjs';

const begun = 'a repository that fleetctl has begun waits for the owner’s signature, which the browser gives';

/** Roots and targets of the repository are put up by fleetctl, and signed and published in the browser, in any mixture. */
export async function signing(world) {
  const { harness, page, server } = world;
  const panel = page.getByRole('region', { name: 'Waiting for signatures' });
  const draft = (role) => panel.getByRole('region', { name: `Draft of the ${role}` });
  const sign = (role) => draft(role).getByRole('button', { name: 'Sign exactly this' });
  const api = (path, options = {}) => fetch(new URL(`/api/v1/repository${path}`, server.url), { ...options, headers: { Authorization: `Bearer ${server.apiToken}`, ...options.headers } });
  let fleet = null;
  let fleetctl = null;
  let passphrase = null;
  console.log('Signing releases');

  const look = async (name) => {
    await panel.evaluate((element) => element.scrollIntoView());
    await lookAt(world, name);
  };
  const publish = async (root, targets) => {
    await panel.getByRole('button', { name: 'Publish' }).click();
    await panel.getByText(`Devices are shown root ${root} and targets ${targets}`).waitFor();
    // fleetctl begins with the fleet's root and verifies every signature on the way to the targets.
    const { repository } = JSON.parse(await fleetctl(fleet, 'artifact', 'list', '--json'));
    assert(repository.root.version === root && repository.targets.version === targets, `fleetctl sees root ${repository.root.version} and targets ${repository.targets.version}`);
    const timestamp = await (await api('/metadata/timestamp.json')).json();
    const snapshot = await (await api(`/metadata/${timestamp.signed.meta['snapshot.json'].version}.snapshot.json`)).json();
    assert(snapshot.signed.meta['targets.json'].version === targets, 'the snapshot lists other targets');
  };

  await harness.step(begun, async () => {
    fleetctl = fleetctlTextOf(world);
    passphrase = ['--passphrase-file', passphraseFileOf(world)];
    fleet = await fingerprintOf(page);
    await fleetctl(fleet, 'artifact', 'init', '--root-key', world.recovery.path, ...passphrase);
    await page.goto('/updates');
    await draft('root').getByText('Signed', { exact: true }).waitFor();
    await draft('targets').getByText('One signature is missing').waitFor();
    await draft('targets').getByText(/You, in this browser|mira/).waitFor();
    await look('signing-first');
    await sign('targets').click();
    await panel.getByText('Everything is signed').waitFor();
    await draft('targets').getByText('This browser’s key has signed it.').waitFor();
    await look('signing-complete');
    await publish(1, 1);
    await look('signing-published');
  }, { after: [takenOver] });

  await harness.step('a release that fleetctl adds is shown as it stands in the bytes, and signed by the keyboard', async () => {
    const file = join(server.data, 'camera.tar');
    writeFileSync(file, Buffer.alloc(300_000, 7));
    await fleetctl(fleet, 'artifact', 'add', file, '--kind', 'tree', '--name', 'camera', '--version', '2.0.0', '--hardware', 'linux-arm64', '--param', 'unit=camera.service', '--health-unit', 'camera.service');
    await page.goto('/updates');
    const changes = draft('targets').getByRole('list', { name: 'What these targets change' });
    await changes.getByText(/camera 2\.0\.0 \(tree\) for linux-arm64, counter 1/).waitFor();
    await changes.getByText('param unit=camera.service').waitFor();
    await changes.getByText('All that is signed of it').focus();
    await page.keyboard.press('Enter');
    await changes.getByText(/"params":\{"unit":"camera\.service"\}/).waitFor();
    await look('signing-release');
    await page.setViewportSize({ width: 380, height: 800 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert(over <= 0, `the page is ${over} px too wide`);
    await look('signing-narrow');
    await page.setViewportSize({ width: 1280, height: 860 });
    await sign('targets').focus();
    await page.keyboard.press('Enter');
    await panel.getByText('Everything is signed').waitFor();
    await publish(1, 2);
    await page.getByRole('table', { name: 'Releases' }).getByRole('row', { name: /camera 2\.0\.0/ }).waitFor();
  }, { after: [begun] });

  await harness.step('bytes that are not what is shown, and a number that does not follow, are not signed', async () => {
    await fleetctl(fleet, 'artifact', 'renew');
    const change = (from, to) => async (route) => {
      const response = await route.fetch();
      return route.fulfill({ response, body: (await response.text()).replaceAll(from, to) });
    };
    await page.route('**/repository/draft/targets/signed', change('camera.tar', 'camera.tbr'));
    await page.goto('/updates');
    await panel.getByRole('alert').getByText(/not the canonical JSON of what it shows/).waitFor();
    assert(await panel.getByRole('button', { name: /^Sign/ }).count() === 0, 'it can be signed all the same');
    await look('signing-unreadable');
    await page.unroute('**/repository/draft/targets/signed');
    await page.route('**/repository/draft/targets*', change('"version":3', '"version":30'));
    await page.route('**/repository/draft/targets/signed', change('"version":3', '"version":30'));
    await page.goto('/updates');
    await draft('targets').getByRole('alert').getByText(/the next one is version 3\./).waitFor();
    assert(await panel.getByRole('button', { name: /^Sign/ }).count() === 0, 'it can be signed all the same');
    await look('signing-refused');
    await page.unroute('**/repository/draft/targets*');
    await page.unroute('**/repository/draft/targets/signed');
    await fleetctl(fleet, 'artifact', 'discard', 'targets');
  }, { after: [begun] });

  await harness.step('a root is signed by the recovery file, which the browser keeps nowhere', async () => {
    await fleetctl(fleet, 'artifact', 'root', '--root-key', world.recovery.path, '--targets-threshold', '2', ...passphrase);
    // Put up once more by a program, without signatures.
    const shown = await api('/draft/root');
    const put = await api('/draft/root', { method: 'PUT', body: JSON.stringify((await shown.json()).signed), headers: { 'Content-Type': 'application/json', 'If-Match': shown.headers.get('etag') } });
    assert(put.status === 204, `the root is answered with ${put.status}: ${await put.text()}`);
    await page.goto('/updates');
    await draft('root').getByText('2 of 2 targets’ keys must sign').waitFor();
    await draft('root').getByText('This browser’s key does not sign the root').waitFor();
    assert(await sign('root').count() === 0, 'the browser’s key could sign the root');
    await draft('root').getByRole('button', { name: 'Sign with a key file…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Sign root 2 with a key file' });
    await dialog.locator('input[type=file]').setInputFiles(world.recovery.path);
    await dialog.getByLabel('Its passphrase', { exact: true }).fill('four grey stones in may');
    await dialog.getByRole('button', { name: 'Sign exactly this' }).click();
    await dialog.getByRole('alert').getByText(/does not open this file/).waitFor({ timeout: 30_000 });
    await lookAt(world, 'signing-file');
    await dialog.getByLabel('Its passphrase', { exact: true }).fill(world.recovery.passphrase);
    await dialog.getByRole('button', { name: 'Sign exactly this' }).click();
    await dialog.waitFor({ state: 'hidden', timeout: 30_000 });
    await draft('root').getByText('Signed', { exact: true }).waitFor();
  }, { after: [begun] });

  await harness.step('targets that two must sign are signed here and by fleetctl', async () => {
    await draft('targets').getByText('2 signatures are missing').waitFor();
    await sign('targets').click();
    await draft('targets').getByText('One signature is missing').waitFor();
    await look('signing-two');
    assert(await panel.getByRole('button', { name: 'Publish' }).count() === 0, 'it can be published with one of two signatures');
    await fleetctl(fleet, 'artifact', 'sign', '--key', world.recovery.path, '--yes', ...passphrase);
    await page.reload();
    await panel.getByText('Everything is signed').waitFor();
    await publish(2, 3);
  }, { after: [begun] });
}
