import { assert } from '../harness.mjs';

/** The browser itself writes an error for each of these answers, which the steps above ask for on purpose. */
const expected = [
  ['/api/v1/session', '401'],
  ['/api/v1/setup', '40'],
];

export async function hygiene({ harness, browser, page, server }) {
  console.log('Hygiene');

  await harness.step('nothing was asked of anybody else', () => {
    assert(browser.external.length === 0, `requests left the server: ${[...new Set(browser.external)].join(', ')}`);
  });

  await harness.step('the console stayed silent', () => {
    const surprising = browser.errors.filter(({ text, url }) => !expected.some(([path, status]) => url.endsWith(path) && text.includes(`status of ${status}`)));
    assert(surprising.length === 0, surprising.map(({ text, url }) => `${url}: ${text}`).join('\n'));
  });

  await harness.step('the policy forbids inline scripts, and the pages need neither those nor inline styles', async () => {
    const answer = await fetch(new URL('/devices', server.url));
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert(policy !== '', 'there is no content security policy');
    assert(!/script-src[^;]*unsafe/.test(policy), `scripts may be inline: ${policy}`);
    const violations = [];
    const listen = (message) => { if (/Content Security Policy/.test(message.text())) violations.push(message.text()); };
    page.on('console', listen);
    await page.route('**/*', async (route) => {
      if (route.request().resourceType() !== 'document') return route.continue();
      const response = await route.fetch();
      return route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': "default-src 'self'" } });
    });
    await page.goto(`/devices/${server.deviceId}`);
    await page.locator('canvas').first().waitFor();
    await page.goto('/add-device');
    await page.getByRole('combobox', { name: 'For', exact: true }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await page.unroute('**/*');
    page.off('console', listen);
    assert(violations.length === 0, violations.join('\n'));
    return policy;
  });
}
