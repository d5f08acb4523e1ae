import { useLiveState } from '@/live/useLive';
import type { LiveState } from '@/live/liveClient';
import css from './LiveBadge.module.css';

const texts: Record<LiveState, [string, string]> = {
  idle: ['Not connected', 'No event stream is open.'],
  connecting: ['Connecting', 'Opening the event stream.'],
  live: ['Live', 'Everything shown is updated as it happens.'],
  reconnecting: ['Reconnecting', 'The event stream was lost: what is shown may be old. It is read again as soon as the server answers.'],
};

export function LiveBadge() {
  const state = useLiveState();
  const [label, title] = texts[state];
  return (
    <span className={`${css['badge'] ?? ''} ${css[state] ?? ''}`} role="status" title={title} data-live={state}>
      <span className={css['dot']} />{label}
    </span>
  );
}
