import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

// Without these, Chromium itself looks for updates and hosts of its maker.
const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-gpu'];

/** A page that remembers every error of the console and every request that left the server. */
export async function launchBrowser(executablePath, url) {
  if (!existsSync(executablePath)) throw new Error(`There is no ${executablePath}: install Debian's package chromium, or name another with --chromium`);
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args: [...quiet, ...sandbox] });
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, baseURL: url, colorScheme: 'light' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const errors = [];
  const external = [];
  const requests = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push({ text: message.text(), url: message.location().url });
  });
  page.on('pageerror', (error) => errors.push({ text: error.stack ?? String(error), url: page.url() }));
  page.on('request', (request) => {
    requests.push(request.url());
    if (new URL(request.url()).origin !== new URL(url).origin) external.push(request.url());
  });
  return { page, context, errors, external, requests, close: () => browser.close() };
}
