import { describe, expect, it } from 'vitest';
import { emptyTail, matches, mostLines, reduceTail, type LogAction, type LogTail } from '@/features/device/logs/logTail';
import { line } from '../../../builders';

const run = (...actions: LogAction[]) => actions.reduce(reduceTail, emptyTail);
const ids = (tail: LogTail) => tail.lines.map(({ id }) => Number(id));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => line(from + i));

describe('reduceTail', () => {
  it('reset_NewestFirstAnswer_StandsOldestFirst', () => {
    expect(ids(run({ type: 'reset', items: [line(3), line(2), line(1)], next: null }))).toEqual([1, 2, 3]);
  });

  it('reset_WithinOneMoment_KeepsTheServersOrderReversed', () => {
    const at = line(1).time;
    const items = [line(5), line(4, { time: at }), line(3, { time: at })];
    expect(ids(run({ type: 'reset', items, next: null }))).toEqual([3, 4, 5]);
  });

  it('reset_AllWithinOneMoment_StandInTheOrderTheyWereWritten', () => {
    const at = line(1).time;
    const items = [10, 9, 2, 1].map((id) => line(id, { time: at }));
    expect(ids(run({ type: 'reset', items, next: null }))).toEqual([1, 2, 9, 10]);
  });

  it('older_OfTheSameMoment_StandAbove', () => {
    const at = line(1).time;
    const newer = [line(4, { time: at }), line(3, { time: at })];
    const older = [line(2, { time: at }), line(1, { time: at })];
    expect(ids(run({ type: 'reset', items: newer, next: '3' }, { type: 'older', items: older, next: null }))).toEqual([1, 2, 3, 4]);
  });

  it('live_KnownLine_IsNotDoubled', () => {
    expect(ids(run({ type: 'reset', items: [line(2), line(1)], next: null }, { type: 'live', items: [line(2), line(3)] }))).toEqual([1, 2, 3]);
  });

  it('live_LateLine_GoesWhereItBelongs', () => {
    expect(ids(run({ type: 'reset', items: [line(9), line(1)], next: null }, { type: 'live', items: [line(5)] }))).toEqual([1, 5, 9]);
  });

  it('pause_HoldsLines_ResumeShowsThem', () => {
    const paused = run({ type: 'reset', items: [line(1)], next: null }, { type: 'pause' }, { type: 'live', items: [line(2), line(3)] });
    expect(ids(paused)).toEqual([1]);
    expect(paused.held).toHaveLength(2);
    expect(ids(reduceTail(paused, { type: 'resume' }))).toEqual([1, 2, 3]);
  });

  it('older_IsPutAbove_WithoutDoubles', () => {
    const tail = run({ type: 'reset', items: [line(4), line(3)], next: 'a' }, { type: 'older', items: [line(3), line(2), line(1)], next: null });
    expect(ids(tail)).toEqual([1, 2, 3, 4]);
    expect(tail.next).toBeNull();
  });

  it('live_TooManyLines_OldestFallOff_AndCanBeReadAgain', () => {
    const tail = run({ type: 'reset', items: range(0, mostLines), next: null }, { type: 'live', items: range(mostLines, mostLines + 10) });
    expect(tail.lines).toHaveLength(mostLines);
    expect(ids(tail)[0]).toBe(10);
    expect(tail.next).toBe('10');
  });
});

describe('matches', () => {
  it('search_IgnoresCase', () => expect(matches(line(1, { body: 'Modem LOST' }), { search: 'modem lost', minSeverity: 0 })).toBe(true));
  it('severityBelow_IsLeftOut', () => expect(matches(line(1, { severity: 9 }), { search: '', minSeverity: 13 })).toBe(false));
  it('noSeverity_PassesOnlyWithoutFilter', () => {
    expect(matches(line(1, { severity: 0 }), { search: '', minSeverity: 0 })).toBe(true);
    expect(matches(line(1, { severity: 0 }), { search: '', minSeverity: 5 })).toBe(false);
  });
});
