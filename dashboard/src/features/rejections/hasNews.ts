import type { Rejection } from '@/api/types';

/** Whether a device was refused something since the totals were read. */
export function hasNews(totals: readonly Rejection[], rejections: readonly Rejection[]): boolean {
  return rejections.some((entry) => {
    const known = totals.find(({ side, reason }) => side === entry.side && reason === entry.reason);
    return known === undefined || (entry.lastAt ?? '') > (known.lastAt ?? '');
  });
}
