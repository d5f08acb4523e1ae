import type { KeyRequest } from '@/api/types';
import type { RepositoryKey } from '@/repository/repositoryKey';
import { findByKey } from '@/trust/plans/rosterEdits';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import type { PublicKey } from '@/trust/protocol/publicKey';

/** Whose keys are, as far as it is known here. */
export interface KeyBook {
  fleet: FleetTrust;
  /** Of this browser. */
  own: PublicKey | null;
  requests: readonly KeyRequest[];
}

/** Whose a key is, for people: metadata knows numbers alone. */
export function keyName({ key, fingerprint }: RepositoryKey, { fleet, own, requests }: KeyBook): string {
  const has = (keys: readonly PublicKey[]) => keys.some((one) => one.equals(key));
  const [root, owner] = [has(fleet.root.root.keys), has(fleet.root.owner.keys)];
  const roles = findByKey(fleet.roster, key)?.roles;
  const what = root ? 'the fleet’s recovery or root key'
    : owner ? 'an owner’s key'
    : roles ? (roles.length === 0 ? 'in the roster, without a role' : `in the roster as ${roles.join(', ')}`)
    : 'not in the roster';
  const account = requests.find((one) => one.fingerprint === fingerprint && one.acceptedAt !== null)?.account;
  const who = own?.equals(key) === true ? 'You, in this browser' : account;
  return who === undefined ? what.charAt(0).toUpperCase() + what.slice(1) : `${who} (${what})`;
}
