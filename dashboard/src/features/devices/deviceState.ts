import type { Device } from '@/api/types';
import type { Tone } from '@/ui/Chip';

export interface DeviceState {
  label: string;
  tone: Tone;
  detail: string;
}

/** What a device is doing, in a word. Revoked and pending say more than a connection does. */
export function deviceState(device: Pick<Device, 'status' | 'online'>): DeviceState {
  if (device.status === 'revoked') return { label: 'Revoked', tone: 'bad', detail: 'Its keys are no longer accepted; it cannot connect.' };
  if (device.status === 'pending') return { label: 'Waits for approval', tone: 'warn', detail: 'It enrolled and waits until somebody approves it.' };
  if (device.online) return { label: 'Online', tone: 'good', detail: 'Connected to the relay.' };
  return { label: 'Offline', tone: 'plain', detail: 'Not connected. What it collects waits on the device.' };
}

export function platformText(device: Pick<Device, 'os' | 'architecture' | 'model'>): string {
  return [device.model, device.os, device.architecture].filter((part) => part !== null && part !== '').join(' · ');
}

/** mqtt5+tls+ws as people say it: MQTT 5, TLS, WebSocket. */
export function transportText(transport: string): string {
  const names: Record<string, string> = { 'mqtt5': 'MQTT 5', 'mqtt3.1.1': 'MQTT 3.1.1', 'tls': 'TLS', 'ws': 'WebSocket', 'poll': 'long poll' };
  return transport.split('+').map((part) => names[part] ?? part).join(', ');
}
