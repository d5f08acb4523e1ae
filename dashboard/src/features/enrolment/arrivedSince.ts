import type { Device } from '@/api/types';

/** Devices that enrolled after the command was made, newest state of each, in the order they came. */
export function arrivedSince(known: Device[], device: Device, since: string): Device[] {
  if (known.some(({ id }) => id === device.id)) return known.map((old) => (old.id === device.id ? device : old));
  const newest = Math.max(Date.parse(device.createdAt), device.enrolledAt === null ? 0 : Date.parse(device.enrolledAt));
  return newest >= Date.parse(since) ? [...known, device] : known;
}
