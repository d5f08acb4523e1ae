import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, eventually } from '../harness.mjs';
import { lookAt } from './looks.mjs';
import { takenOver } from './takeOver.mjs';
import { fleetctlOf } from './trust.mjs';

const recorded = 'a shell under a rule that records says so, and its recording is listed';

export async function recordings(world) {
  const { harness, page, server } = world;
  console.log('Recordings');
  const key = join(server.data, 'auditor.pem');

  await harness.step(recorded, async () => {
    await fleetctlOf(world)(null, 'recordings', 'key', key);
    await page.goto('/trust');
    const panel = page.getByRole('region', { name: 'What devices do, and for whom' });
    await panel.getByRole('button', { name: 'Add a rule…' }).click();
    const dialog = page.getByRole('dialog', { name: 'A rule for your devices' });
    await dialog.getByRole('checkbox', { name: 'Terminal', exact: true }).check();
    await dialog.getByLabel('Record shells for').fill('mrk1.not-a-key');
    await dialog.getByRole('button', { name: 'Sign and set' }).click();
    await dialog.getByText(/fleetctl recordings key/).last().waitFor();
    await dialog.getByLabel('Record shells for').fill(readFileSync(`${key}.pub`, 'utf8'));
    await lookAt(world, 'recordings-rule');
    await dialog.getByRole('button', { name: 'Sign and set' }).click();
    await dialog.waitFor({ state: 'hidden' });

    await page.goto(`/devices/${server.deviceId}/terminal`);
    await page.getByRole('button', { name: 'Open a terminal' }).click();
    await page.locator('[data-terminal=open]').waitFor({ timeout: 30_000 });
    const rows = page.locator('.xterm-rows');
    await eventually(async () => /recorded/i.test(await rows.innerText()), 'it is not said that the shell is recorded', 20_000);
    await lookAt(world, 'recordings-terminal');
    await page.keyboard.type('echo "sum=$((40+2))"; exit');
    await page.keyboard.press('Enter');
    await page.getByText(/The shell has ended/).waitFor({ timeout: 20_000 });
    const table = page.getByRole('table', { name: 'Recorded shells' });
    await table.getByRole('row', { name: /mira/ }).getByRole('link', { name: /Download the recording/ }).waitFor({ timeout: 60_000 });
    await table.scrollIntoViewIfNeeded();
    await lookAt(world, 'recordings-list');
  }, { after: [takenOver] });

  await harness.step('what is downloaded is sealed, and fleetctl opens it with the key', async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('table', { name: 'Recorded shells' }).getByRole('link', { name: /Download the recording/ }).click();
    const file = join(server.data, 'sealed');
    await (await download).saveAs(file);
    assert(!readFileSync(file).includes('sum=42'), 'it is not sealed');
    const cast = join(server.data, 'shell.cast');
    await fleetctlOf(world)(null, 'recordings', 'get', file, '--key', key, '--out', cast);
    assert(readFileSync(cast, 'utf8').includes('sum=42'), 'the recording lacks what was shown');
  }, { after: [recorded] });
}
