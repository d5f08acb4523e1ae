import type { DeviceFile } from '@/api/types';
import type { Tone } from '@/ui/Chip';

const reasons: Record<string, string> = {
  'too-large': 'it is larger than this server takes',
  'too-many': 'the device had too many unfinished files',
  'device-quota': 'the share of this device is used up',
  'sha256-mismatch': 'what came is not what was announced',
  'sent-again': 'once more, after the first time was not what was announced',
  'timed-out': 'nothing of it came for 90 days',
  'retention': 'files are not kept longer',
  'source-changed': 'it was written to while it was sent',
  'source-gone': 'it was taken away while it was sent',
  'expired': 'it waited on the device for 90 days',
  'lost': 'its content is gone from the server',
};

/** What is known of a file in one line. */
export function stateText(file: DeviceFile): { tone: Tone; label: string; detail: string } {
  const reason = reasons[file.reason] ?? file.reason;
  switch (file.state) {
    case 'receiving': return { tone: 'accent', label: 'Receiving', detail: reason };
    case 'verifying': return { tone: 'accent', label: 'Checking', detail: 'all of it is here' };
    case 'complete': return { tone: 'good', label: 'Complete', detail: '' };
    case 'incomplete': return { tone: 'bad', label: 'Incomplete', detail: reason };
    case 'expired': return { tone: 'plain', label: 'Not kept', detail: reason };
    default: return { tone: 'plain', label: 'Deleted', detail: '' };
  }
}

/** 0 to 1; an empty file is received as soon as it is announced. */
export function receivedShare(file: DeviceFile): number {
  return file.size === 0 ? 1 : file.receivedBytes / file.size;
}

/** How a program of the device sends one. */
export const sendCommand = 'install -m 640 picture.jpg /srv/drop/files/.picture.jpg && mv /srv/drop/files/.picture.jpg /srv/drop/files/picture.jpg';
