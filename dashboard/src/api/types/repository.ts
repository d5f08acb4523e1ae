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
