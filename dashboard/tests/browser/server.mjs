import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './harness.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const newest = (folder, name) => ['Debug', 'Release']
  .map((configuration) => join(root, folder, 'bin', configuration, 'net10.0', name))
  .filter(existsSync)
  .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];

export const defaultServer = () => newest('fleet-server', 'fleet-server');
export const defaultFleetctl = () => newest('cli', 'fleetctl');
export const defaultAgent = () => newest('agent', 'messaging-agent');

/** Milliseconds until the demo must be ready: it makes keys and enrols an agent first. */
const startTime = 60_000;

/** Starts the demo with fresh data; gives its address, set-up link, data folder and device. */
export async function startServer(command, verbose) {
  if (!command) throw new Error('No fleet server is built: run "dotnet build fleet-server agent", or name one with --server-cmd');
  const data = mkdtempSync(join(tmpdir(), 'messaging-browser-'));
  const child = spawn(`exec ${command} demo --data "${data}" --port 0 --mqtt-port 0`, { shell: true, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      if (verbose) process.stderr.write(chunk);
    });
  }
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await exited;
      clearTimeout(hard);
    }
    rmSync(data, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop().then(() => process.exit(1)));
  try {
    const setupLink = () => /https?:\/\/\S+\/setup#[\w.~-]+/.exec(output)?.[0];
    await eventually(() => {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
      return existsSync(join(data, 'ready.json')) && setupLink();
    }, 'the demo did not become ready, or printed no set-up link', startTime);
    const ready = JSON.parse(readFileSync(join(data, 'ready.json'), 'utf8'));
    return { ...ready, data, setupLink: setupLink(), output: () => output, stop };
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\nThe server printed:\n${output.slice(-6000)}`, { cause: error });
  }
}

