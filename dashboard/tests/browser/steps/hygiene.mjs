import http from 'node:http';
import { assert } from '../harness.mjs';

/** fetch() unpacks what it gets; here the bytes on the wire count. */
const getRaw = (url, encoding) => new Promise((resolve, reject) => {
  http.get(url, { headers: { 'Accept-Encoding': encoding } }, (response) => {
    let length = 0;
    response.on('data', (chunk) => { length += chunk.length; });
    response.on('end', () => resolve({ headers: response.headers, statusCode: response.statusCode, length }));
  }).on('error', reject);
});

/** The browser itself writes an error for each of these answers, which the steps above ask for on purpose. */
const expected = [
  ['/api/v1/session', '401'],
  ['/api/v1/setup', '40'],
  // The stream may be about to be opened again when somebody signs out.
  ['/api/v1/events?topics=devices', '401'],
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

  await harness.step('what is loaded first is small, compressed and kept by the browser', async () => {
    const page = await (await fetch(new URL('/sign-in', server.url))).text();
    const files = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    assert(files.length >= 2, `only ${files.length} files are named`);
    let size = 0;
    for (const path of files) {
      const { headers, statusCode, length } = await getRaw(new URL(path, server.url), 'br, gzip');
      assert(statusCode === 200, `${path} is answered with ${statusCode}`);
      assert(headers['content-encoding'] === 'br' || length < 1024, `${path} is not compressed`);
      assert(headers['cache-control']?.includes('immutable'), `${path} is asked for again: ${headers['cache-control']}`);
      size += length;
    }
    assert(size < 130_000, `${size} bytes before the first page shows`);
    const plain = await getRaw(new URL(files[0], server.url), 'identity');
    assert(plain.headers['content-encoding'] === undefined, 'compressed although not asked for');
    return `${Math.round(size / 1024)} KiB`;
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
