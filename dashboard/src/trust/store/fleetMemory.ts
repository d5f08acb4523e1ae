import type { Bytes } from '../protocol/bytes';
import { writeBundle } from '../protocol/bundle';
import type { FleetTrust } from '../protocol/fleetTrust';
import { change, read } from './database';

/** What this browser has seen of the fleet: so that nobody can show it another one, or an older state of it. */
export interface FleetMemory {
  /** Of the root that it saw first, or made; 64 digits. */
  firstFingerprint: string;
  /** Unix milliseconds. */
  since: number;
  /** Of the newest root. */
  fingerprint: string;
  /** The newest bundle. It proves itself by that root. */
  bundle: Bytes;
}

/** One fleet has one address, and a browser keeps what belongs to an address apart. */
const id = 'fleet';

export const loadMemory = () => read<FleetMemory & { id: string }>('fleet', id);

export async function remember(trust: FleetTrust, now: number): Promise<FleetMemory> {
  const [fingerprint, bundle] = [trust.rootFingerprint, writeBundle(trust.bundle)];
  const kept = await change<FleetMemory & { id: string }>('fleet', id, (found) => ({
    id, fingerprint, bundle, since: found?.since ?? now, firstFingerprint: found?.firstFingerprint ?? fingerprint,
  }));
  if (kept === null) throw new Error('What was just stored is not there.');
  return kept;
}

/** To begin with what the server shows: for somebody who knows why it is another fleet. */
export async function forgetMemory(): Promise<void> {
  await change('fleet', id, () => null);
}
