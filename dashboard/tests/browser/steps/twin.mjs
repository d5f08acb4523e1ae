import { assert } from '../harness.mjs';

/** A state that is wanted, made so by the device, and one that is refused. */
export async function twin({ harness, page, server, screenshots }) {
  console.log('Desired state');
  const editor = page.getByLabel('Desired state, as JSON');
  const row = (name) => page.getByRole('table', { name: 'Properties' }).getByRole('row').filter({ hasText: name });

  await harness.step('nothing is wanted, and the page says what to do', async () => {
    await page.goto(`/devices/${server.deviceId}`);
    await page.getByRole('link', { name: 'Desired state' }).click();
    await page.getByText('Nothing is wanted of this device').waitFor();
    await page.getByRole('button', { name: 'Write it' }).focus();
    await page.keyboard.press('Enter');
    await editor.waitFor();
  });

  await harness.step('what is wrong with the document is said while it is written', async () => {
    await editor.fill('{ "version": 1, "units": ["nginx"] }');
    await page.getByText('is no name of a unit').waitFor();
    assert(await page.getByRole('button', { name: 'Sign and send' }).isDisabled(), 'it could be sent');
    await editor.fill('{ "version": 1, ');
    await page.getByText(/JSON/).first().waitFor();
  });

  await harness.step('the device makes itself so, and the page says it without a reload', async () => {
    await editor.fill(JSON.stringify({ version: 1, settings: { 'Intervals:disk': '7s' } }));
    await page.getByRole('button', { name: 'Sign and send' }).click();
    await row('Intervals:disk').getByText('As wanted').waitFor({ timeout: 60_000 });
    await page.getByText('Version 1, by').waitFor();
    assert((await row('Intervals:disk').innerText()).includes('7s'), 'what is wanted is not shown');
    if (screenshots) await page.screenshot({ path: `${screenshots}/twin.png`, fullPage: true });
  });

  await harness.step('what the device’s owner does not allow is refused with why, and what was wanted stays', async () => {
    await page.getByRole('button', { name: 'Change it' }).click();
    const draft = JSON.parse(await editor.inputValue());
    assert(draft.version === 2, `the draft has version ${draft.version}`);
    await editor.fill(JSON.stringify({ ...draft, settings: { ...draft.settings, 'Uplink:LogsFlush': '9s' } }));
    await page.getByRole('button', { name: 'Sign and send' }).click();
    await page.getByText('The device did not take version 2').waitFor({ timeout: 60_000 });
    await page.getByText('Twin:Settings').waitFor();
    await row('Intervals:disk').getByText('As wanted').waitFor();
    if (screenshots) await page.screenshot({ path: `${screenshots}/twin-refused.png`, fullPage: true });
  });
}
