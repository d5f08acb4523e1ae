import { describe, expect, it } from 'vitest';
import { readDeviceSearch, toFilter } from '@/features/devices/deviceSearch';
import { deviceState, transportText } from '@/features/devices/deviceState';

describe('readDeviceSearch', () => {
  it('unknownValues_AreLeftOut', () => expect(readDeviceSearch({ show: 'all', q: '', tag: ['x'], other: 1 })).toEqual({}));
  it('numberInTheAddress_IsText', () => expect(readDeviceSearch({ q: 42 })).toEqual({ q: '42' }));
});

describe('toFilter', () => {
  it('offline_AsksForActiveOnesOnly', () => expect(toFilter({ show: 'offline' })).toMatchObject({ online: false, status: 'active' }));
  it('pending_DoesNotAskForOnline', () => expect(toFilter({ show: 'pending', q: 'x' })).toEqual({ search: 'x', tag: undefined, status: 'pending' }));
});

describe('deviceState', () => {
  it('revoked_WinsOverOnline', () => expect(deviceState({ status: 'revoked', online: true }).label).toBe('Revoked'));
  it('transport_IsSpelledOut', () => expect(transportText('mqtt5+tls+ws')).toBe('MQTT 5, TLS, WebSocket'));
  it('transport_ThatPolls_IsSpelledOut', () => expect(transportText('mqtt5+tls+poll')).toBe('MQTT 5, TLS, long poll'));
});
