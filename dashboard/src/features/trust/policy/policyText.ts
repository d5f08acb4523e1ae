import { commandTitle } from '@/features/device/commands/commandText';
import { anyType, defaultRules, type MaintenanceWindow, type PolicyRule } from '@/trust/protocol/policy';

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const names: Record<string, string> = { server: 'the server', operator: 'operators', owner: 'owners', time: 'time keys' };

export interface PolicyRow {
  id: string;
  /** Its place among the rules. */
  index: number;
  what: string;
  who: string;
  when: string;
  /** Behind the owners' own rules. */
  byDefault: boolean;
}

/** The first row that a command is in decides. What no earlier rule leaves over is left out. */
export function policyRows(rules: readonly PolicyRule[]): PolicyRow[] {
  const rows: PolicyRow[] = [];
  const decided = new Set<string>();
  for (const [i, rule] of [...rules, ...defaultRules].entries()) {
    if (decided.has(anyType)) break;
    const types = rule.types.filter((type) => !decided.has(type));
    for (const type of types) decided.add(type);
    if (types.length === 0) continue;
    rows.push({ id: String(i), index: i, what: whatText(types, rows.length > 0), who: whoText(rule), when: whenText(rule.windows), byDefault: i >= rules.length });
  }
  return rows;
}

function whatText(types: readonly string[], isLater: boolean): string {
  if (types.includes(anyType)) return isLater ? 'Everything else, such as Rotate keys' : 'Everything';
  return types.map(commandTitle).join(', ');
}

function whoText(rule: PolicyRule): string {
  if (rule.roles.length === 0) return 'nobody';
  const people = rule.roles.map((role) => names[role] ?? role).join(', ');
  const who = rule.signatures > 1 ? `${rule.signatures} together of: ${people}` : people;
  return rule.record ? `${who}; shells are recorded` : who;
}

export function whenText(windows: readonly MaintenanceWindow[]): string {
  return windows.length === 0 ? 'any time' : windows.map((window) => `${daysText(window.days)} ${timeText(window.fromMinute)}–${timeText(window.fromMinute + window.minutes)} UTC`).join('; ');
}

function daysText(mask: number): string {
  const on = days.map((_, i) => (mask & (1 << i)) !== 0);
  if (on.every(Boolean)) return 'daily';
  const first = on.indexOf(true);
  const last = on.lastIndexOf(true);
  const inARow = last - first >= 2 && on.slice(first, last + 1).every(Boolean);
  return inARow ? `${days[first] ?? ''}–${days[last] ?? ''}` : days.filter((_, i) => on[i]).join(', ');
}

const timeText = (minute: number) => `${pad(Math.floor(minute / 60) % 24)}:${pad(minute % 60)}`;
const pad = (value: number) => value.toString().padStart(2, '0');
