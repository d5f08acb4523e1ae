import { assert, eventually } from '../harness.mjs';
import { lookAt } from './looks.mjs';
import { takenOver } from './takeOver.mjs';

export const terminalWorks = 'a terminal opens, and a shell answers what is typed';

export async function terminal(world) {
  const { harness, page, server } = world;
  console.log('Terminal');
  const rows = page.locator('.xterm-rows');
  const shows = (text) => eventually(async () => (await rows.innerText()).includes(text), `the terminal does not show “${text}”`, 20_000);
  const type = async (line) => {
    await page.keyboard.type(line);
    await page.keyboard.press('Enter');
  };

  await harness.step(terminalWorks, async () => {
    await page.addInitScript(() => {
      window.openSockets = [];
      window.WebSocket = class extends WebSocket {
        constructor(...args) {
          super(...args);
          window.openSockets.push(this);
        }
      };
    });
    await page.goto(`/devices/${server.deviceId}/terminal`);
    await lookAt(world, 'terminal-closed');
    await page.getByRole('button', { name: 'Open a terminal' }).click();
    await page.locator('[data-terminal=open]').waitFor({ timeout: 30_000 });
    // Characters that were computed by the shell: an echo alone does not make them.
    await type('echo "answer=$((6*7))"; printf "\\033[1;32mgreen\\033[0m \\033[38;2;200;80;40mtrue colour\\033[0m\\n"');
    await shows('answer=42');
    await lookAt(world, 'terminal-open');
  }, { after: [takenOver] });

  await harness.step('the shell has the size of the window, and follows it', async () => {
    await type('stty size');
    const before = await eventually(async () => /^(\d+) (\d+)\s*$/m.exec(await rows.innerText())?.[0]?.trim(), 'no size is shown', 20_000);
    await page.setViewportSize({ width: 900, height: 700 });
    await type('clear; stty size');
    const after = await eventually(async () => {
      const size = /^(\d+) (\d+)\s*$/m.exec(await rows.innerText())?.[0]?.trim();
      return size !== undefined && size !== before && size;
    }, `the size stays ${before}`, 20_000);
    await page.setViewportSize({ width: 1280, height: 860 });
    return `${before} -> ${after}`;
  }, { after: [terminalWorks] });

  await harness.step('what is pasted arrives whole', async () => {
    const text = 'x'.repeat(3000);
    // The text must not come before somebody reads it, nor be echoed between the digits.
    await type('stty -icanon -echo; echo re""ady; head -c 3000 | wc -c; stty icanon echo');
    await shows('ready');
    await page.locator('.xterm-helper-textarea').evaluate((field, pasted) => {
      const data = new DataTransfer();
      data.setData('text/plain', pasted);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    }, text);
    await eventually(async () => /^3000\s*$/m.test(await rows.innerText()), 'not all of it arrived', 20_000);
    await type('clear');
  }, { after: [terminalWorks] });

  await harness.step('a lost connection is taken up again, and the shell is the same', async () => {
    await type('KEPT=still-here');
    await page.evaluate(() => window.openSockets.at(-1).close());
    await type('echo "$KEPT-and-typed-meanwhile"');
    await shows('still-here-and-typed-meanwhile');
    assert((await page.evaluate(() => window.openSockets.length)) > 1, 'there was no other connection');
  }, { after: [terminalWorks] });

  await harness.step('the keyboard leaves the terminal, and the shell’s end is told', async () => {
    await page.keyboard.press('Control+Shift+X');
    const focused = await page.evaluate(() => document.activeElement?.textContent);
    assert(focused === 'Close', `the focus is on ${focused}`);
    await page.locator('.xterm-helper-textarea').focus();
    await type('exit 3');
    await page.getByText('The shell has ended with exit code 3').waitFor({ timeout: 20_000 });
    await lookAt(world, 'terminal-ended');
  }, { after: [terminalWorks] });

  await harness.step('the list of commands and the audit tell of it', async () => {
    await page.goto(`/devices/${server.deviceId}/commands`);
    const item = page.locator('[data-command=shell][data-state=done]').first();
    await item.waitFor();
    await page.goto('/audit');
    await page.getByText('session.connect').first().waitFor();
    await page.getByText('session.disconnect').first().waitFor();
  }, { after: [terminalWorks] });
}
