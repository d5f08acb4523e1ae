export type DeviceStatus = 'pending' | 'active' | 'revoked';

export interface Rejection {
  side: 'server' | 'device';
  reason: string;
  count: number;
  lastAt: string | null;
}

/** One reason over all devices. */
export interface RejectionTotal extends Rejection {
  devices: number;
  lastDeviceId: string;
  lastDeviceName: string | null;
}

export interface Device {
  id: string;
  name: string;
  status: DeviceStatus;
  /** Why it is not active; null when there is nothing to say. */
  statusReason: string | null;
  online: boolean;
  connected: boolean;
  /** How it is connected: mqtt5, mqtt3.1.1, with +tls and +ws; null while it is not. */
  transport: string | null;
  lastSeen: string | null;
  createdAt: string;
  enrolledAt: string | null;
  tags: string[];
  hostname: string | null;
  os: string | null;
  architecture: string | null;
  agentVersion: string | null;
  model: string | null;
  uptimeSeconds: number | null;
  facts: Record<string, string>;
  /** Collector name to its interval in milliseconds. */
  intervals: Record<string, number>;
  allowedCommands: string[];
  scripts: string[];
  units: string[];
  /** Newest value of each attribute-less series. */
  latest: Record<string, number> | null;
  rejections: Rejection[];
  gaps: number;
  /** Until when metrics and logs are kept back, and who asked; missing when they come. */
  pause?: { until: string; by: 'operator' | 'server-busy' } | null;
  /** The running boot, which dangerous commands are bound to; missing when it was never there. */
  boot?: { id: string; uptimeMs: number } | null;
}
