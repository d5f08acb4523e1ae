import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, eventually } from '../harness.mjs';
import { lookAt } from './looks.mjs';
import { takenOver } from './takeOver.mjs';

const sent = 'a file is sent to the device, with its progress';

/** Files between the browser and the device. */
export async function files(world) {
  const { harness, page, server } = world;
  console.log('Files');
  const folder = join(server.data, 'exchange');
  const content = randomBytes((3 * 1024 * 1024) + 11);
  const local = join(server.data, 'to-send.bin');
  const there = join(folder, 'model.bin');
  const transfer = page.locator('[data-transfer]');

  await harness.step('a file without a place is not sent, and what is wrong with a path is said', async () => {
    writeFileSync(local, content);
    // The system's own dialog is not one of the page.
    await page.addInitScript(() => { delete window.showSaveFilePicker; });
    await page.goto(`/devices/${server.deviceId}/files`);
    await page.getByRole('button', { name: 'Send it' }).waitFor();
    assert(await page.getByRole('button', { name: 'Send it' }).isDisabled(), 'it can be sent without a file');
    await page.locator('input[type=file]').setInputFiles(local);
    await page.getByLabel('Where on the device').fill('srv/model.bin');
    await page.getByText('The whole path, from / on.').waitFor();
    assert(await page.getByRole('button', { name: 'Send it' }).isDisabled(), 'it can be sent nowhere');
    await page.getByLabel('Where on the device').fill(`${folder}/`);
    await lookAt(world, 'files-form');
  }, { after: [takenOver] });

  await harness.step(sent, async () => {
    await page.getByLabel('Where on the device').fill(there);
    await page.getByRole('button', { name: 'Send it' }).click();
    await transfer.waitFor();
    await page.getByText('The device has the file').waitFor({ timeout: 60_000 });
    await lookAt(world, 'files-sent');
    assert(hash(readFileSync(there)) === hash(content), 'the device has another file');
    assert((statSync(there).mode & 0o777) === 0o644, `its mode is ${statSync(there).mode.toString(8)}`);
  }, { after: [takenOver] });

  await harness.step('a file that is there is replaced only when that is said', async () => {
    await page.getByRole('button', { name: 'Send it' }).click();
    await page.getByText(/is there already/).waitFor({ timeout: 30_000 });
    await page.getByLabel('Replace a file that is there').check();
    await page.getByRole('button', { name: 'Send it' }).click();
    await page.getByText('The device has the file').waitFor({ timeout: 60_000 });
  }, { after: [sent] });

  await harness.step('a file is fetched, and is what the device has', async () => {
    await page.getByText('Get from the device').click();
    await page.getByLabel('Which file').fill(there);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Get it' }).click();
    const path = join(server.data, 'fetched.bin');
    await (await download).saveAs(path);
    await page.getByText('The file is here').waitFor({ timeout: 30_000 });
    await lookAt(world, 'files-fetched');
    assert(hash(readFileSync(path)) === hash(content), 'another file came');
  }, { after: [sent] });

  await harness.step('what the device does not allow is said with what to do', async () => {
    await page.getByLabel('Which file').fill('/etc/passwd');
    await page.getByRole('button', { name: 'Get it' }).click();
    await page.getByText(/Commands:ReadPaths/).last().waitFor({ timeout: 30_000 });
    await page.getByText(/does not allow reading/).waitFor();
  }, { after: [sent] });

  await harness.step('a file that is cancelled leaves nothing', async () => {
    writeFileSync(local, randomBytes(200 * 1024 * 1024));
    await page.getByText('Send to the device').click();
    await page.locator('input[type=file]').setInputFiles(local);
    await page.getByLabel('Where on the device').fill(join(folder, 'never.bin'));
    await page.getByRole('button', { name: 'Send it' }).click();
    await page.locator('[data-transfer=moving]').waitFor({ timeout: 60_000 });
    await lookAt(world, 'files-moving');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('It was cancelled').waitFor({ timeout: 30_000 });
    const names = () => readdirSync(folder);
    await eventually(() => names().join() === 'model.bin', `there is ${names().join()}`, 20_000);
  }, { after: [sent] });
}

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
