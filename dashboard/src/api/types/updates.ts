import type { CommandState } from './commands';

export type UpdateState =
  | 'pending' | 'assigned' | 'downloading' | 'verifying' | 'staged' | 'waiting' | 'switching' | 'booted' | 'checking' | 'unproven'
  | 'committed' | 'reverted' | 'failed' | 'rejected' | 'expired' | 'cancelled' | 'unknown';

/** An update of a device. */
export interface Update {
  commandId: string;
  deviceId: string;
  deviceName: string | null;
  state: UpdateState;
  /** Nothing follows. */
  ended: boolean;
  since: string;
  deadline: string | null;
  /** When the device was last heard of, where its deadline has passed. */
  silentSince: string | null;
  waitingFor: string | null;
  setId: string | null;
  /** Empty: this server does not know the command. */
  target: string;
  length: number;
  sha256: string;
  encrypted: boolean;
  /** Empty while nobody has said it, like name and version. */
  kind: string;
  name: string;
  version: string;
  /** Bytes; 0 of 0: it is not about bytes. */
  done: number;
  total: number;
  /** Bytes by where they came from; null: none have come, or nobody says it. */
  fetched: { neighbours: number; mirrors: number; homes: number } | null;
  detail: string;
  reason: string;
  message: string;
  createdAt: string;
  createdBy: string | null;
  signedBy: string | null;
  expiresAt: string | null;
  reportedAt: string | null;
  commandState: CommandState | null;
  receipt: UpdateReceipt | null;
}

/** The end of an update, as the device has signed it. */
export interface UpdateReceipt {
  outcome: 'committed' | 'reverted' | 'failed';
  kind: string;
  name: string;
  version: string;
  counter: number;
  sha256: string;
  before: string;
  reason: string;
  detail: string;
  bootId: string;
  deviceTime: string | null;
  key: string;
  bytes: string;
}

export interface UpdateTotals {
  total: number;
  overdue: number;
  states: Partial<Record<UpdateState, number>>;
}

/** What a device has, as it has signed. */
export interface Component {
  name: string;
  kind: string;
  version: string;
  counter: number;
  sha256: string;
  since: string;
  commandId: string;
}

export interface ComponentCount {
  name: string;
  kind: string;
  version: string;
  counter: number;
  devices: number;
}
