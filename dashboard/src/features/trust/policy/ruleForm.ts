import { type Bytes, fromBase64Url, toHex } from '@/trust/protocol/bytes';
import { anyType, maxRecorders, type MaintenanceWindow, type PolicyRule } from '@/trust/protocol/policy';
import { isPoint } from '@/trust/protocol/publicKey';

const recorderPrefix = 'mrk1.';
const minutesOfDay = 24 * 60;

/** What the form for a rule holds. */
export interface RuleForm {
  types: readonly string[];
  who: string;
  signatures: number | string;
  hasWindow: boolean;
  /** '0' is Monday. */
  days: readonly string[];
  from: string;
  to: string;
  /** Keys that shells are recorded for, a line each. */
  record: string;
}

export const emptyRule: RuleForm = { types: [], who: 'people', signatures: 1, hasWindow: false, days: [], from: '02:00', to: '04:00', record: '' };

export const whoChoices = [
  { value: 'people', label: 'Operators and owners', roles: ['operator', 'owner'] },
  { value: 'owners', label: 'Owners', roles: ['owner'] },
  { value: 'nobody', label: 'Nobody', roles: [] },
] as const;

export const rolesOf = (who: string): readonly string[] => whoChoices.find(({ value }) => value === who)?.roles ?? [];

/** The rule, or what is missing. */
export function readRule(form: RuleForm): PolicyRule | string {
  if (form.types.length === 0) return 'Choose at least one command.';
  const nobody = form.who === 'nobody';
  const window = form.hasWindow && !nobody ? readWindow(form) : null;
  if (typeof window === 'string') return window;
  const record = mayRecord(form) ? readRecorders(form.record) : [];
  if (typeof record === 'string') return record;
  return {
    types: form.types.includes(anyType) ? [anyType] : form.types,
    roles: rolesOf(form.who),
    signatures: nobody ? 1 : Number(form.signatures),
    windows: window ? [window] : [],
    ...(record.length > 0 ? { record } : {}),
  };
}

/** Shells are recorded, and nothing else. */
export const mayRecord = ({ who, types }: RuleForm) => who !== 'nobody' && (types.includes('shell') || types.includes(anyType));

function readRecorders(text: string): Bytes[] | string {
  const lines = text.split(/\s+/).filter(Boolean);
  const points = lines.map((line) => (line.startsWith(recorderPrefix) ? fromBase64Url(line.slice(recorderPrefix.length)) : null));
  const known = points.filter((point) => point !== null && isPoint(point)) as Bytes[];
  if (known.length < lines.length) return `A key begins with ${recorderPrefix} and is made by: fleetctl recordings key FILE`;
  return known.length <= maxRecorders && new Set(known.map(toHex)).size === known.length ? known : `At most ${maxRecorders} keys go, none twice.`;
}

function readWindow({ days, from, to }: RuleForm): MaintenanceWindow | string {
  if (days.length === 0) return 'Choose at least one day.';
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  if (begin === null || end === null) return 'Say from when to when, such as 02:00 and 04:00.';
  // To an earlier time, or the same one, is on the next day.
  return { days: days.reduce((mask, day) => mask | (1 << Number(day)), 0), fromMinute: begin, minutes: end > begin ? end - begin : end - begin + minutesOfDay };
}

function minuteOf(text: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}
