import type { DeviceFilter } from '@/api/keys';
import type { DeviceStatus } from '@/api/types';

/** The filter as it stands in the page's address. */
export interface DeviceSearch {
  q?: string;
  tag?: string;
  show?: 'online' | 'offline' | 'pending' | 'revoked';
}

const shows = ['online', 'offline', 'pending', 'revoked'] as const;

export function readDeviceSearch(search: Record<string, unknown>): DeviceSearch {
  const show = shows.find((value) => value === search['show']);
  // The address parser turns ?q=42 into a number.
  const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
  const q = text(search['q']);
  const tag = text(search['tag']);
  return { ...(q === '' ? {} : { q }), ...(tag === '' ? {} : { tag }), ...(show ? { show } : {}) };
}

export function toFilter({ q, tag, show }: DeviceSearch): DeviceFilter {
  const byShow: Record<string, { online?: boolean; status?: DeviceStatus }> = {
    online: { online: true, status: 'active' },
    offline: { online: false, status: 'active' },
    pending: { status: 'pending' },
    revoked: { status: 'revoked' },
  };
  return { search: q, tag, ...(show ? byShow[show] : {}) };
}
