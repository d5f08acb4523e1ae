import type { Command, CommandState } from '@/api/types';
import type { Tone } from '@/ui/Chip';

export const finalStates: ReadonlySet<CommandState> = new Set<CommandState>(['done', 'failed', 'rejected', 'expired', 'unknown', 'cancelled']);

export const stateTexts: Record<CommandState, { label: string; tone: Tone; meaning: string }> = {
  waiting: { label: 'Waiting', tone: 'plain', meaning: 'Stored on the server; it is sent when the device can take it.' },
  sent: { label: 'Sent', tone: 'accent', meaning: 'On its way; the device has not answered yet.' },
  accepted: { label: 'Accepted', tone: 'accent', meaning: 'The device checked the signature and wrote the command into its journal.' },
  running: { label: 'Running', tone: 'accent', meaning: 'The device is doing it.' },
  done: { label: 'Done', tone: 'good', meaning: 'The device reports success.' },
  failed: { label: 'Failed', tone: 'bad', meaning: 'The device did it and reports a failure.' },
  rejected: { label: 'Rejected', tone: 'bad', meaning: 'The device refused it; nothing was done.' },
  expired: { label: 'Expired', tone: 'warn', meaning: 'It was not started in time; nothing was done.' },
  unknown: { label: 'Unknown', tone: 'warn', meaning: 'The device was interrupted while doing it. It does not try again by itself.' },
  cancelled: { label: 'Cancelled', tone: 'plain', meaning: 'Taken back before it was started, or stopped.' },
};

const titles: Record<string, string> = {
  ping: 'Ping', collect: 'Collect now', 'set-intervals': 'Set intervals', 'desired-set': 'Set the desired state', 'restart-unit': 'Restart a unit',
  reboot: 'Reboot', 'run-script': 'Run a script', 'rotate-keys': 'Rotate keys',
  'gpio-set': 'Set an output', 'pwm-set': 'Set a PWM output', app: 'Tell a program',
  shell: 'Terminal',
  cancel: 'Cancel', 'run-inline': 'Run your own script', 'file-read': 'Read a file', 'file-write': 'Write a file',
  packages: 'Packages',
  update: 'Update',
  push: 'Bring a file', pull: 'Fetch a file',
};

/** All types of commands, in the order in which people are shown them. */
export const knownTypes: readonly string[] = Object.keys(titles);

export function commandTitle(type: string): string {
  return titles[type] ?? type;
}

/** The arguments in a line, as somebody would say them. */
export function commandArguments(command: Pick<Command, 'type' | 'args'>): string {
  const args = command.args ?? {};
  switch (command.type) {
    case 'collect': return list(args['collectors']);
    case 'restart-unit': return text(args['unit']);
    case 'app':
    case 'run-script': return [text(args['name']), ...strings(args['arguments']).map(quoted)].join(' ').trim();
    case 'run-inline': {
      const body = text(args['body']);
      return `${text(args['interpreter'])}: ${body.trim().split('\n')[0] ?? ''}${body.trim().includes('\n') ? ' …' : ''}`;
    }
    case 'cancel': return text(args['command']).slice(0, 8);
    case 'file-read':
    case 'file-write':
    case 'push':
    case 'pull': return text(args['path']);
    case 'update': return text(args['target']);
    case 'packages': return [text(args['action']), ...strings(args['packages'])].join(' ').trim();
    case 'gpio-set': {
      const pulse = typeof args['pulse'] === 'number' ? ` for ${args['pulse'] / 1000} s` : '';
      return `${text(args['name'])} ${args['value'] === true ? 'on' : 'off'}${pulse}`;
    }
    case 'pwm-set': return `${text(args['name'])} ${Math.round(Number(args['duty']) * 1000) / 10} %`;
    case 'set-intervals': {
      const intervals = args['intervals'];
      if (typeof intervals !== 'object' || intervals === null) return '';
      return Object.entries(intervals).map(([name, ms]) => `${name} ${Number(ms) / 1000} s`).join(', ');
    }
    default: return '';
  }
}

/** A device tells its declared names as one fact, separated by commas. */
export const declaredNames = (fact: string | undefined): string[] => (fact ?? '').split(',').filter((name) => name.length > 0);

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const strings = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
const list = (value: unknown) => strings(value).join(', ');
const quoted = (argument: string) => (/^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`);

/** Splits what was typed as a shell would, without expanding anything: spaces separate, quotes and backslashes hold together. */
export function splitArguments(input: string): string[] {
  const result: string[] = [];
  let current = '';
  let open = false;
  let quote: string | null = null;
  for (let i = 0; i < input.length; i++) {
    const c = input.charAt(i);
    if (c === '\\' && quote !== "'" && i + 1 < input.length) {
      current += input.charAt(++i);
      open = true;
    } else if (quote !== null) {
      if (c === quote) quote = null;
      else current += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      open = true;
    } else if (/\s/.test(c)) {
      if (open) result.push(current);
      current = '';
      open = false;
    } else {
      current += c;
      open = true;
    }
  }
  if (open) result.push(current);
  return result;
}
