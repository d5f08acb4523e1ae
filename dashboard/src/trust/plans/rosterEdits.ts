import type { FleetTrust } from '../protocol/fleetTrust';
import type { PublicKey } from '../protocol/publicKey';
import { maxPrincipals, type Principal, type RosterContent } from '../protocol/roster';
import { Refused } from '../refused';
import { type Clock, signingTime } from './signingTime';

const highest = 0xffff_ffff_ffff_ffffn;

/** What an owner may in a roster. */
export const ownerRoles = ['operator', 'owner'] as const;

/** True until an owner has taken the fleet over: a server that begins a fleet makes its root key, and gives itself an owner's role. */
export const isServersOwn = (trust: FleetTrust) => trust.server.roles.includes('owner');

export const findByKey = (roster: RosterContent, key: PublicKey) => roster.principals.find(({ identity }) => identity.equals(key)) ?? null;

export const signedAt = (trust: FleetTrust) => Math.max(trust.root.issuedAt, trust.roster.issuedAt);

/** Adds somebody, or sets roles and end of who is there: then place, id and other keys stay. */
export async function withPrincipal(trust: FleetTrust, key: PublicKey, roles: readonly string[], notAfter: number | null, clock: Clock): Promise<RosterContent> {
  const { principals } = trust.roster;
  const known = findByKey(trust.roster, key);
  if (known) return nextRoster(trust, principals.map((one) => (one === known ? { ...one, roles, notAfter } : one)), clock);
  if (principals.length >= maxPrincipals) throw new Refused(`A roster names at most ${maxPrincipals}. Remove somebody first.`);
  return nextRoster(trust, [...principals, { id: await key.principalId(), identity: key, hpke: [], roles, notAfter }], clock);
}

export function withoutPrincipal(trust: FleetTrust, id: string, clock: Clock): RosterContent {
  return nextRoster(trust, trust.roster.principals.filter((one) => one.id !== id), clock);
}

/** The same with another end, Unix milliseconds; null: none. */
export function withEnd(trust: FleetTrust, expiresAt: number | null, clock: Clock): RosterContent {
  const next = nextRoster(trust, trust.roster.principals, clock);
  if (expiresAt !== null && expiresAt <= next.issuedAt) throw new Refused('A roster that has expired lets nobody but servers command. Choose a later end.');
  return { ...next, expiresAt };
}

/** The next version, with other principals. What would lock people or devices out is refused. */
export function nextRoster(trust: FleetTrust, principals: readonly Principal[], clock: Clock): RosterContent {
  const { roster, server } = trust;
  if (roster.version === highest) throw new Refused('The roster has the highest version that there is. A new root begins anew: fleetctl root rotate');
  const issuedAt = signingTime(clock, signedAt(trust));
  const stays = principals.find(({ id }) => id === server.id);
  if (!stays?.roles.includes('server') || !stays.identity.equals(server.identity)) {
    throw new Refused('This server would not be in the roster any more: devices would take no notice of it, and nobody could tell them where to connect.');
  }
  if (hasOwner(roster.principals, issuedAt) && !hasOwner(principals, issuedAt)) {
    throw new Refused('That would leave no owner in the roster: nobody could have devices do what takes one, such as changing their keys. Add another owner first.');
  }
  return { ...roster, version: roster.version + 1n, issuedAt, principals };
}

const hasOwner = (principals: readonly Principal[], at: number) =>
  principals.some(({ roles, notAfter }) => roles.includes('owner') && (notAfter === null || notAfter > at));
