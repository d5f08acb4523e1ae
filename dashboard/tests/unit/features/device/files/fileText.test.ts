import { describe, expect, it } from 'vitest';
import { receivedShare, stateText } from '@/features/device/files/fileText';
import { file } from '../../../builders';

describe('stateText', () => {
  it('says why a file is incomplete', () => {
    expect(stateText(file({ state: 'incomplete', reason: 'source-changed' }))).toEqual({
      tone: 'bad', label: 'Incomplete', detail: 'it was written to while it was sent',
    });
  });

  it('shows a reason that it does not know as it is', () => {
    expect(stateText(file({ state: 'incomplete', reason: 'something-new' })).detail).toBe('something-new');
  });
});

describe('receivedShare', () => {
  it('is whole for an empty file', () => { expect(receivedShare(file({ size: 0, receivedBytes: 0 }))).toBe(1); });
  it('is a part of the size', () => { expect(receivedShare(file({ size: 200, receivedBytes: 50 }))).toBe(0.25); });
});
