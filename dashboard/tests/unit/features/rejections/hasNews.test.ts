import { describe, expect, it } from 'vitest';
import { hasNews } from '@/features/rejections/hasNews';
import type { Rejection } from '@/api/types';

const entry = (reason: string, lastAt: string): Rejection => ({ side: 'server', reason, count: 1, lastAt });

describe('hasNews', () => {
  const totals = [entry('tampered', '2026-01-01T00:00:05.000Z')];
  it('same_IsNoNews', () => expect(hasNews(totals, totals)).toBe(false));
  it('later_IsNews', () => expect(hasNews(totals, [entry('tampered', '2026-01-01T00:00:06.000Z')])).toBe(true));
  it('otherReason_IsNews', () => expect(hasNews(totals, [entry('truncated', '2026-01-01T00:00:01.000Z')])).toBe(true));
});
