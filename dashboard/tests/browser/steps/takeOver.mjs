import { join } from 'node:path';
import { assert } from '../harness.mjs';
import { lookAt } from './looks.mjs';

export const takenOver = 'the fleet becomes the owner’s once the saved recovery file has opened';
const passphrase = 'four grey stones in june';

/** The second half of setting up: the fleet becomes its owner's. */
export async function takeOver(world) {
  const { harness, page, server } = world;
  console.log('Take-over');

  await harness.step('what it means stands there first', async () => {
    await page.getByRole('heading', { name: 'Make this fleet yours' }).waitFor();
    await page.getByText(/Whoever steals it, or a backup of it, commands every device/).waitFor();
    await lookAt(world, 'take-over-introduction');
    await page.getByRole('button', { name: 'Make it mine' }).click();
  });

  await harness.step('a recovery file is made, with a passphrase that is long enough', async () => {
    const field = page.getByLabel('Passphrase of the recovery file', { exact: true });
    await field.fill('too short');
    assert(await page.getByRole('button', { name: 'Make the recovery file' }).isDisabled(), 'a short passphrase must not be taken');
    await field.fill(passphrase);
    await lookAt(world, 'take-over-passphrase');
    await page.getByRole('button', { name: 'Make the recovery file' }).click();
    await page.getByRole('button', { name: /^Save recovery-/ }).waitFor();
  });

  await harness.step('it is saved as a file that is encrypted', async () => {
    const confirm = page.getByRole('button', { name: 'Make the fleet mine' });
    assert(await confirm.isDisabled(), 'the fleet can be taken over before the file was saved');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: /^Save recovery-/ }).click();
    const path = join(server.data, 'recovery.pem');
    await (await download).saveAs(path);
    world.recovery = { path, passphrase };
    assert(await confirm.isDisabled(), 'the fleet can be taken over before the file was opened');
  });

  await harness.step('another passphrase does not open it, and nothing is changed', async () => {
    await page.locator('input[type=file]').setInputFiles(world.recovery.path);
    await page.getByLabel('Its passphrase', { exact: true }).fill('four grey stones in may');
    await page.getByRole('button', { name: 'Make the fleet mine' }).click();
    await page.getByRole('alert').getByText(/does not open this file/).waitFor({ timeout: 30_000 });
    await lookAt(world, 'take-over-proof');
    assert((await system(server)).holdsRoot, 'the server has given its root key away');
  });

  await harness.step(takenOver, async () => {
    await page.getByLabel('Its passphrase', { exact: true }).fill(passphrase);
    await page.getByRole('button', { name: 'Make the fleet mine' }).click();
    await page.getByText('The fleet is yours').waitFor({ timeout: 30_000 });
    await lookAt(world, 'take-over-done');
    const { holdsRoot, rootVersion } = await system(server);
    assert(!holdsRoot && rootVersion === 2, `the server holds the root: ${holdsRoot}; its root is ${rootVersion}`);
    await page.getByRole('link', { name: 'To the devices' }).click();
    await page.getByRole('heading', { name: 'Devices' }).waitFor();
    await page.locator('[data-live=live]').first().waitFor();
  });
}

const system = async (server) => (await fetch(new URL('/api/v1/system', server.url), { headers: { Authorization: `Bearer ${server.apiToken}` } })).json();
