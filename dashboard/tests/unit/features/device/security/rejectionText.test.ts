import { describe, expect, it } from 'vitest';
import { rejectionText } from '@/features/device/security/rejectionText';

describe('rejectionText', () => {
  it('replay_IsExplained', () => expect(rejectionText('record-replayed')).toContain('second time'));
  it('newReason_HasNoExplanation', () => expect(rejectionText('zzz')).toBe(''));
});
