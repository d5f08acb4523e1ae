import type { TrustChange } from '../protocol/bundle';
import type { FleetTrust } from '../protocol/fleetTrust';
import { type KeyRole, makeKeyRole } from '../protocol/keyRole';
import type { PublicKey } from '../protocol/publicKey';
import { signRoot } from '../protocol/root';
import { type Principal, type RosterContent, signRoster } from '../protocol/roster';
import type { SigningKey } from '../protocol/signingKey';
import { Refused } from '../refused';
import { findByKey, nextRoster, ownerRoles, signedAt } from './rosterEdits';
import { type Clock, signingTime } from './signingTime';

const contains = (role: KeyRole, key: PublicKey) => role.keys.some((one) => one.equals(key));

/** A roster under the present root, signed by one owner. */
export async function signChange(trust: FleetTrust, next: RosterContent, owner: SigningKey): Promise<TrustChange> {
  requireSigner(trust.root.owner, owner.publicKey, 'rosters');
  return { roots: [], roster: await signRoster(next, [owner]) };
}

/** Whether the key signs rosters, and no other has to beside it. */
export function signsRosters(trust: FleetTrust, key: PublicKey): boolean {
  return trust.root.owner.threshold === 1 && contains(trust.root.owner, key);
}

/**
 * The change by which a new owner's key takes the place of a lost one, made with the recovery key: the next root has the same root keys,
 * and as owners the recovery key and the new one, beside those that stay.
 */
export async function planReplacement(trust: FleetTrust, recovery: SigningKey, added: PublicKey, lost: readonly PublicKey[], clock: Clock): Promise<TrustChange> {
  const { root: roots, owner: owners } = trust.root;
  requireSigner(roots, recovery.publicKey, 'roots');
  const stay = owners.keys.filter((key) => !lost.some((one) => one.equals(key)));
  const keys = [added, recovery.publicKey, ...stay].filter((key, i, all) => all.findIndex((one) => one.equals(key)) === i);
  const issuedAt = signingTime(clock, signedAt(trust));
  const root = { ...trust.root, version: trust.root.version + 1n, issuedAt, owner: await makeKeyRole(owners.threshold, keys) };
  requireSigner(root.owner, recovery.publicKey, 'rosters');
  const known = findByKey(trust.roster, added);
  const owner: Principal = { id: await added.principalId(), identity: added, hpke: [], roles: ownerRoles, notAfter: null };
  const principals = trust.roster.principals.filter(({ identity }) => !lost.some((one) => one.equals(identity)));
  const next = nextRoster(trust, known ? principals.map((one) => (one === known ? { ...one, roles: ownerRoles, notAfter: null } : one)) : [...principals, owner], clock);
  return {
    roots: [await signRoot(root, [recovery])],
    roster: await signRoster({ ...next, rootVersion: root.version, issuedAt }, [recovery]),
  };
}

function requireSigner(role: KeyRole, key: PublicKey, what: string): void {
  if (!contains(role, key)) throw new Refused(`This key is none of those that sign ${what}.`);
  if (role.threshold > 1) {
    throw new Refused(`Here ${what} take ${role.threshold} signatures, and this page can add only one. Use fleetctl, which takes --owner-key and --root-key once for each key.`);
  }
}
