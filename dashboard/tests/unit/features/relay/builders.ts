import type { RelayActivity, RelayCounters } from '@/api/types';

const none: RelayCounters = { total: {}, recent: {} };

/** A relay in the same process on which nothing happens, with these counters. */
export function activity(counters: { fleet?: RelayCounters; mqtt?: RelayCounters; channels?: RelayCounters } = {}, change: Partial<RelayActivity> = {}): RelayActivity {
  return {
    time: '2026-01-01T00:00:00.000Z', recentSeconds: 60, elsewhere: null,
    fleet: { state: 'ready', lastError: null, devices: 0, unauthenticated: 0, principals: 0, transports: {}, counters: counters.fleet ?? none },
    mqtt: {
      users: 0, connections: 0, maxConnections: 20_000, sessions: 0, keptSessions: 0, retained: 0, heldBytes: 0, maxHeldBytes: 1, receivedPerSecond: 0, sentPerSecond: 0,
      isFaulty: false, counters: counters.mqtt ?? none,
    },
    channels: { count: 0, maxCount: 100_000, bytes: 0, maxBytes: 1, followers: 0, mqttConnections: 0, isFaulty: false, counters: counters.channels ?? none },
    legacy: { sessions: 0, counters: none },
    ...change,
  };
}
