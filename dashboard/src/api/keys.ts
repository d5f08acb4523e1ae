import type { AuditFilter, DeviceStatus } from './types';

export interface DeviceFilter {
  search?: string | undefined;
  tag?: string | undefined;
  online?: boolean | undefined;
  status?: DeviceStatus | undefined;
}

/** Names of everything that is kept of the server's answers. */
export const keys = {
  setup: ['setup'] as const,
  session: ['session'] as const,
  deviceLists: ['device-list'] as const,
  deviceList: (filter: DeviceFilter) => ['device-list', filter] as const,
  device: (id: string) => ['device', id] as const,
  metricNames: (id: string) => ['device', id, 'metric-names'] as const,
  series: (id: string, name: string, seconds: number) => ['device', id, 'series', name, seconds] as const,
  logs: (id: string) => ['device', id, 'logs'] as const,
  events: (id: string) => ['device', id, 'events'] as const,
  boots: (id: string) => ['device', id, 'boots'] as const,
  gaps: (id: string) => ['device', id, 'gaps'] as const,
  files: (id: string) => ['device', id, 'files'] as const,
  recordings: (id: string) => ['device', id, 'recordings'] as const,
  twin: (id: string) => ['device', id, 'twin'] as const,
  deviceUpdates: (id: string) => ['device', id, 'updates'] as const,
  components: (id: string) => ['device', id, 'components'] as const,
  updates: ['updates'] as const,
  updateList: (filter: { state?: string | undefined; overdue?: boolean | undefined; set?: string | undefined }) => ['updates', 'list', filter] as const,
  updateTotals: ['updates', 'totals'] as const,
  componentCounts: ['updates', 'components'] as const,
  repository: ['repository'] as const,
  releases: ['repository', 'releases'] as const,
  signingRoom: (root: string, roster: string) => ['repository', 'signing', root, roster] as const,
  commandTypes: ['command-types'] as const,
  commands: (id: string) => ['device', id, 'commands'] as const,
  commandSets: ['command-sets'] as const,
  commandSet: (id: string) => ['command-sets', id] as const,
  proposals: ['proposals'] as const,
  enrolmentTokens: ['enrolment-tokens'] as const,
  operators: ['operators'] as const,
  apiTokens: ['api-tokens'] as const,
  audit: ['audit'] as const,
  auditEntries: (filter: AuditFilter) => ['audit', 'entries', filter] as const,
  auditState: ['audit', 'state'] as const,
  auditFindings: ['audit', 'findings'] as const,
  rejections: ['rejections'] as const,
  relay: ['relay'] as const,
  relayActivity: ['relay', 'activity'] as const,
  mqttConnectionLists: ['relay', 'mqtt-connections'] as const,
  mqttConnections: (list: object) => ['relay', 'mqtt-connections', list] as const,
  relayChannels: (list: object) => ['relay', 'channels', list] as const,
  system: ['system'] as const,
  trust: ['trust'] as const,
  browserKey: (fleetId: string, accountId: string) => ['browser-key', fleetId, accountId] as const,
  keyRequests: ['key-requests'] as const,
};
