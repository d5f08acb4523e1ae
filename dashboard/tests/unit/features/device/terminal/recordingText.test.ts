import { expect, it } from 'vitest';
import { recordingState } from '@/features/device/terminal/recordingText';

it.each([
  ['complete', 'complete', 'Complete', 'good'],
  ['complete', 'broken-off', 'Broken off', 'warn'],
  ['receiving', 'complete', 'On its way', 'accent'],
  ['expired', 'complete', 'Not kept', 'plain'],
  ['incomplete', 'complete', 'Incomplete', 'bad'],
] as const)('a recording that is %s and ended %s is %s', (state, ended, label, tone) => {
  expect(recordingState({ state, ended, reason: 'source-gone' })).toMatchObject({ label, tone });
});
