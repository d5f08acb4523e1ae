import { toHex } from '../protocol/bytes';
import type { FleetTrust } from '../protocol/fleetTrust';
import { anyType, maxRules, type PolicyRule } from '../protocol/policy';
import type { RosterContent } from '../protocol/roster';
import { Refused } from '../refused';
import { nextRoster } from './rosterEdits';
import type { Clock } from './signingTime';

/** One rule more, before all others, so that it decides. */
export const withRule = (trust: FleetTrust, rule: PolicyRule, clock: Clock): RosterContent => withRules(trust, [rule, ...trust.roster.rules], clock);

/** Without the rule at this place; another one may stand there by now, which is left alone. */
export function withoutRule(trust: FleetTrust, index: number, rule: PolicyRule, clock: Clock): RosterContent {
  const there = trust.roster.rules[index];
  if (!there || !isSame(there, rule)) throw new Refused('Somebody else changed the rules meanwhile. Nothing was done; look at them, and try again.');
  return withRules(trust, trust.roster.rules.filter((_, i) => i !== index), clock);
}

function withRules(trust: FleetTrust, rules: readonly PolicyRule[], clock: Clock): RosterContent {
  if (rules.length > maxRules) throw new Refused(`There can be at most ${maxRules} rules. Remove one first.`);
  rules.forEach((rule, i) => {
    const before = rules.slice(0, i);
    if (rule.types.every((type) => before.some((one) => one.types.includes(anyType) || one.types.includes(type)))) {
      throw new Refused(`The rule about ${rule.types.join(', ')} that stands there already would never decide any more. Remove it first.`);
    }
    const signers = signersOf(trust, rule, clock.now);
    if (rule.roles.length > 0 && signers < rule.signatures) {
      throw new Refused(`The roster names ${signers} who could sign that, and the rule wants ${rule.signatures}. Let more people in first.`);
    }
  });
  return { ...nextRoster(trust, trust.roster.principals, clock), rules };
}

/** Whose time is not over, each key once. */
export function signersOf(trust: FleetTrust, rule: Pick<PolicyRule, 'roles'>, now: number): number {
  const able = trust.roster.principals.filter(({ roles, notAfter }) => rule.roles.some((role) => roles.includes(role)) && (notAfter === null || notAfter > now));
  return able.filter((one, i) => able.findIndex(({ identity }) => identity.equals(one.identity)) === i).length;
}

const isSame = (a: PolicyRule, b: PolicyRule) => textOf(a) === textOf(b);
const textOf = ({ types, roles, signatures, windows, record }: PolicyRule) => JSON.stringify([types, roles, signatures, windows, (record ?? []).map(toHex)]);
