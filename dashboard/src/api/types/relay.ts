/** Counters since the relay started, and what of them happened lately; what never happened is left out of `recent`. */
export interface RelayCounters {
  total: Record<string, number>;
  recent: Record<string, number>;
}

export interface FleetActivity {
  state: string;
  lastError: string | null;
  devices: number;
  unauthenticated: number | null;
  principals: number | null;
  transports: Record<string, number>;
  counters: RelayCounters;
}

export interface MqttActivity {
  users: number;
  connections: number;
  maxConnections: number;
  sessions: number;
  keptSessions: number;
  retained: number;
  heldBytes: number;
  maxHeldBytes: number;
  receivedPerSecond: number;
  sentPerSecond: number;
  isFaulty: boolean;
  counters: RelayCounters;
}

export interface ChannelsActivity {
  count: number;
  maxCount: number;
  bytes: number;
  maxBytes: number;
  followers: number;
  mqttConnections: number;
  isFaulty: boolean;
  counters: RelayCounters;
}

export interface RelayActivity {
  time: string;
  /** How long `recent` is; 0 when the server has only just begun to count. */
  recentSeconds: number;
  /** The relay is another process: there is only the fleet's part of it. */
  elsewhere: { address: string; metrics: string } | null;
  fleet: FleetActivity;
  mqtt: MqttActivity | null;
  channels: ChannelsActivity | null;
  legacy: { sessions: number; counters: RelayCounters } | null;
}

export type MqttConnectionSort = 'waiting' | 'rate' | 'dropped' | 'newest';

export interface MqttConnection {
  id: string;
  user: string | null;
  clientId: string;
  address: string | null;
  transport: string;
  since: string;
  subscriptions: number;
  waitingMessages: number;
  inFlightMessages: number;
  waitingBytes: number;
  dropped: number;
  receivedPerSecond: number;
  sentPerSecond: number;
}

export type ChannelSort = 'rate' | 'size' | 'followers' | 'latest';

export interface RelayChannel {
  id: string;
  kind: 'sealed' | 'legacy';
  records: number;
  bytes: number;
  createdAt: string;
  usedAt: string;
  followers: number;
  members: number;
  recordsPerSecond: number;
}
