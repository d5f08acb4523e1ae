import { type Bytes, toHex } from '../protocol/bytes';
import { PublicKey } from '../protocol/publicKey';
import { makeSigningKey, type SigningKey } from '../protocol/signingKey';
import { change, read } from './database';

/** The key of an account in this browser. Its private half cannot be read, by this page or any other. */
export interface BrowserKey extends SigningKey {
  fleetId: string;
  accountId: string;
  /** 64 digits. */
  fingerprint: string;
  /** Who it is in a roster that names it. */
  principal: string;
  /** Unix milliseconds. */
  createdAt: number;
}

interface StoredKey {
  id: string;
  fleetId: string;
  accountId: string;
  privateKey: CryptoKey;
  point: Bytes;
  createdAt: number;
  /** The highest number that a command has got. */
  lastSequence: bigint;
}

const idOf = (fleetId: string, accountId: string) => `${fleetId}/${accountId}`;

/** null when the account has none here. */
export async function loadKey(fleetId: string, accountId: string): Promise<BrowserKey | null> {
  const stored = await read<StoredKey>('keys', idOf(fleetId, accountId));
  return stored && browserKey(stored);
}

/** Makes one; where there is one already, also one that another tab has just made, it is that. */
export async function makeKey(fleetId: string, accountId: string): Promise<BrowserKey> {
  const { privateKey, publicKey } = await makeSigningKey(false);
  const made: StoredKey = {
    id: idOf(fleetId, accountId), fleetId, accountId, privateKey, point: publicKey.point, createdAt: Date.now(), lastSequence: 0n,
  };
  const kept = await change<StoredKey>('keys', made.id, (found) => found ?? made);
  return browserKey(kept ?? made);
}

/** There is no copy: what the key could do, nobody can after this. */
export async function forgetKey(key: BrowserKey): Promise<void> {
  await change<StoredKey>('keys', idOf(key.fleetId, key.accountId), () => null);
}

/**
 * The number of the key's next command, kept before it is returned, never returned again. Devices refuse numbers at or below one that they
 * have accepted; so they follow the clock in microseconds, and rise where that goes back.
 */
export async function nextSequence(key: BrowserKey, now: number): Promise<bigint> {
  const kept = await change<StoredKey>('keys', idOf(key.fleetId, key.accountId), (found) => found && { ...found, lastSequence: following(found.lastSequence, now) });
  if (kept === null) throw new Error('The key is not in this browser any more: it was removed in another tab, or the browser cleared its storage.');
  return kept.lastSequence;
}

/** The higher one of the last plus one and the clock. */
export function following(last: bigint, now: number): bigint {
  const clock = BigInt(Math.trunc(now)) * 1000n;
  return clock > last ? clock : last + 1n;
}

/**
 * Asks the browser not to clear the key away when the disk is full. It may say no, or ask the user; the key works all the same.
 */
export async function askToPersist(): Promise<boolean> {
  return (await navigator.storage.persisted()) || navigator.storage.persist();
}

async function browserKey({ fleetId, accountId, privateKey, point, createdAt }: StoredKey): Promise<BrowserKey> {
  const publicKey = PublicKey.read(point);
  return {
    fleetId, accountId, privateKey, publicKey, createdAt, fingerprint: toHex(await publicKey.fingerprint()), principal: await publicKey.principalId(),
  };
}
