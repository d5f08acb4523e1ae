import type { Recording } from '@/api/types';
import type { Tone } from '@/ui/Chip';

/** What is known of a recording in one line. */
export function recordingState({ state, ended, reason }: Pick<Recording, 'state' | 'ended' | 'reason'>): { tone: Tone; label: string; detail: string } {
  switch (state) {
    case 'complete':
      return ended === 'complete'
        ? { tone: 'good', label: 'Complete', detail: '' }
        : { tone: 'warn', label: 'Broken off', detail: 'the device went down, or could not record any more' };
    case 'receiving':
    case 'verifying':
      return { tone: 'accent', label: 'On its way', detail: '' };
    case 'expired':
      return { tone: 'plain', label: 'Not kept', detail: 'recordings are not kept longer' };
    default:
      return { tone: 'bad', label: 'Incomplete', detail: reason };
  }
}
