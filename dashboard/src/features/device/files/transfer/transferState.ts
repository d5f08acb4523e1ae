import type { SessionEnd } from '@/sessions/end';
import { formatBytes, formatDuration, formatPercent } from '@/ui/format/unit';

/** How a file that is sent or fetched stands. */
export type TransferState =
  /** It is hashed here, before it is announced. */
  | { kind: 'reading'; at: number; size: number }
  | { kind: 'opening'; what: string }
  | { kind: 'moving'; at: number; size: number; first: number; seconds: number; interrupted: boolean }
  /** All of it is there, and it is checked and put in its place. */
  | { kind: 'checking' }
  | { kind: 'ended'; isDone: boolean; title: string; text: string }
  | { kind: 'refused'; error: unknown };

export const isOver = (state: TransferState) => state.kind === 'ended' || state.kind === 'refused';

/** One line. */
export function progressText(state: TransferState): string {
  switch (state.kind) {
    case 'reading': return `Reading it here: ${share(state.at, state.size)}`;
    case 'opening': return `Waiting for ${state.what} …`;
    case 'checking': return 'All of it is there. It is checked and put in its place …';
    case 'moving': {
      if (state.interrupted) return `${share(state.at, state.size)} of ${formatBytes(state.size)} · the connection was lost, and it goes on as soon as there is one`;
      const rate = state.seconds > 0.5 ? (state.at - state.first) / state.seconds : 0;
      const left = rate > 0 ? ` · ${formatBytes(rate)}/s · ${formatDuration(Math.round((state.size - state.at) / rate))} left` : '';
      return `${share(state.at, state.size)} of ${formatBytes(state.size)}${left}`;
    }
    default: return '';
  }
}

/** Null where there is nothing to measure. */
export const progressOf = (state: TransferState): { at: number; size: number } | null =>
  state.kind === 'reading' || state.kind === 'moving' ? { at: state.at, size: state.size } : null;

const share = (at: number, size: number) => formatPercent(size === 0 ? 1 : Math.floor((at / size) * 100) / 100);

/** What became of it, by the device's last word. */
export function ended(end: SessionEnd, done: string): TransferState {
  if (end.reason === 'done') return { kind: 'ended', isDone: true, title: done, text: end.text };
  return { kind: 'ended', isDone: false, title: end.reason === 'closed' ? 'It was cancelled' : 'It did not work', text: end.text || 'The device did not say why.' };
}
