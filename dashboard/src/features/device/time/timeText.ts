import type { Boot, TimeQuality } from '@/api/types';

/** What stands beside a time that is not simply right. */
export function timeMark(quality: TimeQuality): { sign: string; text: string } | null {
  switch (quality) {
    case 'estimated':
      return { sign: '≈', text: 'Estimated: the device had no clock, and its boot was over before the server could tell when it was.' };
    case 'unplaced':
      return { sign: '?', text: 'Not known yet: the device had no clock. This is when it arrived.' };
    default:
      return null;
  }
}

export interface TimeSummary {
  tone: 'plain' | 'warn';
  title: string;
  text: string;
}

/** What an operator should know of a device's times; null where its own clock is right. Boots come newest first. */
export function timeSummary(boots: readonly Boot[]): TimeSummary | null {
  const waiting = boots.reduce((sum, boot) => sum + boot.unplacedPoints, 0);
  if (waiting > 0) {
    return {
      tone: 'warn',
      title: waiting === 1 ? 'One measurement waits for its time' : `${waiting.toLocaleString('en-GB')} measurements wait for their time`,
      text: 'The device had no clock when it measured them. They are stored, and shown as soon as it is known when that boot was.',
    };
  }

  const estimated = boots.filter((boot) => boot.timeQuality === 'estimated').length;
  if (estimated > 0) {
    return {
      tone: 'warn',
      title: estimated === 1 ? 'The times of one boot are estimated' : `The times of ${estimated.toLocaleString('en-GB')} boots are estimated`,
      text: 'The device had no clock, and was never connected during them. They stand between the boots before and after.',
    };
  }

  return boots[0]?.timeQuality === 'anchored'
    ? { tone: 'plain', title: 'This device’s clock is not kept right', text: 'The server dates its measurements by the time since it started.' }
    : null;
}
