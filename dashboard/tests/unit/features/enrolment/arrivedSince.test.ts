import { describe, expect, it } from 'vitest';
import { arrivedSince } from '@/features/enrolment/arrivedSince';
import { device } from '../../builders';

const since = '2026-03-01T12:00:00.000Z';

describe('arrivedSince', () => {
  it('olderDevice_IsNotNew', () => expect(arrivedSince([], device(), since)).toEqual([]));

  it('newDevice_Arrives', () => {
    const arrived = device({ createdAt: '2026-03-01T12:00:05.000Z', enrolledAt: null, status: 'pending' });
    expect(arrivedSince([], arrived, since)).toEqual([arrived]);
  });

  it('enrolledAgain_ArrivesToo', () => expect(arrivedSince([], device({ enrolledAt: '2026-03-01T12:00:05.000Z' }), since)).toHaveLength(1));

  it('approved_ReplacesThePendingOne', () => {
    const pending = device({ createdAt: '2026-03-01T12:00:05.000Z', status: 'pending' });
    expect(arrivedSince([pending], { ...pending, status: 'active' }, since).map(({ status }) => status)).toEqual(['active']);
  });
});
