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
