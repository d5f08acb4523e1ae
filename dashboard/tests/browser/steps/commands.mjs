import { assert } from '../harness.mjs';

export async function commands({ harness, page, server, screenshots }) {
  console.log('Commands');
  const finished = (type) => page.locator(`[data-command="${type}"][data-state=done]`).first();

  await harness.step('a ping is answered', async () => {
    await page.goto(`/devices/${server.deviceId}/commands`);
    await page.getByRole('button', { name: 'Ping', exact: true }).click();
    await finished('ping').waitFor();
    const latency = /\d+(?:\.\d+)? (?:ms|s)/.exec(await finished('ping').innerText())?.[0];
    assert(latency !== undefined, 'how long it took is not shown');
    return latency;
  });

  await harness.step('a script runs and its output is shown', async () => {
    const group = page.getByRole('group', { name: 'Run a script' });
    await group.getByRole('button', { name: 'Choose' }).click();
    await group.getByLabel('Arguments').fill('one "two words"');
    await group.getByRole('button', { name: 'Run it' }).click();
    await finished('run-script').waitFor({ timeout: 20_000 });
    const output = await finished('run-script').getByLabel('Output').innerText();
    assert(output.trim().length > 0, 'there is no output');
    return output.trim().replaceAll('\n', ' | ').slice(0, 100);
  });

  await harness.step('a script’s output grows while it runs, and cancelling stops it', async () => {
    const group = page.getByRole('group', { name: 'Run a script' });
    await group.getByRole('button', { name: 'Choose' }).click();
    await group.getByRole('combobox', { name: 'Script' }).click();
    await page.getByRole('option', { name: 'slow-count' }).click();
    await group.getByLabel('Arguments').fill('500');
    await group.getByRole('button', { name: 'Run it' }).click();
    const running = page.locator('[data-command="run-script"][data-state=running]').first();
    const output = running.getByRole('log', { name: 'Output' });
    await output.getByText('number 3').waitFor({ timeout: 60_000 });
    await output.getByText('warning: already 10').waitFor({ timeout: 60_000 });
    if (screenshots) await page.screenshot({ path: `${screenshots}/command-running.png` });
    await running.getByRole('button', { name: 'Cancel…' }).click();
    await running.getByRole('button', { name: 'Really cancel it' }).click();
    const cancelled = page.locator('[data-command="run-script"][data-state=cancelled]').first();
    await cancelled.waitFor({ timeout: 60_000 });
    const text = await cancelled.innerText();
    assert(text.includes('it was cancelled'), `the end does not say why: ${text}`);
    assert((await cancelled.getByLabel('Output').innerText()).includes('number 10'), 'the output is gone');
    if (screenshots) await page.screenshot({ path: `${screenshots}/command-cancelled.png` });
    return text.split('\n').find((line) => line.includes('cancelled')) ?? '';
  });

  await harness.step('a file is read', async () => {
    const group = page.getByRole('group', { name: 'Read a file' });
    await group.getByRole('button', { name: 'Choose' }).click();
    await group.getByLabel('Path').fill('/etc/passwd');
    if (screenshots) await page.screenshot({ path: `${screenshots}/command-file.png` });
    await group.getByRole('button', { name: 'Read it' }).click();
    const rejected = page.locator('[data-command="file-read"][data-state=rejected]').first();
    await rejected.waitFor({ timeout: 60_000 });
    return (await rejected.innerText()).split('\n').find((line) => line.includes('does not allow')) ?? '';
  });

  await harness.step('an interval is changed, and the device reports it', async () => {
    const group = page.getByRole('group', { name: 'Set intervals' });
    await group.getByRole('button', { name: 'Change' }).click();
    const field = group.getByLabel(/, seconds$/).first();
    const collector = (await field.getAttribute('aria-label')).replace(/, seconds$/, '');
    await field.fill('3');
    await group.getByRole('button', { name: 'Set intervals' }).click();
    await finished('set-intervals').waitFor();
    await page.getByRole('link', { name: 'Facts' }).click();
    const value = page.locator('dt', { hasText: new RegExp(`^Interval: ${collector}$`) }).locator('xpath=following-sibling::dd[1]');
    await value.getByText('3 s', { exact: true }).waitFor();
    return collector;
  });

  await harness.step('reboot asks for the device’s name first', async () => {
    await page.goto(`/devices/${server.deviceId}/commands`);
    const group = page.getByRole('group', { name: 'Reboot' });
    await group.waitFor();
    if (await group.getByRole('button').isDisabled()) return 'not allowed on this device, and shown so';
    await group.getByRole('button').click();
    const dialog = page.getByRole('dialog', { name: 'Reboot this device' });
    await dialog.waitFor();
    assert(await dialog.getByRole('button', { name: 'Reboot it' }).isDisabled(), 'it can be confirmed without typing');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    return 'dialog opened and left';
  });
}
