import type { Update } from '@/api/types';
import { Chip } from '@/ui/Chip';
import { Time } from '@/ui/Time';
import { bytesText, fetchedText, reasonText, shareOf, updateStates } from './updateText';
import css from './Updates.module.css';

export function UpdateStateChip({ update }: { update: Update }) {
  const { label, tone, meaning } = updateStates[update.state];
  return (
    <>
      <Chip tone={tone} title={meaning}>{label}</Chip>{' '}
      {update.silentSince === null ? null : <Chip tone="bad" title="Its deadline has passed, and nothing was heard of it since">Overdue</Chip>}
    </>
  );
}

/** What it waits for, how much is there, why it ended so. */
export function UpdateDetail({ update }: { update: Update }) {
  const share = shareOf(update);
  return (
    <>
      {update.silentSince === null ? null : <div>Silent since <Time value={update.silentSince} /></div>}
      {share === null ? null : <Progress share={share} done={update.done} total={update.total} />}
      {update.reason === '' ? null : <div title={update.reason}>{reasonText(update.reason)}</div>}
      {update.waitingFor === null ? null : <div>Waits for {update.waitingFor}</div>}
      {update.detail === '' ? null : <div className="small quiet">{update.detail}</div>}
      {update.fetched === null ? null : <div className="small quiet">{fetchedText(update)}</div>}
      {update.message === '' ? null : <div className="small quiet">{update.message}</div>}
    </>
  );
}

/** More is better here: no colour warns of much. */
function Progress({ share, done, total }: { share: number; done: number; total: number }) {
  return (
    <div className={css['progress']}>
      <progress aria-label="Downloaded" max={1} value={share} />
      <span className="small quiet">{bytesText(done)} of {bytesText(total)}</span>
    </div>
  );
}
