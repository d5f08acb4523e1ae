import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gapRecords, gapText } from '@/features/device/events/gapText';

const agentReasons = [...readFileSync('../agent/Spool/GapReasons.cs', 'utf8').matchAll(/GapReason\.\w+ => "([a-z-]+)"/g)].map(([, word]) => word ?? '');

describe('gapText', () => {
  it('agentSources_NameReasons', () => expect(agentReasons.length).toBeGreaterThan(3));
  it.each(agentReasons)('%s_IsExplained', (reason) => expect(gapText(reason)).not.toBe(''));
  it('newReason_HasNoExplanation', () => expect(gapText('zzz')).toBe(''));
});

describe('gapRecords', () => {
  it('one_IsCalledByItsNumber', () => expect(gapRecords({ fromSeq: 5, toSeq: 5 })).toBe('1 record, number 5'));
  it('many_AreCounted', () => expect(gapRecords({ fromSeq: 1, toSeq: 1200 })).toBe('1,200 records, 1 to 1200'));
});
