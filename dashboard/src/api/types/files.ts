import type { Attributes } from './telemetry';

/** A shell that was recorded, sealed for the keys that the policy named. */
export interface Recording {
  /** The command that opened the shell. */
  id: string;
  deviceId: string;
  deviceName: string | null;
  actor: string | null;
  startedAt: string;
  /** null: it was broken off. */
  lastedMs: number | null;
  ended: 'complete' | 'broken-off';
  size: number;
  sha256: string;
  state: FileState;
  reason: string;
}

export type FileState = 'receiving' | 'verifying' | 'complete' | 'incomplete' | 'expired';

/** A file of one of the device's own programs. */
export interface DeviceFile {
  id: string;
  deviceId: string;
  name: string;
  mediaType: string;
  size: number;
  receivedBytes: number;
  sha256: string;
  /** "deleted" comes only as an event. */
  state: FileState | 'deleted';
  /** Why it is incomplete or expired; empty otherwise. */
  reason: string;
  /** When the device took it, by its clock. */
  time: string;
  receivedAt: string;
  changedAt: string;
  attributes: Attributes;
}
