#!/usr/bin/env node
// Walks the dashboard in a real browser, against a real fleet server and a real agent.
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { Harness } from './harness.mjs';
import { defaultAgent, defaultFleetctl, defaultServer, startServer } from './server.mjs';
import { access } from './steps/access.mjs';
import { appearance } from './steps/appearance.mjs';
import { commands } from './steps/commands.mjs';
import { deviceList } from './steps/deviceList.mjs';
import { devicePage } from './steps/devicePage.mjs';
import { enrolment } from './steps/enrolment.mjs';
import { files } from './steps/files.mjs';
import { hygiene } from './steps/hygiene.mjs';
import { signing } from './steps/signing.mjs';
import { setUp } from './steps/setUp.mjs';
import { recordings } from './steps/recordings.mjs';
import { relay } from './steps/relay.mjs';
import { terminal } from './steps/terminal.mjs';
import { takeOver } from './steps/takeOver.mjs';
import { twin } from './steps/twin.mjs';
import { recovery, trust } from './steps/trust.mjs';
import { updates } from './steps/updates.mjs';

const help = `Usage: node tests/browser/run.mjs [options]

  --server-cmd CMD     how to start the fleet server (default: the newest one that is built:
                       ${defaultServer() ?? 'none is built yet, run "dotnet build fleet-server"'})
  --agent-cmd CMD      how to start the agent that is enrolled by hand (default: the newest one that is built)
  --fleetctl-cmd CMD   how to start fleetctl (default: the newest one that is built)
  --screenshots DIR    keep pictures of every page here, light, dark and narrow
  --chromium FILE      the browser (default: /usr/bin/chromium, Debian's package chromium)
  --verbose            show what the server prints
  --help               this text

The server is started as "CMD demo --data TEMP --port 0 --mqtt-port 0" and stopped at the end.
The last line says "N passed, N failed"; the exit code is 0 only when none failed.`;

const { values: options } = parseArgs({
  options: {
    'server-cmd': { type: 'string' },
    'agent-cmd': { type: 'string' },
    'fleetctl-cmd': { type: 'string' },
    screenshots: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(help);
  process.exit(0);
}

const harness = new Harness();
let server = null;
let browser = null;
try {
  if (options.screenshots) mkdirSync(options.screenshots, { recursive: true });
  server = await startServer(options['server-cmd'] ?? defaultServer(), options.verbose);
  browser = await launchBrowser(options.chromium, server.url);
  const world = { server, browser, harness, page: browser.page, serverCommand: options['server-cmd'] ?? defaultServer(), agentCommand: options['agent-cmd'] ?? defaultAgent(), fleetctl: options['fleetctl-cmd'] ?? defaultFleetctl(), screenshots: options.screenshots };
  for (const suite of [setUp, takeOver, deviceList, devicePage, commands, twin, updates, signing, terminal, files, enrolment, access, relay, trust, recordings, appearance, recovery, hygiene]) await suite(world);
} catch (error) {
  harness.broken(error);
} finally {
  await browser?.close();
  await server?.stop();
}
harness.finish();
