import type { Rejection } from '@/api/types';
import { Notice } from '@/ui/Notice';
import { countRejections } from './rejectionTexts';

const times = (count: number) => (count === 1 ? 'Once' : `${count.toLocaleString('en-GB')} times`);

/** The table below it in a sentence or two. */
export function RejectionNotice({ entries }: { entries: readonly Rejection[] }) {
  const { all, suspicious } = countRejections(entries);
  if (all === 0) {
    return (
      <Notice tone="good" title="Nothing was rejected">
        Every record and every command was genuine, fresh and meant for its receiver. Anything that was tampered with, replayed or
        sent to the wrong place would change nothing, and would be counted here.
      </Notice>
    );
  }
  if (suspicious === 0) {
    return (
      <Notice title={`${times(all)} something was rejected, none of it suspicious`}>
        Nothing that stands below changed anything. It comes by itself, or from a device’s own rules; each line says what to do.
      </Notice>
    );
  }
  return (
    <Notice tone="warn" title={`${times(suspicious)} something suspicious was rejected`}>
      Nothing that stands below changed anything. A few can come from a damaged connection; many, or one that goes on, mean that
      somebody on the way tries: each line says what to do.
    </Notice>
  );
}
