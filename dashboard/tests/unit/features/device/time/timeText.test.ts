import { describe, expect, it } from 'vitest';
import type { Boot, TimeQuality } from '@/api/types';
import { timeMark, timeSummary } from '@/features/device/time/timeText';

function boot(timeQuality: TimeQuality, unplacedPoints = 0): Boot {
  return {
    bootId: '21'.repeat(16), began: null, knownUntil: null, uptimeMs: 1000, timeQuality, source: null, uncertaintyMs: null, unplacedPoints,
    lastRecordAt: '2026-11-28T12:00:00Z',
  };
}

describe('timeSummary', () => {
  it('noBoots_SaysNothing', () => expect(timeSummary([])).toBeNull());
  it('clockThatIsRight_SaysNothing', () => expect(timeSummary([boot('exact'), boot('anchored')])).toBeNull());
  it('clockThatIsNotKeptRight_SaysWhoDates', () => expect(timeSummary([boot('anchored'), boot('exact')])).toMatchObject({ tone: 'plain' }));
  it('pointsThatWait_AreCountedOverAllBoots', () =>
    expect(timeSummary([boot('exact'), boot('unplaced', 1000), boot('unplaced', 234)])?.title).toBe('1,234 measurements wait for their time'));
  it('onePointThatWaits_IsOne', () => expect(timeSummary([boot('unplaced', 1)])?.title).toBe('One measurement waits for its time'));
  it('estimatedBoots_AreSaidPlainly', () => {
    expect(timeSummary([boot('exact'), boot('estimated')])).toMatchObject({ tone: 'warn', title: 'The times of one boot are estimated' });
    expect(timeSummary([boot('exact'), boot('estimated'), boot('estimated')])?.title).toBe('The times of 2 boots are estimated');
  });
});

describe('timeMark', () => {
  it.each(['exact', 'anchored'] as const)('%s_NeedsNone', (quality) => expect(timeMark(quality)).toBeNull());
  it('estimated_IsMarked', () => expect(timeMark('estimated')).toMatchObject({ sign: '≈' }));
  it('unplaced_IsMarkedAsTheArrival', () => expect(timeMark('unplaced')?.text).toContain('when it arrived'));
});
