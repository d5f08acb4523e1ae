import { describe, expect, it } from 'vitest';
import { appendPoints, commonGaps, gapsOf, latestValue, toRate, usualSpacing, type Line } from '@/features/device/charts/lines';

const line = (...points: [number, number | null][]): Line => ({ attributes: {}, times: points.map(([t]) => t), values: points.map(([, v]) => v) });
const points = (result: Line) => result.times.map((time, i) => [time, result.values[i]]);
const steady = line([0, 1], [2000, 1], [4000, 1], [6000, 1]);

describe('usualSpacing', () => {
  it('steadyLine_IsItsInterval', () => expect(usualSpacing(steady)).toBe(2000));
  it('acrossAGap_DoesNotCount', () => expect(usualSpacing(line([0, 1], [2000, 1], [4000, 1], [5000, null], [90_000, 1], [92_000, 1]))).toBe(2000));
  it('tooFewPoints_IsUnknown', () => expect(usualSpacing(line([0, 1], [2000, 1]))).toBeNull());
});

describe('appendPoints', () => {
  it('nextPoint_IsAdded', () => expect(points(appendPoints(steady, [[8000, 5]], 0, 0)).at(-1)).toEqual([8000, 5]));

  it('knownOrOlderPoints_AreLeftOut', () => {
    expect(points(appendPoints(steady, [[6000, 9], [4000, 9]], 0, 0))).toEqual(points(steady));
  });

  it('longPause_BecomesAGap', () => {
    expect(points(appendPoints(steady, [[60_000, 5]], 0, 0)).slice(-3)).toEqual([[6000, 1], [6001, null], [60_000, 5]]);
  });

  it('lateByOneInterval_IsNoGap', () => {
    expect(appendPoints(steady, [[10_000, 5]], 0, 0).values).not.toContain(null);
  });

  it('valueThatIsNotANumber_IsLeftOut', () => {
    expect(points(appendPoints(steady, [[8000, null]], 0, 0))).toEqual(points(steady));
  });

  it('olderThanTheWindow_FallsOff_ButOneStaysToDrawTheEdge', () => {
    expect(appendPoints(steady, [[8000, 1]], 5000, 0).times).toEqual([4000, 6000, 8000]);
  });

  it('sameBucket_IsAveraged', () => {
    expect(points(appendPoints(line([0, 2]), [[500, 4]], 0, 1000))).toEqual([[0, 3]]);
  });
});

describe('toRate', () => {
  it('counter_BecomesChangePerSecond', () => expect(toRate(line([0, 100], [2000, 300], [4000, 300])).values).toEqual([null, 100, 0]));
  it('restartedCounter_HasNoRate', () => expect(toRate(line([0, 100], [1000, 5], [2000, 6])).values).toEqual([null, null, 1]));
  it('afterAGap_HasNoRate', () => expect(toRate(line([0, 1], [1000, null], [2000, 5], [3000, 6])).values).toEqual([null, null, null, 1]));
});

describe('gaps', () => {
  it('nullBetweenPoints_IsAGapFromPointToPoint', () => {
    expect(gapsOf(line([0, 1], [1000, null], [2000, null], [3000, 1]), 3000)).toEqual([{ from: 0, to: 3000 }]);
  });

  it('nothingBeforeTheFirstPoint_IsNoGap', () => expect(gapsOf(line([0, null], [1000, 1]), 1000)).toEqual([]));

  it('silenceUntilNow_IsAGap', () => expect(gapsOf(steady, 60_000)).toEqual([{ from: 6000, to: 60_000 }]));

  it('common_IsWhereAllLinesMiss', () => {
    const one = line([0, 1], [1000, null], [9000, 1]);
    const other = line([0, 1], [4000, 1], [4500, null], [9000, 1]);
    expect(commonGaps([one, other], 9000)).toEqual([{ from: 4000, to: 9000 }]);
  });

  it('common_OneLineWithoutGap_IsNone', () => expect(commonGaps([steady, line([0, 1], [1, null], [6000, 1])], 6000)).toEqual([]));
});

describe('latestValue', () => {
  it('endsInAGap_IsTheLastMeasured', () => expect(latestValue(line([0, 1], [1, 7], [2, null]))).toBe(7));
  it('empty_IsNull', () => expect(latestValue(line())).toBeNull());
});
