import { describe, expect, it } from 'vitest';
import type { Release, UpdateState } from '@/api/types';
import { updateArguments } from '@/features/updates/updateArguments';
import { bytesText, fetchedText, overdueFirst, reasonText, releaseText, shareOf, steps, targetsEnd, underWay, updateStates } from '@/features/updates/updateText';
import { encodeArguments } from '@/trust/protocol/commandArguments';

const release: Release = {
  target: 'agents/a', kind: 'agent', name: 'app', version: '1.4.0', counter: 4, hardware: [], requires: [], size: 5, sha256: 'a'.repeat(64), contentSha256: 'b'.repeat(64), contentSize: 5,
  encrypted: true, deltas: [],
};

describe('the end of the targets', () => {
  it('is said before and after it', () => {
    expect(targetsEnd('2026-12-09T12:00:00Z', Date.parse('2026-11-30T12:00:00Z'))).toBe('The signatures end');
    expect(targetsEnd('2026-12-09T12:00:00Z', Date.parse('2026-12-10T12:00:00Z'))).toBe('The signatures ended');
  });
});

describe('the way of an update', () => {
  it('has behind it what is done, and one place where it is', () => {
    const at = (state: UpdateState) => steps({ state, ended: false }).map((step) => step.at).join(' ');
    expect(at('downloading')).toBe('past past now ahead ahead ahead ahead ahead ahead ahead');
    expect(at('committed')).toBe('past past past past past past past past past past');
    // What is not proven is no end.
    expect(at('unproven')).toBe(at('checking'));
  });

  it('knows every state, and which of them are no ends', () => {
    expect(Object.keys(updateStates)).toHaveLength(17);
    expect(underWay.every((state) => !['committed', 'reverted', 'failed', 'rejected', 'expired', 'cancelled', 'unknown'].includes(state))).toBe(true);
  });

  it('shows the overdue first', () => {
    expect(overdueFirst([{ silentSince: null, n: 1 }, { silentSince: '2026-01-01T00:00:00Z', n: 2 }, { silentSince: null, n: 3 }]).map(({ n }) => n)).toEqual([2, 1, 3]);
  });
});

describe('texts', () => {
  it('names a release by what is known of it', () => {
    expect(releaseText({ name: 'app', version: '1.4.0', target: 'a' })).toBe('app 1.4.0');
    expect(releaseText({ name: '', version: '', target: 'a' })).toBe('a');
    expect(releaseText({ name: '', version: '', target: '' })).toBe('An unknown release');
  });

  it('says why, and shows a word that it does not know', () => {
    expect(reasonText('unhealthy')).toBe('Its checks did not pass in time.');
    expect(reasonText('tuf-no-root')).toBe('The repository was refused: no-root.');
    expect(reasonText('something')).toBe('something');
  });

  it('says from whom bytes came', () => {
    expect(fetchedText({ fetched: null })).toBe('');
    expect(fetchedText({ fetched: { neighbours: 11_534_336, mirrors: 0, homes: 2048 } })).toBe('11.0 MiB from neighbours, 2.0 KiB from the fleet');
  });

  it('measures bytes', () => {
    expect([0, 1023, 1536, 11_534_336].map(bytesText)).toEqual(['0 B', '1023 B', '1.5 KiB', '11.0 MiB']);
    expect(shareOf({ done: 5, total: 10, ended: false })).toBe(0.5);
    expect(shareOf({ done: 5, total: 10, ended: true })).toBeNull();
    expect(shareOf({ done: 5, total: 0, ended: false })).toBeNull();
  });
});

describe('an assignment', () => {
  it('is what the release and the form say, and nothing that is empty', () => {
    expect(updateArguments({ release, key: null, within: 3600, spread: 0, mirrors: ' ' })).toEqual({ target: 'agents/a', length: 5, sha256: 'a'.repeat(64), seconds: 3600, spread: 0 });
    const args = updateArguments({ release, key: btoa('k'.repeat(32)), within: 3600, spread: 60, mirrors: 'https://a/\nhttp://b:80/x/' });
    expect(args['mirrors']).toEqual(['https://a/', 'http://b:80/x/']);
    expect(encodeArguments('update', args)).toHaveLength(1 + 9 + 1 + 34 + 34 + (1 + 11 + 15) + 3 + 2);
  });

  it('refuses a spread as long as the time', () => {
    expect(() => encodeArguments('update', updateArguments({ release, key: null, within: 3600, spread: 3600, mirrors: '' }))).toThrow('below');
  });
});
