import { createContext, use } from 'react';
import type { Device } from '@/api/types';

export const DeviceContext = createContext<Device | null>(null);

/** The device whose page this is. */
export function useDevice(): Device {
  const device = use(DeviceContext);
  if (device === null) throw new Error('useDevice works on a device’s page only');
  return device;
}
