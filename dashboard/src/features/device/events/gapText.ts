import type { Gap } from '@/api/types';

const texts: Record<string, string> = {
  'quota': 'The device was offline for longer than its spool could hold: the oldest records were dropped. A larger spool holds more.',
  'disk-failed': 'The device’s disk refused to take them. Look for a full or failing disk.',
  'corrupt': 'They were on the device’s disk and could no longer be read. The storage may be failing.',
  'power-cut': 'The device lost power before they were safely on its disk.',
  'epoch-lost': 'What their keys are made from could no longer be read on the device.',
  'too-many-epochs': 'The device started too often while it was offline: what was oldest was dropped.',
  'server-restored': 'This server had confirmed them, so the device deleted them; then the server was restored from an older backup.',
  'series-lost': 'After this server was restored from a backup, neither it nor the device knew any more which series these measurements are of.',
  'series-redefined': 'It arrived and was genuine, but its numbers stand for other series here. Compare the versions of agent and server.',
  'too-many-series': 'The device has more series than one device may have.',
  'undecodable': 'It arrived and was genuine, but does not say what its type says. Compare the versions of agent and server.',
  'unknown-type': 'It arrived and was genuine, but this server does not know its type. Update the server.',
  'decompression-bomb': 'It arrived and was genuine, but would have become larger than is allowed.',
};

/** Why the records will never come, in plain words; empty where the reason is new to this dashboard. */
export function gapText(reason: string): string {
  return texts[reason] ?? '';
}

export function gapRecords({ fromSeq, toSeq }: Pick<Gap, 'fromSeq' | 'toSeq'>): string {
  const count = toSeq - fromSeq + 1;
  return count === 1 ? `1 record, number ${fromSeq}` : `${count.toLocaleString('en-GB')} records, ${fromSeq} to ${toSeq}`;
}
