import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { assert, eventually } from '../harness.mjs';

/** Runs the copied command as somebody would on the device. */
function runAgent(agentCommand, token, state) {
  const child = spawn(`exec ${agentCommand} enroll ${token} --state "${state}"`, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => { output += chunk; });
  child.stderr.on('data', (chunk) => { output += chunk; });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return { ended, output: () => output, stop: () => child.exitCode === null && child.kill('SIGTERM') };
}

export async function enrolment({ harness, page, server, agentCommand }) {
  console.log('Adding a device');
  let token = null;

  await harness.step('one command is made', async () => {
    await page.goto('/add-device');
    await page.getByRole('combobox', { name: 'Tags' }).fill('browser-test');
    await page.keyboard.press('Enter');
    await page.getByLabel('What it is for').fill('browser test');
    await page.getByLabel('Ask me before a device is let in').check();
    await page.getByRole('button', { name: 'Make the command' }).click();
    const text = await page.getByLabel('Enrolment command').innerText();
    token = /^messaging-agent enroll (mt1\.[\w-]+)$/.exec(text.trim())?.[1] ?? null;
    assert(token !== null, `not one command: ${text}`);
  });

  await harness.step('the device shows up while the page waits, and is approved there', async () => {
    assert(agentCommand, 'No agent is built: run "dotnet build agent", or name one with --agent-cmd');
    const agent = runAgent(agentCommand, token, join(server.data, 'second-agent'));
    try {
      const arrived = page.locator('[data-arrived]');
      await arrived.getByText('Waits for approval').waitFor({ timeout: 20_000 }).catch((error) => {
        throw new Error(`${error.message}\nThe agent printed:\n${agent.output()}`);
      });
      await arrived.getByRole('button', { name: 'Approve' }).click();
      await arrived.getByRole('link', { name: 'Open' }).waitFor();
      const code = await Promise.race([agent.ended, eventually(() => false, `the agent did not end:\n${agent.output()}`, 40_000)]);
      assert(code === 0, `the agent ended with ${code}:\n${agent.output()}`);
    } finally {
      agent.stop();
    }
  }, { after: ['one command is made'] });

  await harness.step('the token is listed without its secret, as used up', async () => {
    await page.goto('/enrolment');
    const row = page.getByRole('row', { name: /browser test/ });
    await row.getByText('Used up').waitFor();
    assert(!(await page.content()).includes(token), 'the secret is in the page');
  }, { after: ['the device shows up while the page waits, and is approved there'] });

  await harness.step('the new device is revoked after its name is typed', async () => {
    await page.goto('/devices?tag=browser-test');
    await page.locator('[role=row] a').first().click();
    // The list has a heading, too: the name is there when what belongs to one device is.
    await page.getByRole('button', { name: 'Manage' }).click();
    const name = await page.getByRole('heading', { level: 1, includeHidden: true }).innerText();
    await page.getByRole('menuitem', { name: 'Revoke this device' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill(name);
    await dialog.getByRole('button', { name: 'Revoke it' }).click();
    await page.getByText('This device is revoked').waitFor();
  }, { after: ['the device shows up while the page waits, and is approved there'] });
}
