import { describe, expect, it } from 'vitest';
import { endText } from '@/features/device/terminal/endText';
import { obstacleOf } from '@/features/device/session/openSession';
import { device } from '../../builders';

describe('a terminal', () => {
  const able = { status: 'active' as const, online: true, allowedCommands: ['shell'] };

  it.each([
    ['nothing', able, null],
    ['the device’s approval', { ...able, status: 'pending' as const }, /approved/],
    ['what the device allows', { ...able, allowedCommands: ['ping'] }, /Commands:Allow/],
    ['the device', { ...able, online: false }, /not connected/],
  ])('says what is missing: %s', (_, changes, text) => {
    const obstacle = obstacleOf(device(changes), 'shell');
    if (text === null) expect(obstacle).toBeNull();
    else expect(obstacle).toMatch(text);
  });

  it.each([
    [{ reason: 'done' as const, exitCode: 0, text: '' }, 'plain', 'The shell has ended with exit code 0'],
    [{ reason: 'done' as const, exitCode: 3, text: '' }, 'warn', 'The shell has ended with exit code 3'],
    [{ reason: 'idle' as const, exitCode: null, text: '' }, 'plain', 'The device has closed the terminal'],
    [{ reason: 'lost' as const, exitCode: null, text: 'gone' }, 'bad', 'The terminal has ended'],
  ])('says how it ended: %j', (end, tone, title) => expect(endText(end)).toMatchObject({ tone, title }));
});
