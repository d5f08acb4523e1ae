import type { Bytes } from '@/trust/protocol/bytes';
import { CborReader } from '@/trust/protocol/cborReader';
import { CborWriter } from '@/trust/protocol/cborWriter';

const reasons = ['done', 'closed', 'idle', 'too-long', 'stopping', 'lost', 'failed'] as const;
const maxTextBytes = 512;

/** The last message of a side. */
export interface SessionEnd {
  reason: (typeof reasons)[number];
  exitCode: number | null;
  text: string;
}

/** What this end says last: it has what it wanted, or it does not want it any more. */
export const clientEnd = (reason: 'done' | 'closed'): Bytes => new CborWriter().array(3).uint(reasons.indexOf(reason)).null().text('', maxTextBytes).finish();

/** @throws Malformed when it is none. */
export function readEnd(body: Bytes): SessionEnd {
  const reader = new CborReader(body);
  reader.fields(3);
  const reason = reasons[reader.number(reasons.length - 1)] ?? 'failed';
  const exitCode = reader.orNull(() => reader.number(255));
  const text = reader.text(maxTextBytes);
  reader.end();
  return { reason, exitCode, text };
}
