import type { DesiredDocument, PropertyKind, PropertyState, Twin, TwinState } from '@/api/types';
import type { Tone } from '@/ui/Chip';

export interface TwinRow {
  id: string;
  kind: PropertyKind;
  name: string;
  /** What is wanted, for people; null: not any more, or this server does not know. */
  desired: string | null;
  /** What a program says that it uses; null: it is none of a program, or nothing was said. */
  reported: string | null;
  /** null: the device has not said anything of it yet. */
  state: PropertyState | null;
  healed: number;
  until: string | null;
  detail: string;
}

export const kindTexts: Record<PropertyKind, string> = { setting: 'Setting', file: 'File', unit: 'Unit', app: 'Program value' };

export const stateTexts: Record<TwinState, { label: string; tone: Tone }> = {
  none: { label: 'Nothing wanted', tone: 'plain' },
  pending: { label: 'On its way', tone: 'accent' },
  converged: { label: 'As wanted', tone: 'good' },
  converging: { label: 'Converging', tone: 'accent' },
  drifted: { label: 'Drifted', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
};

/** Each property that is wanted or reported, once, in the order of the document. */
export function twinRows({ desired, reported }: Twin): TwinRow[] {
  const wanted = desired === null ? [] : wantedOf(desired.document);
  // Of a version that the device does not keep yet, nothing is reported.
  const said = new Map((reported?.properties ?? []).map((one) => [`${one.kind} ${one.name}`, one]));
  const isKept = desired === null || reported === null || desired.version <= reported.version;
  const rows = wanted.map(([kind, name, value]): TwinRow => {
    const id = `${kind} ${name}`;
    const one = isKept ? said.get(id) : undefined;
    said.delete(id);
    return row(kind, name, value, one);
  });
  return isKept ? [...rows, ...[...said.values()].map((one) => row(one.kind, one.name, null, one))] : rows;
}

/** The text to begin with: what is wanted now, one version higher, or an example. */
export function draftOf(twin: Twin): string {
  const version = 1 + Math.max(twin.desired?.version ?? 0, twin.reported?.version ?? 0, twin.refused?.version ?? 0);
  const document = twin.desired?.document ?? { settings: { 'Intervals:cpu': '30s' }, files: {}, units: [], app: {} };
  return `${JSON.stringify({ ...document, version }, null, 2)}\n`;
}

/** @throws SyntaxError when it is no JSON, RangeError when it is no object. */
export function readDraft(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError('It is no JSON object: { "version": 1, "settings": { … } }.');
  return value as Record<string, unknown>;
}

function row(kind: PropertyKind, name: string, desired: string | null, one: NonNullable<Twin['reported']>['properties'][number] | undefined): TwinRow {
  return {
    id: `${kind} ${name}`, kind, name, desired, reported: one === undefined || one.value === null ? null : JSON.stringify(one.value),
    state: one?.state ?? null, healed: one?.healed ?? 0, until: one?.until ?? null, detail: one?.detail ?? '',
  };
}

function wantedOf(document: DesiredDocument): [PropertyKind, string, string][] {
  return [
    ...Object.entries(document.settings).map(([name, value]): [PropertyKind, string, string] => ['setting', name, value]),
    ...Object.entries(document.files).map(([name, { content, mode }]): [PropertyKind, string, string] => ['file', name, `${bytesOf(content)} bytes, mode 0${mode.toString(8)}`]),
    ...document.units.map((name): [PropertyKind, string, string] => ['unit', name, 'active']),
    ...Object.entries(document.app).map(([name, value]): [PropertyKind, string, string] => ['app', name, JSON.stringify(value)]),
  ];
}

/** Of what base64 stands for. */
const bytesOf = (content: string) => (content.length / 4) * 3 - (content.endsWith('==') ? 2 : content.endsWith('=') ? 1 : 0);
