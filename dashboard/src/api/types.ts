/** Shapes of the REST API under /api/v1. Times are RFC 3339 UTC, ids lower-case hex. */

export type Role = 'viewer' | 'operator' | 'owner';
export type DeviceStatus = 'pending' | 'active' | 'revoked';

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface CountedPage<T> extends Page<T> {
  total: number;
}

export interface User {
  id: string;
  username: string;
  role: Role;
}

export interface Session {
  user: User;
  csrfToken: string;
}

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

export type Attributes = Record<string, string>;
export type MetricKind = 'gauge' | 'counter' | 'updowncounter';

export interface MetricName {
  name: string;
  unit: string;
  kind: MetricKind;
  attributes: Attributes[];
}

export interface MetricSeries {
  attributes: Attributes;
  /** Unix milliseconds, rising. */
  times: number[];
  /** null marks a gap in collection: nothing was measured there. */
  values: (number | null)[];
}

export interface MetricSeriesResponse {
  name: string;
  unit: string;
  kind: MetricKind;
  series: MetricSeries[];
}

/** How well a time is known; `unplaced`: not yet, and it is that of arrival. */
export type TimeQuality = 'exact' | 'anchored' | 'estimated' | 'unplaced';

export interface Boot {
  bootId: string;
  began: string | null;
  knownUntil: string | null;
  uptimeMs: number;
  timeQuality: TimeQuality;
  source: 'beacon' | 'receipt' | 'device' | 'neighbours' | null;
  uncertaintyMs: number | null;
  unplacedPoints: number;
  lastRecordAt: string;
}

export interface LogRecord {
  id: string;
  time: string;
  timeQuality: TimeQuality;
  receivedAt: string;
  /** OpenTelemetry SeverityNumber, 1 to 24; 0 is unspecified. */
  severity: number;
  severityText: string | null;
  source: string;
  body: string;
  attributes: Attributes | null;
}

export interface DeviceEvent {
  id: string;
  time: string;
  timeQuality: TimeQuality;
  receivedAt: string;
  name: string;
  severity: number;
  attributes: Attributes | null;
}

export interface Gap {
  epochId: string;
  stream: string;
  fromSeq: number;
  toSeq: number;
  reason: string;
  reportedAt: string | null;
}

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

export type CommandState =
  | 'waiting' | 'sent' | 'accepted' | 'running' | 'done'
  | 'failed' | 'rejected' | 'expired' | 'unknown' | 'cancelled';

export interface Command {
  id: string;
  deviceId: string;
  type: string;
  /** The command to many devices that this is a part of; null: it is for this device alone. */
  setId: string | null;
  /** The device only says whether it would run it. */
  dryRun: boolean;
  args: Record<string, unknown> | null;
  state: CommandState;
  createdAt: string;
  createdBy: string | null;
  /** The principal of the roster that has signed it; null: the server. */
  signedBy: string | null;
  sentAt: string | null;
  finishedAt: string | null;
  expiresAt: string | null;
  /** 0 to 1. */
  progress: number | null;
  exitCode: number | null;
  message: string | null;
  output: string | null;
  outputTruncated: boolean;
  waitingFor: string | null;
  latencyMs: number | null;
}

/** A piece of what a command writes; `data` is base64. */
export interface OutputPiece {
  /** In bytes. */
  offset: number;
  source: 'output' | 'error';
  data: string;
}

export interface CommandOutput {
  items: OutputPiece[];
  /** Ask from here for what comes next. */
  next: number;
  /** Nothing more will come. */
  ended: boolean;
  /** How many bytes the command wrote in all; null while that is not known. */
  written: number | null;
}

/** A piece that was just stored. */
export interface LiveOutput {
  deviceId: string;
  commandId: string;
  piece: OutputPiece;
  /** In the last piece. */
  written: number | null;
}

/** JSON Schema, as far as arguments of commands use it. */
export interface ArgumentSchema {
  type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  description: string;
  format?: string;
  contentEncoding?: string;
  pattern?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}

export type PropertyKind = 'setting' | 'file' | 'unit' | 'app';
export type PropertyState = 'converged' | 'converging' | 'drifted' | 'failed';
export type TwinState = 'none' | 'pending' | PropertyState;

/** What a device is to be like, as the arguments of desired-set are written. */
export interface DesiredDocument {
  version: number;
  settings: Record<string, string>;
  files: Record<string, { content: string; mode: number }>;
  units: string[];
  app: Record<string, string | number | boolean>;
}

export interface TwinProperty {
  kind: PropertyKind;
  name: string;
  state: PropertyState;
  healed: number;
  /** While it is converging or drifted: when it is something else at the latest. */
  until: string | null;
  detail: string;
  /** What a program says that it uses. */
  value: string | number | boolean | null;
}

export interface Twin {
  deviceId: string;
  state: TwinState;
  desired: { version: number; document: DesiredDocument; commandId: string; signedBy: string | null; createdBy: string; createdAt: string; commandState: string } | null;
  reported: { version: number; current: boolean; at: string; deviceTime: string | null; properties: TwinProperty[] } | null;
  /** A later one that the device did not take. */
  refused: { version: number; commandId: string; message: string } | null;
}

export interface CommandType {
  type: string;
  help: string;
  streams: boolean;
  roles: string[];
  arguments: { properties: Record<string, ArgumentSchema>; required: string[] };
}

export interface NewCommand {
  type: string;
  args?: Record<string, unknown>;
  /** Seconds. */
  expiresIn?: number;
  /** The device only says whether it would run it. */
  dryRun?: boolean;
}

/** A command to many devices by one signature. */
export interface CommandSet {
  id: string;
  type: string;
  args: Record<string, unknown> | null;
  dryRun: boolean;
  createdAt: string;
  createdBy: string;
  signedBy: string | null;
  expiresAt: string;
  size: number;
  /** How many devices are how far. */
  totals: Record<CommandState | 'ended', number>;
}

export interface CommandSetMember {
  deviceId: string;
  deviceName: string;
  state: CommandState;
  exitCode: number | null;
  message: string;
  waitingFor: string | null;
  finishedAt: string | null;
}

/** A command that waits for signatures. Who signs looks at its bytes, not at these words. */
export interface Proposal {
  id: string;
  state: 'open' | 'sent' | 'withdrawn' | 'expired';
  type: string;
  size: number;
  deviceId: string | null;
  issuerId: string;
  signers: string[];
  needed: number;
  createdAt: string;
  createdBy: string;
  expiresAt: string;
}

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

/** A published release. */
export interface Release {
  target: string;
  kind: string;
  name: string;
  version: string;
  counter: number;
  hardware: string[];
  requires: string[];
  size: number;
  sha256: string;
  contentSha256: string;
  contentSize: number;
  encrypted: boolean;
  deltas: string[];
}

export interface Repository {
  state: 'none' | 'ready' | 'attention';
  warnings: { code: string; text: string }[];
  /** The newest one. */
  root: { version: number; expires: string } | null;
  targets: { version: number; expires: string; count: number | null } | null;
  /** What waits, by the server's word: who signs reads the bytes. */
  drafts: { role: 'root' | 'targets'; version: number; digest: string; missing: string[]; complete: boolean }[];
}

export interface EnrolmentToken {
  id: string;
  name: string | null;
  tags: string[];
  /** null: as often as wanted until it expires. */
  maxUses: number | null;
  uses: number;
  requireApproval: boolean;
  createdAt: string;
  createdBy: string | null;
  expiresAt: string | null;
}

export interface NewEnrolmentToken {
  name?: string;
  tags: string[];
  maxUses: number | null;
  /** Seconds. */
  expiresIn: number;
  requireApproval: boolean;
}

/** The answer to making one: the only time the secret is shown. */
export interface CreatedEnrolmentToken extends EnrolmentToken {
  token: string;
  command: string;
}

export interface Operator {
  id: string;
  username: string;
  role: Role;
  disabled: boolean;
  createdAt: string;
  lastSignInAt: string | null;
}

export interface ApiToken {
  id: string;
  name: string;
  role: Role;
  createdAt: string;
  createdBy: string | null;
  lastUsedAt: string | null;
  expiresAt: string | null;
}

export interface CreatedApiToken extends ApiToken {
  token: string;
}

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

/** Somebody asks for a place in the roster; once the roster names the key, it says whose key that is. */
export interface KeyRequest {
  id: string;
  account: string;
  /** The public point in base64url. */
  key: string;
  fingerprint: string;
  principal: string;
  role: 'operator' | 'owner';
  createdAt: string;
  acceptedAt: string | null;
}

/** Status documents grow with the server: they are shown as they come. */
export type StatusDocument = Record<string, unknown>;

export interface LiveMetrics {
  deviceId: string;
  series: {
    name: string;
    unit: string;
    attributes: Attributes;
    /** [unix ms, value]; null stands for a value that is not a number. */
    points: [number, number | null][];
  }[];
}

export interface LiveLogs {
  deviceId: string;
  items: LogRecord[];
}
