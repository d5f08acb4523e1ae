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
