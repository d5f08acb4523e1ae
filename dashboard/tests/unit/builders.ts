import type { Command, Device, DeviceFile, LogRecord } from '@/api/types';

export function device(change: Partial<Device> = {}): Device {
  return {
    id: 'd', name: 'device', status: 'active', statusReason: null, online: true, connected: true, transport: 'mqtt5', lastSeen: null,
    createdAt: '2026-01-01T00:00:00.000Z', enrolledAt: '2026-01-01T00:00:00.000Z', tags: [], hostname: null, os: null, architecture: null,
    agentVersion: null, model: null, uptimeSeconds: null, facts: {}, intervals: {}, allowedCommands: [], scripts: [], units: [],
    latest: null, rejections: [], gaps: 0, ...change,
  };
}

export function command(change: Partial<Command> = {}): Command {
  return {
    id: '1', deviceId: 'd', type: 'ping', setId: null, dryRun: false, args: {}, state: 'sent', createdAt: '2026-01-01T00:00:00.000Z', createdBy: 'mira', signedBy: null, sentAt: null,
    finishedAt: null, expiresAt: null, progress: null, exitCode: null, message: '', output: '', outputTruncated: false, waitingFor: null,
    latencyMs: null, ...change,
  };
}

export function file(change: Partial<DeviceFile> = {}): DeviceFile {
  return {
    id: 'f', deviceId: 'd', name: 'picture.jpg', mediaType: 'image/jpeg', size: 100, receivedBytes: 100, sha256: '', state: 'complete', reason: '',
    time: '2026-01-01T00:00:00.000Z', receivedAt: '2026-01-01T00:00:00.000Z', changedAt: '2026-01-01T00:00:00.000Z', attributes: {}, ...change,
  };
}

export function line(id: number, change: Partial<LogRecord> = {}): LogRecord {
  const time = new Date(Date.UTC(2026, 0, 1) + id * 1000).toISOString();
  return { id: String(id), time, timeQuality: 'exact', receivedAt: time, severity: 9, severityText: null, source: 'demo.log', body: `line ${id}`, attributes: null, ...change };
}
