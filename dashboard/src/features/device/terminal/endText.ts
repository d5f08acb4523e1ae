import type { SessionEnd } from '@/sessions/end';

export interface EndText {
  tone: 'plain' | 'warn' | 'bad';
  title: string;
  text: string;
}

export function endText({ reason, exitCode, text }: SessionEnd): EndText {
  switch (reason) {
    case 'done': return { tone: exitCode === 0 ? 'plain' : 'warn', title: `The shell has ended${exitCode === null ? '' : ` with exit code ${exitCode}`}`, text: '' };
    case 'closed': return { tone: 'plain', title: 'The terminal is closed', text };
    case 'idle': return { tone: 'plain', title: 'The device has closed the terminal', text: text || 'Nothing was typed or shown for too long.' };
    default: return { tone: 'bad', title: 'The terminal has ended', text: text || 'The device did not say why.' };
  }
}
