import type { QueryClient } from '@tanstack/react-query';
import { readCommand, readDevice, sessionUrl } from '@/api/devices';
import { ProblemError } from '@/api/problem';
import { sessionQuery } from '@/api/session';
import { postSignedCommand } from '@/api/trust';
import type { Command, Device } from '@/api/types';
import { finalStates } from '@/features/device/commands/commandText';
import { SessionClient, type SessionListener } from '@/sessions/client';
import { makeEphemeralKey } from '@/sessions/keys';
import { type Bytes, toHex } from '@/trust/protocol/bytes';
import { browserKeyQuery, trustQuery } from '@/trust/queries';
import { Refused } from '@/trust/refused';
import { signOrder } from '@/trust/signedCommand';
import { chooseSigner, type Signer } from '@/trust/signer';
import { nextSequence } from '@/trust/store/keyStore';

const askInterval = 1000;

const newId = () => toHex(crypto.getRandomValues(new Uint8Array(16)));

/** What a session is for: the type of the command that opens it, and its arguments. */
export interface SessionPurpose {
  type: string;
  args: (session: string, point: Bytes) => Bytes;
  /** Bytes that may be on their way to this end. */
  window: number;
}

/** Why no session of a type can be opened on the device, and what to do; null when one can. */
export function obstacleOf(device: Device, type: string): string | null {
  if (device.status !== 'active') return 'Only an approved device can be reached.';
  if (!device.allowedCommands.includes(type)) {
    return `The device does not allow it. Write “${type}” into Commands:Allow of its agent.conf, and restart the agent.`;
  }
  return device.online ? null : 'The device is not connected. This needs it to be there.';
}

/**
 * Signs the command with this browser's key, connects, and sends it. `onWaiting`: what it waits for, until the device has answered.
 * @throws Refused when it cannot be opened; ProblemError when the server refuses.
 */
export async function openSession(
  queries: QueryClient, deviceId: string, purpose: SessionPurpose, listener: SessionListener, onWaiting: (what: string) => void,
): Promise<SessionClient> {
  const { signer, trust } = await findSigner(queries, purpose.type);
  const device = await readDevice(deviceId);
  const obstacle = obstacleOf(device, purpose.type);
  if (obstacle !== null) throw new Refused(obstacle);
  const key = await makeEphemeralKey();
  const [id, session] = [newId(), newId()];
  const encoded = purpose.args(session, key.point);
  const client = new SessionClient(sessionUrl(deviceId, session), { device: deviceId, command: id, args: encoded }, key, listener, purpose.window);
  await client.connect();
  try {
    const order = { deviceId, type: purpose.type, id, encoded, boot: device.boot ?? null };
    // One after the other: a device refuses a number below one that it has seen.
    await navigator.locks.request('messaging-send', async () => {
      const now = Date.now();
      return postSignedCommand(deviceId, await signOrder(signer, trust, order, await nextSequence(signer.key, now), now));
    });
  } catch (error) {
    client.abandon();
    throw error;
  }
  void follow(client, deviceId, id, onWaiting);
  return client;
}

async function findSigner(queries: QueryClient, type: string) {
  const state = await queries.query(trustQuery);
  if (state.kind === 'blind') throw new Refused('A browser signs only on pages over HTTPS. Open the dashboard by its https:// address, or use fleetctl.');
  if (state.kind === 'alarm') throw new Refused('What the server shows does not follow what this browser knows of the fleet. Nothing was sent; look at the page Trust.');
  const session = await queries.query(sessionQuery);
  const key = session ? await queries.query(browserKeyQuery(state.trust.root.fleetId, session.user.id)) : null;
  const signer = chooseSigner(state.trust, key, type, Date.now());
  if (signer.by !== 'browser') throw new Refused(whyNot(signer));
  return { signer, trust: state.trust };
}

function whyNot(signer: Exclude<Signer, { by: 'browser' }>): string {
  return signer.by === 'nobody' ? `${signer.why} ${signer.todo}`
    : 'It is sealed to a key of yours, and you have none in this browser. Make one on the page Trust.';
}

/** Until the device has answered, the command says what becomes of it. */
async function follow(client: SessionClient, deviceId: string, id: string, onWaiting: (what: string) => void): Promise<void> {
  while (client.isOpening()) {
    await new Promise((resolve) => setTimeout(resolve, askInterval));
    let command: Command;
    try {
      command = await readCommand(deviceId, id);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      // The server may be back in a moment; the command has an end in any case.
      onWaiting(error.message);
      continue;
    }
    if (!client.isOpening()) return;
    if (finalStates.has(command.state)) client.fail(command.message ?? `The command is ${command.state}.`);
    else onWaiting(command.waitingFor ?? 'the device’s answer');
  }
}
