import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, eventually } from '../harness.mjs';

export async function devicePage({ harness, page, server, browser, screenshots }) {
  console.log('Device page');
  const seriesRequests = () => browser.requests.filter((url) => url.includes('/metrics/series')).length;

  await harness.step('CPU moves on by events, without a request', async () => {
    await page.goto(`/devices/${server.deviceId}`);
    const chart = page.getByRole('img', { name: /^CPU: busy [\d.]+ %/ });
    await chart.waitFor();
    await page.getByRole('img', { name: /^Memory: used [\d.]+ %/ }).waitFor();
    const requests = seriesRequests();
    const times = new Set();
    const values = new Set();
    await eventually(async () => {
      values.add(await chart.getAttribute('aria-label'));
      return times.add(await chart.getAttribute('data-newest')).size >= 4;
    }, 'no three new points came', 30_000);
    const [newest] = [...times].map(Number).sort((a, b) => b - a);
    assert(Date.now() - newest < 15_000, `the newest point is ${Date.now() - newest} ms old`);
    assert(seriesRequests() === requests, 'the charts asked the server again');
    return [...values].join(', ');
  });

  await harness.step('every chart has something drawn in it', async () => {
    const drawn = await page.locator('canvas').evaluateAll((canvases) => canvases.map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value, i) => i % 4 === 3 && value > 0);
    }));
    assert(drawn.length >= 4, `only ${drawn.length} charts`);
    assert(drawn.every(Boolean), `${drawn.filter((value) => !value).length} of ${drawn.length} charts are blank`);
    return `${drawn.length} charts`;
  });

  await harness.step('any metric can be picked', async () => {
    await page.getByRole('textbox', { name: 'Metric' }).or(page.getByRole('combobox', { name: 'Metric' })).first().click();
    await page.getByRole('option', { name: 'system.uptime' }).click();
    await page.getByRole('img', { name: /^system.uptime: / }).waitFor();
  });

  await harness.step('a longer range is read and drawn', async () => {
    await page.getByRole('radiogroup', { name: 'Time range' }).getByText('24 h').click();
    await page.getByRole('img', { name: /^CPU: busy [\d.]+ %/ }).waitFor();
  });

  const marker = `browser test ${process.pid}-${Date.now().toString(36)}`;
  await harness.step('a line appended to the log appears', async () => {
    await page.getByRole('link', { name: 'Logs' }).click();
    await page.getByRole('log').waitFor();
    await page.getByText(/\d+ lines/).waitFor();
    const start = performance.now();
    appendFileSync(join(server.data, 'demo.log'), `${marker} first\n`);
    await page.getByRole('log').getByText(`${marker} first`).waitFor({ timeout: 5000 });
    return `after ${Math.round(performance.now() - start)} ms`;
  });

  await harness.step('the newest line stays in view under long ones, until somebody scrolls up', async () => {
    const log = page.getByRole('log');
    appendFileSync(join(server.data, 'demo.log'), `${'long '.repeat(500)}\n${'x'.repeat(3000)}\n${marker} newest\n`);
    const inView = () => log.evaluate((view, text) => {
      const found = [...view.querySelectorAll('[data-index]')].find((line) => line.textContent.includes(text));
      if (!found) return false;
      const [line, frame] = [found.getBoundingClientRect(), view.getBoundingClientRect()];
      return line.top >= frame.top && line.bottom <= frame.bottom;
    }, `${marker} newest`);
    await eventually(inView, 'the newest line is not in view', 8000);
    await log.focus();
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: 'Follow the newest' }).click();
    await eventually(inView, 'the newest line is not in view again');
    const times = await log.evaluate((view) => [...view.querySelectorAll('[data-index]')]
      .sort((a, b) => Number(a.dataset.index) - Number(b.dataset.index)).map((line) => line.textContent));
    const at = (text) => times.findIndex((line) => line.includes(text));
    assert(at(`${marker} newest`) === times.length - 1, 'lines of one moment stand in another order than they were written');
  });

  await harness.step('a paused log holds new lines back, then shows them', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    appendFileSync(join(server.data, 'demo.log'), `${marker} second\n`);
    await page.getByText(/Paused, [1-9]\d* new/).waitFor({ timeout: 8000 });
    assert(await page.getByText(`${marker} second`).count() === 0, 'the line is shown although the log is paused');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText(`${marker} second`).waitFor();
  });

  await harness.step('log search finds it among what is stored', async () => {
    await page.getByLabel('Search the log').fill(`${marker} first`);
    await page.getByText(/^1 line$/).waitFor();
    assert(await page.locator('mark').count() >= 1, 'the match is not marked');
    await page.getByLabel('Search the log').fill('');
  });

  const files = join(server.data, 'drop', 'files');
  const content = Buffer.alloc(300_000, 'a picture ');
  await harness.step('Files says how a program sends one, and shows it when it comes', async () => {
    await page.getByRole('link', { name: 'Files', exact: true }).click();
    await page.getByText('No files yet').waitFor();
    await page.getByLabel('How a program sends a file').waitFor();
    await eventually(() => existsSync(files), 'the agent made no folder for files', 20_000);
    writeFileSync(join(files, '.picture.jpg'), content);
    renameSync(join(files, '.picture.jpg'), join(files, 'picture.jpg'));
    const start = performance.now();
    await page.getByRole('table', { name: 'Files' }).getByText('picture.jpg').waitFor({ timeout: 30_000 });
    await page.getByText('Complete', { exact: true }).waitFor({ timeout: 30_000 });
    return `complete after ${Math.round(performance.now() - start)} ms`;
  });

  await harness.step('a complete file is downloaded as it was', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download picture.jpg' }).click()]);
    assert(download.suggestedFilename() === 'picture.jpg', `it is called ${download.suggestedFilename()}`);
    assert(readFileSync(await download.path()).equals(content), 'it is not what was sent');
  });

  await harness.step('a file is deleted with the keyboard, after a question', async () => {
    const opener = page.getByRole('button', { name: 'Delete picture.jpg' });
    await opener.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Delete this file?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await eventually(() => opener.evaluate((element) => element === document.activeElement), 'the focus is lost');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByText('No files yet').waitFor();
    writeFileSync(join(files, 'report.csv'), 'time,level\n');
  });

  await harness.step('metrics and logs are held back from the menu, and let come again', async () => {
    await page.getByRole('button', { name: 'Manage' }).click();
    await page.getByRole('menuitem', { name: 'Hold metrics and logs back' }).click();
    await page.getByRole('radio', { name: '15 minutes' }).check();
    if (screenshots) await page.screenshot({ path: join(screenshots, 'pause-dialog.png'), animations: 'disabled' });
    await page.getByRole('button', { name: 'Hold them back' }).click();
    await page.getByText('Metrics and logs are held back').waitFor();
    await page.getByText('in 14 min').waitFor();
    if (screenshots) await page.screenshot({ path: join(screenshots, 'pause-notice.png'), animations: 'disabled' });
    await page.getByRole('button', { name: 'Let them come' }).click();
    await page.getByText('Metrics and logs are held back').waitFor({ state: 'detached' });
  });

  await harness.step('events, security and facts are shown', async () => {
    await page.getByRole('link', { name: /^Events and gaps/ }).click();
    await page.getByRole('heading', { name: 'Gaps in what was received' }).waitFor();
    await page.getByRole('link', { name: /^Security/ }).click();
    await page.getByText(/Nothing was rejected|was rejected, none of it|suspicious was rejected/).waitFor();
    await page.getByRole('link', { name: 'Facts' }).click();
    await page.getByText(server.deviceId).waitFor();
  });
}
