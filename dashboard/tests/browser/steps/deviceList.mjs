import { assert } from '../harness.mjs';

export async function deviceList({ harness, page, server }) {
  console.log('Device list');
  const row = () => page.locator(`[role=row]:has(a[href="/devices/${server.deviceId}"])`);

  await harness.step('the device is online, with CPU and memory', async () => {
    await page.goto('/devices');
    await row().waitFor();
    await row().getByRole('img', { name: 'Online' }).waitFor();
    const meters = row().getByRole('meter');
    await meters.nth(1).waitFor();
    const values = await meters.evaluateAll((elements) => elements.map((element) => Number(element.getAttribute('aria-valuenow'))));
    assert(values.length === 2 && values.every((value) => value >= 0 && value <= 100), `meters show ${values}`);
    return `CPU ${values[0]} %, memory ${values[1]} %`;
  });

  await harness.step('search without a match says so and leads back', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('no such device');
    await page.getByText('No device matches').waitFor();
    assert(page.url().includes('q='), 'the search stands in the address');
    await page.getByRole('button', { name: 'Show all devices' }).click();
    await row().waitFor();
  });

  await harness.step('the state filter is asked of the server', async () => {
    await page.getByRole('radiogroup', { name: 'State' }).getByText('Offline').click();
    await page.getByText('No device matches').waitFor();
    await page.getByRole('radiogroup', { name: 'State' }).getByText('Online').click();
    await row().waitFor();
    await page.getByRole('radiogroup', { name: 'State' }).getByText('All').click();
  });

  await harness.step('a row opens its device', async () => {
    await page.goto('/devices');
    await row().getByRole('link').click();
    await page.waitForURL(`**/devices/${server.deviceId}`);
  });
}
