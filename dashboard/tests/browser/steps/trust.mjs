import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { assert, eventually } from '../harness.mjs';
import { owner } from './setUp.mjs';
import { lookAt } from './looks.mjs';
import { takenOver } from './takeOver.mjs';

const operator = { username: 'jonas', password: 'seven grey boats at noon' };

export async function signIn(page, { username, password }) {
  await page.goto('/sign-in');
  await page.getByLabel('Name').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Devices' }).waitFor();
}

/** Another browser: it shares nothing with the first one. */
export async function otherBrowser({ browser, server }) {
  const context = await browser.context.browser().newContext({ viewport: { width: 1280, height: 860 }, baseURL: server.url, colorScheme: 'light' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return page;
}

export async function runScript(page, deviceId, argument) {
  await page.goto(`/devices/${deviceId}/commands`);
  const group = page.getByRole('group', { name: 'Run a script' });
  await group.getByRole('button', { name: 'Choose' }).click();
  await group.getByLabel('Arguments').fill(argument);
  await group.getByRole('button', { name: 'Run it' }).click();
  const item = page.locator('[data-command=run-script]').filter({ hasText: argument }).first();
  await item.locator('xpath=self::*[@data-state="done"]').waitFor({ timeout: 20_000 });
  return item.innerText();
}

export async function trust(world) {
  const { harness, page, server } = world;
  const after = [takenOver];
  console.log('Trust');

  await harness.step('the page says whose the fleet is, and what each key may', async () => {
    await page.goto('/trust');
    await page.getByText('Its owners own this fleet').waitFor();
    const keys = page.getByRole('table', { name: 'Keys that devices know' });
    await keys.getByRole('row', { name: /mira.*you, in this browser.*let people in.*operator.*owner/ }).waitFor();
    await keys.getByRole('row', { name: /Recovery key.*change owners.*let people in/ }).waitFor();
    await keys.getByRole('row', { name: /This server.*server/ }).waitFor();
    await page.getByRole('row', { name: /Ping, Collect now, Set intervals.*the server, operators, owners.*any time/ }).waitFor();
    await page.getByRole('region', { name: 'Your key in this browser' }).getByText('operator and owner').waitFor();
  }, { after });

  await harness.step('a script that this browser signed runs, and the list says who signed it', async () => {
    const text = await runScript(page, server.deviceId, 'signed-here');
    assert(/signed with the key [0-9a-f]{8}/.test(text), `it is not said who signed it: ${text}`);
    return text.match(/by mira.*/)?.[0];
  }, { after });

  await harness.step('the same script, signed by the server, is refused by the device', async () => {
    const headers = { Authorization: `Bearer ${server.apiToken}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ type: 'run-script', args: { name: 'hello', arguments: ['signed-there'] } });
    const answer = await fetch(new URL(`/api/v1/devices/${server.deviceId}/commands`, server.url), { method: 'POST', headers, body });
    assert(answer.status === 202, `the server answers ${answer.status}: ${await answer.text()}`);
    const item = page.locator('[data-command=run-script][data-state=rejected]').filter({ hasText: 'signed-there' });
    await item.waitFor();
    assert((await item.innerText()).includes('signed by the server'), 'it is not said that the server signed it');
    return (await item.locator('div').last().innerText()).slice(0, 120);
  }, { after });

  await harness.step('who has no key is told who may, and what to do', async () => {
    const other = world.operatorPage = await otherBrowser(world);
    await signIn(other, operator);
    await other.goto(`/devices/${server.deviceId}/commands`);
    const group = other.getByRole('group', { name: 'Run a script' });
    await group.getByText('Only for keys of operators and owners.').waitFor();
    await other.getByText(/You have no key in this browser. Make one on the page Trust/).waitFor();
    assert(await group.getByRole('button').isDisabled(), 'it can be sent all the same');
    const ping = other.getByRole('button', { name: 'Ping', exact: true });
    await ping.click();
    await other.locator('[data-command=ping][data-state=done]').first().waitFor();
    await lookAt({ ...world, page: other }, 'commands-without-key');
  }, { after });

  await harness.step('an operator makes a key and asks to be let in', async () => {
    const other = world.operatorPage;
    await other.goto('/trust');
    const panel = other.getByRole('region', { name: 'Your key in this browser' });
    await panel.getByRole('button', { name: 'Make a key' }).click();
    await panel.getByRole('button', { name: 'Ask to be let in' }).click();
    await panel.getByText('You asked to be let in as operator').waitFor();
    await lookAt({ ...world, page: other }, 'trust-asking');
  }, { after });

  await harness.step('an owner compares the fingerprint and signs', async () => {
    const shown = await world.operatorPage.getByLabel(/^Fingerprint of your key/).getAttribute('aria-label');
    await page.goto('/trust');
    const row = page.getByRole('table', { name: 'Keys that ask to be let in' }).getByRole('row', { name: /jonas/ });
    await row.waitFor();
    await lookAt(world, 'trust-requests');
    await row.getByRole('button', { name: 'Look at it' }).click();
    const dialog = page.getByRole('dialog', { name: 'Let jonas in' });
    const compared = await dialog.getByLabel(/^Fingerprint of jonas/).getAttribute('aria-label');
    assert(compared.slice(-64) === shown.slice(-64), 'owner and operator see different fingerprints');
    assert(await dialog.getByRole('button', { name: 'Sign and let in' }).isDisabled(), 'it can be signed without comparing');
    await dialog.getByLabel('I compared it, and it is the same').check();
    await lookAt(world, 'trust-accept');
    await dialog.getByRole('button', { name: 'Sign and let in' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('table', { name: 'Keys that devices know' }).getByRole('row', { name: /jonas.*operator/ }).waitFor();
  }, { after });

  await harness.step('the operator’s commands are obeyed from then on', async () => {
    const other = world.operatorPage;
    await other.getByRole('button', { name: 'Look whether it was done' }).click();
    await other.getByRole('region', { name: 'Your key in this browser' }).getByText(/Devices heed it as/).waitFor();
    await runScript(other, server.deviceId, 'by-jonas');
  }, { after });

  await harness.step('an owner signs a rule by which two must sign', async () => {
    await page.goto('/trust');
    const panel = page.getByRole('region', { name: 'What devices do, and for whom' });
    await panel.getByRole('button', { name: 'Add a rule…' }).click();
    const dialog = page.getByRole('dialog', { name: 'A rule for your devices' });
    await dialog.getByRole('button', { name: 'Sign and set' }).click();
    await dialog.getByText('Choose at least one command.').waitFor();
    await dialog.getByRole('checkbox', { name: 'Run a script', exact: true }).check();
    await dialog.getByLabel('How many must sign').fill('3');
    await dialog.getByRole('checkbox', { name: 'Only in a maintenance window' }).check();
    await dialog.getByRole('checkbox', { name: 'Sat' }).check();
    await lookAt(world, 'trust-rule');
    await dialog.getByRole('button', { name: 'Sign and set' }).click();
    await dialog.getByText(/names 2 who could sign/).waitFor();
    await dialog.getByRole('checkbox', { name: 'Only in a maintenance window' }).uncheck();
    await dialog.getByLabel('How many must sign').fill('2');
    await dialog.getByRole('button', { name: 'Sign and set' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await panel.getByRole('row', { name: /Run a script.*2 together of: operators, owners/ }).waitFor();
    await lookAt(world, 'trust-policy');
  }, { after });

  await harness.step('a script that the owner signs waits for the operator, who looks and signs', async () => {
    await page.goto(`/devices/${server.deviceId}/commands`);
    const group = page.getByRole('group', { name: 'Run a script' });
    await group.getByRole('button', { name: 'Choose' }).click();
    await group.getByLabel('Arguments').fill('signed-by-two');
    await group.getByRole('button', { name: 'Run it' }).click();
    await page.waitForURL('**/commands');
    await page.getByText('1 of 2 signatures').waitFor();
    await lookAt(world, 'commands-pending');
    const other = world.operatorPage;
    await other.goto('/commands');
    await other.getByRole('button', { name: 'Look at it' }).click();
    const facts = other.getByLabel('What is to be signed');
    assert((await facts.innerText()).includes('signed-by-two'), 'the arguments are not shown');
    await lookAt({ ...world, page: other }, 'commands-proposal');
    await other.getByRole('button', { name: 'Sign exactly this' }).click();
    await page.goto(`/devices/${server.deviceId}/commands`);
    await page.locator('[data-command=run-script][data-state=done]').filter({ hasText: 'signed-by-two' }).waitFor();
  }, { after });

  await harness.step('a rule that was removed decides no more', async () => {
    await page.goto('/trust');
    const panel = page.getByRole('region', { name: 'What devices do, and for whom' });
    await panel.getByRole('button', { name: 'Remove the rule about Run a script' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove the rule' });
    await lookAt(world, 'trust-rule-remove');
    await dialog.getByRole('button', { name: 'Sign and remove' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await panel.getByText('your owners').waitFor({ state: 'detached' });
  }, { after });

  await harness.step('a key that was removed is refused', async () => {
    await page.goto('/trust');
    const keys = page.getByRole('table', { name: 'Keys that devices know' });
    await keys.getByRole('button', { name: 'Remove jonas' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove jonas' });
    await lookAt(world, 'trust-remove');
    await dialog.getByRole('button', { name: 'Sign and remove' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await keys.getByRole('row', { name: /jonas/ }).waitFor({ state: 'detached' });
    const other = world.operatorPage;
    await other.goto(`/devices/${server.deviceId}/commands`);
    await other.getByText(/does not name this browser’s key/).waitFor();
    await other.context().close();
  }, { after });

  await harness.step('without a secure connection it is said that nothing can be signed', () => insecurely(world, async (other) => {
    await other.goto('/trust');
    await other.getByText('This page has no secure connection').waitFor();
    await lookAt({ ...world, page: other }, 'trust-insecure');
    await other.goto(`/devices/${server.deviceId}/commands`);
    await other.getByText(/A browser signs only on pages over HTTPS/).waitFor();
    const group = other.getByRole('group', { name: 'Run a script' });
    assert(await group.getByRole('button').isDisabled(), 'a script can be sent all the same');
    assert(await other.getByRole('button', { name: 'Ping', exact: true }).isEnabled(), 'a ping cannot be sent');
  }), { after });

  await harness.step('a bundle that does not follow is an alarm, and nothing is signed', async () => {
    await page.route('**/api/v1/trust', async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      // One bit of the roster's signature, which stands before the notice.
      const at = body.lastIndexOf(Buffer.from('5840', 'hex'), body.lastIndexOf(Buffer.from('5840', 'hex')) - 1) + 20;
      body[at] ^= 1;
      await route.fulfill({ response, body });
    });
    await page.goto('/trust');
    await page.getByRole('alert').getByText(/not signed by the fleet’s owners/).waitFor();
    await lookAt(world, 'trust-alarm');
    await page.goto(`/devices/${server.deviceId}/commands`);
    await page.getByRole('link', { name: 'Another fleet is shown' }).waitFor();
    assert(await page.getByRole('button', { name: 'Ping', exact: true }).isDisabled(), 'commands can be sent all the same');
    await page.unroute('**/api/v1/trust');
    await page.goto('/trust');
    await page.getByText('Its owners own this fleet').waitFor();
  }, { after });
}

/** A page that the browser takes for one without a secure connection. */
async function insecurely(world, body) {
  const other = await otherBrowser(world);
  await other.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }));
  await signIn(other, owner);
  await body(other);
  await other.context().close();
}

function secretFile({ server }, name, text) {
  const path = join(server.data, name);
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
  return path;
}

/** Opens the recovery file for fleetctl. */
export const passphraseFileOf = (world) => secretFile(world, 'passphrase', world.recovery.passphrase);

/** fleetctl for this fleet, with an owner's API token: what it prints. */
export function fleetctlTextOf(world) {
  const { fleetctl, server } = world;
  if (!fleetctl) throw new Error('No fleetctl is built: run "dotnet build cli", or name one with --fleetctl-cmd');
  const token = secretFile(world, 'token', server.apiToken);
  return async (fingerprint, ...args) => {
    const common = fingerprint === null ? [] : ['--url', server.url, '--token-file', token, '--fleet', fingerprint, '--config', join(server.data, 'fleetctl.json')];
    const { stdout } = await promisify(execFile)(fleetctl, [...args, ...common]);
    return stdout;
  };
}

/** The same for what takes keys, with the recovery file's passphrase: what it says to programs. */
export function fleetctlOf(world) {
  const [run, passphrase] = [fleetctlTextOf(world), passphraseFileOf(world)];
  return async (fingerprint, ...args) => JSON.parse(await run(fingerprint, ...args, '--passphrase-file', passphrase, '--json'));
}

/** What fleetctl knows the fleet by. */
export async function fingerprintOf(page) {
  await page.goto('/trust');
  return (await page.getByLabel(/^Fingerprint of the fleet’s root/).getAttribute('aria-label')).slice(-64);
}

/** Last of all, for the first browser's key is worth nothing after it. */
export async function recovery(world) {
  const { harness, server } = world;
  console.log('Recovery');

  await harness.step('who lost the browser is let in again by the recovery file', async () => {
    const other = await otherBrowser(world);
    await signIn(other, owner);
    await other.goto('/trust');
    const panel = other.getByRole('region', { name: 'Your key in this browser' });
    await panel.getByRole('button', { name: 'Make a key' }).click();
    await panel.getByRole('button', { name: 'Use the recovery file' }).click();
    const dialog = other.getByRole('dialog', { name: 'Put this key in the place of the lost one' });
    await dialog.locator('input[type=file]').setInputFiles(world.recovery.path);
    await dialog.getByLabel('Its passphrase', { exact: true }).fill(world.recovery.passphrase);
    await lookAt({ ...world, page: other }, 'trust-recovery');
    await dialog.getByRole('button', { name: 'Sign and replace' }).click();
    await panel.getByText(/It also signs who else may/).waitFor({ timeout: 30_000 });
    await runScript(other, server.deviceId, 'recovered');
    await other.context().close();
  }, { after: [takenOver] });

  await harness.step('fleetctl reads the recovery file, and lets a browser’s key in with it', async () => {
    const run = fleetctlOf(world);
    const other = await otherBrowser(world);
    await signIn(other, owner);
    await other.goto('/trust');
    const panel = other.getByRole('region', { name: 'Your key in this browser' });
    await panel.getByRole('button', { name: 'Make a key' }).click();
    await panel.getByRole('button', { name: 'Public key' }).click();
    const file = join(server.data, 'browser.pub');
    writeFileSync(file, `${await panel.getByLabel('Public key, for fleetctl').innerText()}\n`);
    const { fingerprint } = await run(null, 'key', 'show', world.recovery.path);
    const root = await fingerprintOf(other);
    const owners = (await run(root, 'root', 'owners', '--root-key', world.recovery.path, '--add', file)).root.owner.keys;
    assert(owners.includes(fingerprint), `the recovery key ${fingerprint} is no owner's: ${owners}`);
    assert(owners.length === 3, `there are ${owners.length} owners' keys`);
    await other.reload();
    await panel.getByText(/It also signs who else may/).waitFor();
    await other.context().close();
  }, { after: [takenOver] });

  await harness.step('the lost key is worth nothing any more', async () => {
    await world.page.goto('/trust');
    await world.page.getByRole('button', { name: 'Ask to be let in' }).waitFor();
    await eventually(async () => (await world.page.getByText('Its owners own this fleet').count()) > 0, 'the first browser takes the new root for an alarm');
  }, { after: [takenOver] });
}
