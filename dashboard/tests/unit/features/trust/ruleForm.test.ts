import { describe, expect, it } from 'vitest';
import { emptyRule, readRule } from '@/features/trust/policy/ruleForm';
import { toBase64Url } from '@/trust/protocol/bytes';

const form = (more: Partial<typeof emptyRule>) => ({ ...emptyRule, types: ['reboot'], ...more });

describe('the form for a rule', () => {
  it('reads who and how many', () => {
    expect(readRule(form({ signatures: 2 }))).toEqual({ types: ['reboot'], roles: ['operator', 'owner'], signatures: 2, windows: [] });
    expect(readRule(form({ who: 'owners', types: ['reboot', '*'] }))).toEqual({ types: ['*'], roles: ['owner'], signatures: 1, windows: [] });
    expect(readRule(form({ who: 'nobody', signatures: 3, hasWindow: true }))).toEqual({ types: ['reboot'], roles: [], signatures: 1, windows: [] });
  });

  it('reads for whom shells are recorded, where the rule is about shells', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    const key = `mrk1.${toBase64Url(point)}`;
    expect(readRule(form({ types: ['shell'], record: ` ${key}\n` }))).toMatchObject({ types: ['shell'], record: [point] });
    expect(readRule(form({ record: key }))).not.toHaveProperty('record');
    expect(readRule(form({ types: ['shell'], record: '' }))).not.toHaveProperty('record');
    expect(readRule(form({ types: ['shell'], record: key.slice(0, -2) }))).toMatch(/fleetctl recordings key/);
    expect(readRule(form({ types: ['shell'], record: toBase64Url(point) }))).toMatch(/fleetctl recordings key/);
    expect(readRule(form({ types: ['*'], record: `${key} ${key}` }))).toMatch(/none twice/);
  });

  it.each([
    [['5'], '02:00', '04:00', { days: 0b010_0000, fromMinute: 120, minutes: 120 }],
    [['0', '6'], '22:00', '02:00', { days: 0b100_0001, fromMinute: 1320, minutes: 240 }],
    [['2'], '06:00', '06:00', { days: 0b000_0100, fromMinute: 360, minutes: 1440 }],
  ])('reads a window on %j from %s to %s', (days, from, to, window) => {
    expect(readRule(form({ hasWindow: true, days, from, to }))).toMatchObject({ windows: [window] });
  });

  it('says what is missing', () => {
    expect(readRule(form({ types: [] }))).toMatch(/at least one command/);
    expect(readRule(form({ hasWindow: true }))).toMatch(/at least one day/);
    expect(readRule(form({ hasWindow: true, days: ['1'], from: '' }))).toMatch(/from when to when/);
    expect(readRule(form({ hasWindow: true, days: ['1'], to: '24:00' }))).toMatch(/from when to when/);
  });
});
