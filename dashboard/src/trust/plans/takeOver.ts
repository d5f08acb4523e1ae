import type { TrustChange } from '../protocol/bundle';
import type { FleetTrust } from '../protocol/fleetTrust';
import { makeKeyRole } from '../protocol/keyRole';
import { type RootContent, signRoot } from '../protocol/root';
import { type RosterContent, signRoster } from '../protocol/roster';
import type { SigningKey } from '../protocol/signingKey';
import { Refused } from '../refused';
import { findByKey, isServersOwn, nextRoster, ownerRoles, signedAt } from './rosterEdits';
import { type Clock, signingTime } from './signingTime';

/**
 * The change by which a fleet whose root key the server holds becomes its owner's: the next root, signed by the recovery key alone (the
 * server adds the signature of its old one), and the roster under it. The recovery key is the root's, and an owner's beside the owner's own:
 * so it can put another key in the place of one that was lost with its browser.
 */
export async function planTakeOver(trust: FleetTrust, recovery: SigningKey, owner: SigningKey, clock: Clock): Promise<TrustChange> {
  if (!isServersOwn(trust)) throw new Refused('This fleet has an owner already, so there is nothing to take over. Ask the owner to put your key into the roster.');
  const inUse = [...trust.root.root.keys, ...trust.root.owner.keys];
  for (const { publicKey } of [recovery, owner]) {
    if (inUse.some((key) => key.equals(publicKey)) || findByKey(trust.roster, publicKey)) {
      throw new Refused('A key is in use in this fleet already, where the server could have it. Begin again with new ones.');
    }
  }
  const root: RootContent = {
    fleetId: trust.root.fleetId,
    version: trust.root.version + 1n,
    issuedAt: signingTime(clock, signedAt(trust)),
    root: await makeKeyRole(1, [recovery.publicKey]),
    owner: await makeKeyRole(1, [owner.publicKey, recovery.publicKey]),
  };
  // Whatever else the server has put into its roster, it might use itself.
  const next = nextRoster(trust, [
    { ...trust.server, roles: ['server'], notAfter: null },
    ...trust.roster.principals.filter(({ id, roles }) => roles.includes('time') && id !== trust.server.id).map((one) => ({ ...one, roles: ['time'] })),
    { id: await owner.publicKey.principalId(), identity: owner.publicKey, hpke: [], roles: ownerRoles, notAfter: null },
  ], clock);
  const roster: RosterContent = { ...next, rootVersion: root.version, issuedAt: root.issuedAt, expiresAt: null, rules: [], homes: [] };
  return { roots: [await signRoot(root, [recovery])], roster: await signRoster(roster, [owner]) };
}
