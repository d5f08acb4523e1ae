import { describe, expect, it } from 'vitest';
import { policyRows, whenText } from '@/features/trust/policy/policyText';

const rule = { types: ['reboot'], roles: ['owner'], signatures: 1, windows: [] };

describe('the policy in words', () => {
  it('withoutRules_IsWhatHoldsInEveryFleet', () => {
    expect(policyRows([]).map(({ what, who, byDefault }) => [what, who, byDefault])).toEqual([
      ['Ping, Collect now, Set intervals, Set the desired state', 'the server, operators, owners', true],
      ['Restart a unit, Reboot, Run a script, Set an output, Set a PWM output, Tell a program, Cancel', 'operators, owners', true],
      ['Everything else, such as Rotate keys', 'owners', true],
    ]);
  });

  it('whatAnEarlierRuleDecides_IsNotSaidAgain', () => {
    const rows = policyRows([{ ...rule, signatures: 2 }, { ...rule, roles: [] }]);
    expect(rows[0]).toMatchObject({ what: 'Reboot', who: '2 together of: owners', byDefault: false });
    expect(rows.filter(({ what }) => what.includes('Reboot'))).toHaveLength(1);
  });

  it('aRuleForEverything_IsTheLast', () => {
    expect(policyRows([{ ...rule, types: ['*'], roles: [] }])).toMatchObject([{ what: 'Everything', who: 'nobody' }]);
  });

  it('windows_AreSaidAsPeopleDo', () => {
    expect(whenText([])).toBe('any time');
    expect(whenText([{ days: 0b11111, fromMinute: 120, minutes: 120 }])).toBe('Mon–Fri 02:00–04:00 UTC');
    expect(whenText([{ days: 0b1000001, fromMinute: 1380, minutes: 120 }, { days: 127, fromMinute: 0, minutes: 60 }])).toBe('Mon, Sun 23:00–01:00 UTC; daily 00:00–01:00 UTC');
  });
});
