import type { KeyRequest } from '@/api/types';
import { toHex } from '@/trust/protocol/bytes';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import type { PublicKey } from '@/trust/protocol/publicKey';
import type { Principal } from '@/trust/protocol/roster';
import { findByKey } from '@/trust/plans/rosterEdits';

/** A key that the fleet knows, and everything that it may. */
export interface KeyRow {
  /** Its fingerprint. */
  id: string;
  key: PublicKey;
  signsRoots: boolean;
  signsRosters: boolean;
  /** In the roster; null when that does not name it. */
  principal: Principal | null;
  isServer: boolean;
}

/** Each key once: those of the roster in its order, then those that are in the root alone. */
export async function keyRows(trust: FleetTrust): Promise<KeyRow[]> {
  const { root, owner } = trust.root;
  const all = [...trust.roster.principals.map(({ identity }) => identity), ...owner.keys, ...root.keys];
  const distinct = all.filter((key, i) => all.findIndex((one) => one.equals(key)) === i);
  return Promise.all(distinct.map(async (key) => ({
    id: toHex(await key.fingerprint()),
    key,
    signsRoots: root.keys.some((one) => one.equals(key)),
    signsRosters: owner.keys.some((one) => one.equals(key)),
    principal: findByKey(trust.roster, key),
    isServer: trust.server.identity.equals(key),
  })));
}

/** What people call it: by who asked for it, or by what it is for. */
export function nameOf(row: KeyRow, requests: readonly KeyRequest[], ownFingerprint: string | null): { name: string; hint: string } {
  const account = requests.find(({ fingerprint, acceptedAt }) => fingerprint === row.id && acceptedAt !== null)?.account;
  const own = row.id === ownFingerprint;
  if (row.isServer) return { name: 'This server', hint: row.signsRoots ? 'made the fleet, and has its root key' : 'brings commands, and what devices send' };
  if (row.principal?.roles.includes('time')) return { name: 'Time key', hint: 'tells devices the time; commands nothing' };
  if (row.principal === null) return { name: row.signsRoots ? 'Recovery key' : 'Owner’s key', hint: row.signsRoots ? 'in a file, kept away from here' : 'signs rosters; commands nothing' };
  if (account) return { name: account, hint: own ? 'you, in this browser' : 'a browser, says the server' };
  if (own) return { name: 'You', hint: 'in this browser' };
  const kind = ['server', 'owner', 'operator'].find((role) => row.principal?.roles.includes(role));
  return { name: kind === 'server' ? 'Another server' : kind ? `An ${kind}` : 'A key', hint: kind === 'server' ? 'of the same fleet' : 'no name is known here' };
}
