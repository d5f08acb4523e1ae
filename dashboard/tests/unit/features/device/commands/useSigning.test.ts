import { describe, expect, it } from 'vitest';
import { noteOn, obstacleTo, remedyFor, type Signing } from '@/features/device/commands/useSigning';
import type { Signer } from '@/trust/signer';

const ready = (signerOf: (type: string) => Signer): Signing => ({ kind: 'ready', owned: true, signerOf });
const server: Signer = { by: 'server', note: null };
const nobody: Signer = { by: 'nobody', why: 'Only for keys of owners.', todo: 'Make one.' };

describe('what stands in the way of a command', () => {
  it('ready_IsWhatThePolicySays', () => {
    const signing = ready((type) => (type === 'ping' ? server : nobody));
    expect(obstacleTo(signing, 'ping')).toBeNull();
    expect(obstacleTo(signing, 'reboot')).toBe('Only for keys of owners.');
    expect(remedyFor(signing, ['ping', 'reboot'])).toBe('Make one.');
    expect(remedyFor(signing, ['ping'])).toBeNull();
  });

  it('alarm_IsEverything', () => {
    expect(obstacleTo({ kind: 'alarm' }, 'ping')).not.toBeNull();
    expect(remedyFor({ kind: 'alarm' }, [])).toMatch(/Nothing is sent/);
  });

  it('withoutASecureConnection_IsWhatAServerMayNotSign_OnceTheFleetIsOwned', () => {
    expect(obstacleTo({ kind: 'blind', owned: false }, 'reboot')).toBeNull();
    expect(obstacleTo({ kind: 'blind', owned: true }, 'reboot')).toBe('Only for keys of people.');
    expect(obstacleTo({ kind: 'blind', owned: true }, 'ping')).toBeNull();
    expect(remedyFor({ kind: 'blind', owned: true }, ['reboot'])).toMatch(/https:/);
  });

  it('aNote_IsShownWhereItCanBeSent', () => {
    expect(noteOn(ready(() => ({ by: 'server', note: 'later' })), 'ping')).toBe('later');
    expect(noteOn(ready(() => nobody), 'ping')).toBeNull();
    expect(noteOn({ kind: 'pending' }, 'ping')).toBeNull();
  });
});
