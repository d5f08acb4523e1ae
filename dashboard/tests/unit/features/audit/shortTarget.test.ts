import { describe, expect, it } from 'vitest';
import { shortTarget } from '@/features/audit/shortTarget';

describe('shortTarget', () => {
  it('ids_AreCut_WordsStay', () => {
    const id = '00e1e33f65d6d3b8e6f17e11e04c3802';
    expect(shortTarget(`devices/${id}/commands/${id}`)).toBe('devices/00e1e33f…/commands/00e1e33f…');
    expect(shortTarget('operators/mira')).toBe('operators/mira');
  });
});
