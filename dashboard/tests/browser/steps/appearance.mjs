import { join } from 'node:path';
import { findBarriers } from '../accessibility.mjs';
import { assert, eventually } from '../harness.mjs';
import { signedIn } from './access.mjs';

const looks = [
  { name: 'light', colorScheme: 'light', width: 1280, height: 860 },
  { name: 'dark', colorScheme: 'dark', width: 1280, height: 860 },
  { name: 'narrow', colorScheme: 'light', width: 380, height: 800 },
];

export async function appearance({ harness, page, server, screenshots }) {
  console.log('Appearance');
  const pages = [
    ['devices', '/devices', '[role=row] a'],
    ['device', `/devices/${server.deviceId}`, 'canvas'],
    ['device-logs', `/devices/${server.deviceId}/logs`, '[role=log]'],
    ['device-commands', `/devices/${server.deviceId}/commands`, '[data-command]'],
    ['device-twin', `/devices/${server.deviceId}/twin`, 'table[aria-label=Properties]'],
    ['device-files', `/devices/${server.deviceId}/files`, 'table, [aria-label="How a program sends a file"]'],
    ['device-events', `/devices/${server.deviceId}/events`, 'h2'],
    ['device-security', `/devices/${server.deviceId}/security`, 'main [role=status]'],
    ['device-facts', `/devices/${server.deviceId}/facts`, 'dl'],
    ['device-updates', `/devices/${server.deviceId}/updates`, 'h2'],
    ['commands', '/commands', 'h1'],
    ['updates', '/updates', 'h2'],
    ['add-device', '/add-device', 'form'],
    ['enrolment', '/enrolment', 'table'],
    ['trust', '/trust', 'table'],
    ['operators', '/operators', 'table'],
    ['api-tokens', '/api-tokens', 'table'],
    ['audit', '/audit', 'table'],
    ['relay', '/relay', 'dl'],
    ['system', '/system', 'dl'],
  ];
  for (const look of looks) {
    await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: look.width, height: look.height });
    for (const [name, path, ready] of pages) {
      await harness.step(`${name}, ${look.name}: fits, and everything in it has a name`, async () => {
        await page.goto(path);
        await page.locator(ready).first().waitFor();
        await page.locator('[aria-label^="Reading"]').first().waitFor({ state: 'detached' });
        await page.locator('[data-live=live]').first().waitFor({ state: 'attached' });
        if (screenshots) await page.screenshot({ path: join(screenshots, `${name}-${look.name}.png`), animations: 'disabled' });
        const scheme = await page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
        assert(scheme === look.colorScheme, `the page is ${scheme}`);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert(over <= 0, `the page is ${over} px too wide`);
        const nameless = await page.evaluate(findNameless);
        assert(nameless.length === 0, `without a name: ${nameless.join(', ')}`);
        const barriers = await findBarriers(page);
        assert(barriers.length === 0, barriers.join('\n'));
      }, { after: [signedIn] });
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  await page.setViewportSize({ width: 1280, height: 860 });

  await harness.step('the keyboard opens help, closes it and goes to the devices', async () => {
    await page.goto('/system');
    await page.getByRole('heading', { name: 'System' }).waitFor();
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.waitForURL('**/devices');
  });

  await harness.step('a dialog keeps the focus, and gives it back', async () => {
    await page.goto('/api-tokens');
    const opener = page.getByRole('button', { name: 'Make a token' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      assert(await dialog.evaluate((element) => element.contains(document.activeElement)), 'Tab leads out of the dialog');
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await eventually(() => opener.evaluate((element) => element === document.activeElement), 'the focus is lost');
  });

  await harness.step('the colour switch wins over the system, and stays', async () => {
    const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
    await page.getByRole('button', { name: /^Colours: as the system/ }).click();
    await page.getByRole('button', { name: /^Colours: light/ }).click();
    assert(await scheme() === 'dark', `after the switch it is ${await scheme()}`);
    await page.reload();
    await page.getByRole('button', { name: /^Colours: dark/ }).waitFor();
    assert(await scheme() === 'dark', `after a reload it is ${await scheme()}`);
    await page.getByRole('button', { name: /^Colours: dark/ }).click();
  });
}

/** What can be used but is called nothing. Runs in the page. */
function findNameless() {
  const named = (element) => {
    const text = element.getAttribute('aria-label') ?? element.textContent ?? '';
    const labels = [...(element.labels ?? [])].map((label) => label.textContent).join('');
    const by = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join('');
    return (text + labels + by + (element.getAttribute('title') ?? '')).trim() !== '';
  };
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), [role=meter], [role=img], [role=dialog]')]
    .filter((element) => element.getClientRects().length > 0 && !named(element))
    .map((element) => element.outerHTML.slice(0, 120));
}
