export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  device?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

/** How the log stands. */
export interface AuditState {
  logId: string | null;
  number: number;
  hash: string | null;
  beganBecause: 'first' | 'damaged' | 'restored' | 'rewritten' | 'server-renewed' | null;
  oldestNumber: number | null;
  verifiedThrough: number | null;
  verifiedAt: string | null;
  checkpoint: { number: number; time: string } | null;
  witnesses: number;
  witnessedThrough: number | null;
  logs: number;
  openFindings: number;
}

/** Something that does not agree. */
export interface AuditFinding {
  id: string;
  kind: string;
  deviceId: string | null;
  subject: string;
  details: string;
  foundAt: string;
  acknowledgedAt: string | null;
  acknowledgedBy: string | null;
}

export interface AuditEntry {
  id: string;
  logId: string;
  number: number;
  time: string;
  actor: string;
  actorKind: string;
  action: string;
  target: string | null;
  outcome: string;
  address: string | null;
  details: string | null;
}
