import type { FleetTrust } from './protocol/fleetTrust';
import { judge, nextWindow, type PolicyRule, ruleFor, windowText } from './protocol/policy';
import type { Principal } from './protocol/roster';
import { findByKey } from './plans/rosterEdits';
import type { BrowserKey } from './store/keyStore';

/** Who signs a command, so that a device obeys it. */
export type Signer =
  | { by: 'browser'; key: BrowserKey; principal: Principal; note: string | null; needed: number; waitsUntil: number | null }
  | { by: 'server'; note: string | null }
  | { by: 'nobody'; why: string; todo: string };


/** This browser's key where the roster lets it, else the server where the policy lets that; devices decide by the same rules. `now`: Unix milliseconds. */
export function chooseSigner(trust: FleetTrust, key: BrowserKey | null, type: string, now: number): Signer {
  const { roster, server } = trust;
  const principal = key && findByKey(roster, key.publicKey);
  const obstacle = principal && obstacleOf(trust, principal, type, now);
  if (key && principal && obstacle === null) {
    const rule = ruleFor(roster.rules, type);
    const waitsUntil = endOfNextWindow(rule, now);
    const needed = rule.signatures;
    const signatures = needed > 1 ? `It takes ${needed} signatures: yours proposes it, and it is sent when others have signed on the page Commands. ` : '';
    return { by: 'browser', key, principal, needed, waitsUntil, note: `${signatures}${windowNote(rule, now) ?? ''}`.trim() || null };
  }
  const permission = judge(roster.rules, type, server, now);
  if ((permission === 'allowed' || permission === 'outside-window') && (server.notAfter === null || server.notAfter >= now)) {
    return { by: 'server', note: windowNote(ruleFor(roster.rules, type), now) };
  }
  return { by: 'nobody', why: whoMay(ruleFor(roster.rules, type)), todo: obstacle ?? todo(key) };
}

/**
 * The same for a command that does what other types do: whoever may have all of them run, with as many signatures as the strictest wants.
 */
export function chooseSignerOf(trust: FleetTrust, key: BrowserKey | null, types: readonly string[], now: number): Signer {
  const signers = types.map((type) => chooseSigner(trust, key, type, now));
  const nobody = signers.find((signer) => signer.by === 'nobody');
  const people = signers.filter((signer) => signer.by === 'browser').sort((left, right) => right.needed - left.needed);
  return nobody ?? people[0] ?? signers[0] ?? { by: 'nobody', why: 'There is nothing to sign.', todo: '' };
}

/** Who signs that a command of a type is cancelled: whoever could have had it run, whenever that was. */
export function chooseCanceller(trust: FleetTrust, key: BrowserKey | null, type: string, now: number): Signer {
  const rules = [{ ...ruleFor(trust.roster.rules, type), types: ['*'], signatures: 1, windows: [] }];
  return chooseSigner({ ...trust, roster: { ...trust.roster, rules } }, key, type, now);
}

/** Why devices would refuse what the principal signs; null: they would not. */
function obstacleOf({ roster }: FleetTrust, principal: Principal, type: string, now: number): string | null {
  if (principal.notAfter !== null && principal.notAfter < now) return 'This browser’s key was trusted only until a time that has passed. An owner can set a later end on the page Trust.';
  if (roster.expiresAt !== null && roster.expiresAt < now && !principal.roles.includes('server')) return 'The roster has expired. An owner can renew it on the page Trust.';
  switch (judge(roster.rules, type, principal, now)) {
    case 'role-missing': return `This browser’s key has ${principal.roles.length === 0 ? 'no role' : `the role ${principal.roles.join(', ')}`}. An owner can give it another one on the page Trust.`;
    default: return null;
  }
}

/** What is said of one that has to wait on the device; null: it need not. */
function windowNote(rule: PolicyRule, now: number): string | null {
  const next = nextWindow(rule, now);
  return next === null ? null : `Devices keep it for the maintenance window ${windowText(next.window)}.`;
}

/** When the window ends that it has to wait for; null: it need not. */
function endOfNextWindow(rule: PolicyRule, now: number): number | null {
  const next = nextWindow(rule, now);
  return next === null ? null : next.opensAt + next.window.minutes * 60_000;
}

export function whoMay(rule: PolicyRule): string {
  if (rule.roles.length === 0) return 'The fleet’s policy lets nobody do this.';
  const roles = rule.roles.map((role) => roleNames[role] ?? `the role ${role}`);
  const who = roles.length === 1 ? roles[0] : `${roles.slice(0, -1).join(', ')} and ${roles.at(-1) ?? ''}`;
  return `Only for keys of ${who ?? ''}${rule.signatures > 1 ? `, ${rule.signatures} of them together` : ''}.`;
}

const roleNames: Record<string, string> = { server: 'the server', operator: 'operators', owner: 'owners' };

const todo = (key: BrowserKey | null) => (key === null
  ? 'You have no key in this browser. Make one on the page Trust, and ask an owner to let it in.'
  : 'The roster does not name this browser’s key yet. An owner can let it in on the page Trust.');
