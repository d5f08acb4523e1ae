import { type Bytes, toHex } from './bytes';
import type { CborReader } from './cborReader';
import type { CborWriter } from './cborWriter';
import { maxSignatures } from './coseSign';
import { readList, readPoints, readTexts } from './fields';
import { Malformed } from './malformed';
import type { Principal } from './roster';

export const maxRules = 64;
const maxTypes = 64;
const maxRoles = 16;
const maxWindows = 16;
const maxNameBytes = 64;
export const maxRecorders = 8;
const minutesOfDay = 24 * 60;

/** Stands for every type of command. */
export const anyType = '*';

/** A time of the week, in UTC. */
export interface MaintenanceWindow {
  /** Bit 0 is Monday, bit 6 Sunday. */
  days: number;
  fromMinute: number;
  /** It may reach into the next day. */
  minutes: number;
}

/** Who may have which commands run, how many must sign, and when. */
export interface PolicyRule {
  types: readonly string[];
  /** Each signer must have one of them; none: nobody may. */
  roles: readonly string[];
  signatures: number;
  /** None: at any time. */
  windows: readonly MaintenanceWindow[];
  /** Points that recordings of shells are sealed to; not there: shells are not recorded. */
  record?: readonly Bytes[];
}

/** What holds behind the owners' rules (messaging/spec/protocol.md, section 15). */
export const defaultRules: readonly PolicyRule[] = [
  { types: ['ping', 'collect', 'set-intervals', 'desired-set'], roles: ['server', 'operator', 'owner'], signatures: 1, windows: [] },
  { types: ['restart-unit', 'reboot', 'run-script', 'gpio-set', 'pwm-set', 'app', 'cancel'], roles: ['operator', 'owner'], signatures: 1, windows: [] },
  { types: [anyType], roles: ['owner'], signatures: 1, windows: [] },
];

/** The first rule about a type decides. */
export function ruleFor(rules: readonly PolicyRule[], type: string): PolicyRule {
  const found = [...rules, ...defaultRules].find((rule) => rule.types.includes(anyType) || rule.types.includes(type));
  if (!found) throw new Error('The last rule is about every type.');
  return found;
}

export type Permission = 'allowed' | 'role-missing' | 'signatures-missing' | 'outside-window';

/** Whether a principal may have a command of this type cancelled: by its role alone, at any time. */
export function mayCancel(rules: readonly PolicyRule[], type: string, signer: Principal): boolean {
  return ruleFor(rules, type).roles.some((role) => signer.roles.includes(role));
}

/** Judges a command that one principal has signed. `now`: Unix milliseconds. */
export function judge(rules: readonly PolicyRule[], type: string, signer: Principal, now: number): Permission {
  const rule = ruleFor(rules, type);
  if (!rule.roles.some((role) => signer.roles.includes(role))) return 'role-missing';
  if (rule.signatures > 1) return 'signatures-missing';
  return rule.windows.length === 0 || rule.windows.some((window) => isInWindow(window, now)) ? 'allowed' : 'outside-window';
}

export function isInWindow(window: MaintenanceWindow, now: number): boolean {
  const at = new Date(now);
  const minute = at.getUTCHours() * 60 + at.getUTCMinutes();
  // Sunday is 0 there.
  const day = (at.getUTCDay() + 6) % 7;
  const on = (which: number) => (window.days & (1 << which)) !== 0;
  return (on(day) && minute >= window.fromMinute && minute < window.fromMinute + window.minutes)
    || (on((day + 6) % 7) && minute + minutesOfDay < window.fromMinute + window.minutes);
}

/** The window that opens next, and when (Unix milliseconds); null when there is none, or one is open. */
export function nextWindow(rule: PolicyRule, now: number): { window: MaintenanceWindow; opensAt: number } | null {
  if (rule.windows.some((window) => isInWindow(window, now))) return null;
  const midnight = now - (now % (minutesOfDay * 60_000));
  const today = (new Date(now).getUTCDay() + 6) % 7;
  const openings = rule.windows.flatMap((window) => [0, 1, 2, 3, 4, 5, 6, 7]
    .filter((ahead) => (window.days & (1 << ((today + ahead) % 7))) !== 0)
    .map((ahead) => ({ window, opensAt: midnight + (ahead * minutesOfDay + window.fromMinute) * 60_000 })));
  return openings.filter(({ opensAt }) => opensAt > now).sort((a, b) => a.opensAt - b.opensAt)[0] ?? null;
}

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Sat 02:00–04:00 UTC */
export function windowText({ days, fromMinute, minutes }: MaintenanceWindow): string {
  const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const named = days === 127 ? 'daily' : dayNames.filter((_, day) => (days & (1 << day)) !== 0).join(', ');
  return `${named} ${clock(fromMinute)}–${clock((fromMinute + minutes) % minutesOfDay || minutesOfDay)} UTC`;
}

export function readRules(reader: CborReader): PolicyRule[] {
  return readList(reader, maxRules, () => {
    const fields = reader.list(5);
    if (fields < 4) throw new Malformed('Neither 4 nor 5 fields.');
    return {
      types: readTexts(reader, maxTypes, maxNameBytes),
      roles: readTexts(reader, maxRoles, maxNameBytes),
      signatures: positive(reader.number(maxSignatures)),
      windows: readList(reader, maxWindows, () => {
        reader.fields(3);
        return { days: positive(reader.number(127)), fromMinute: reader.number(minutesOfDay - 1), minutes: positive(reader.number(minutesOfDay)) };
      }),
      ...(fields === 5 ? { record: readRecorders(reader) } : {}),
    };
  });
}

export function writeRules(writer: CborWriter, rules: readonly PolicyRule[]): void {
  writer.list(rules, maxRules, (rule) => {
    const record = rule.record ?? [];
    writer.array(record.length === 0 ? 4 : 5).texts(rule.types, maxTypes, maxNameBytes).texts(rule.roles, maxRoles, maxNameBytes).uint(rule.signatures);
    writer.list(rule.windows, maxWindows, (window) => writer.array(3).uint(window.days).uint(window.fromMinute).uint(window.minutes));
    if (record.length > 0) writer.list(record, maxRecorders, (point) => writer.bytes(point));
  });
}

/** At least one, none twice. */
function readRecorders(reader: CborReader): Bytes[] {
  const points = readPoints(reader, maxRecorders);
  if (points.length === 0 || new Set(points.map(toHex)).size < points.length) throw new Malformed('A rule that records for nobody, or for one twice.');
  return points;
}

function positive(value: number): number {
  if (value === 0) throw new Malformed('It must not be 0.');
  return value;
}
