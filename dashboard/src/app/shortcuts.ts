export const shortcutHelp: [string[], string][] = [
  [['/'], 'Search on this page'],
  [['g', 'd'], 'Devices'],
  [['g', 'a'], 'Add a device'],
  [['g', 'e'], 'Enrolment'],
  [['g', 't'], 'Trust'],
  [['g', 'l'], 'Audit log'],
  [['g', 'r'], 'Relay'],
  [['g', 's'], 'System'],
  [['?'], 'This help'],
  [['Esc'], 'Close a dialog'],
];

const single: Record<string, string> = { '/': 'search', '?': 'help' };
const afterG: Record<string, string> = { d: 'devices', a: 'add', e: 'enrolment', t: 'trust', l: 'audit', r: 'relay', s: 'system' };

/** Milliseconds in which the second key must follow the first. */
const window = 1200;

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target' | 'timeStamp'>;

/** Turns key presses into actions; what is typed into a field stays there. */
export class Shortcuts {
  private since: number | null = null;

  press(event: Key): string | null {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
      this.since = null;
      return null;
    }
    const pending = this.since !== null && event.timeStamp - this.since <= window;
    this.since = null;
    if (pending) return afterG[event.key] ?? null;
    if (event.key === 'g') {
      this.since = event.timeStamp;
      return null;
    }
    return single[event.key] ?? null;
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
