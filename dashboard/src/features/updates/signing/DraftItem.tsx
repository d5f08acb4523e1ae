import { type Draft, isComplete, type Need } from '@/repository/draft';
import type { BrowserKey } from '@/trust/store/keyStore';
import { Chip } from '@/ui/Chip';
import { shortDate } from '@/ui/format/time';
import { Notice } from '@/ui/Notice';
import { Time } from '@/ui/Time';
import { useNow } from '@/ui/useNow';
import { Changes } from './Changes';
import type { KeyBook } from './keyName';
import { SignActions } from './SignActions';
import { Signers } from './Signers';
import css from './Signing.module.css';

interface Props {
  draft: Draft;
  browserKey: BrowserKey | null;
  book: KeyBook;
  mayOperate: boolean;
}

/** All that a draft says, read from the bytes that are signed, and who has signed them. */
export function DraftItem({ draft, browserKey, book, mayOperate }: Props) {
  const { role, file, before, problems } = draft;
  const now = useNow();
  const complete = isComplete(draft);
  return (
    <section className={css['draft']} aria-label={`Draft of the ${role}`}>
      <div className={css['head']}>
        <h3 className={css['title']}>{role === 'root' ? 'Root' : 'Targets'} {file.version}</h3>
        {problems.length > 0 ? <Chip tone="bad">Not signed here</Chip> : complete ? <Chip tone="good">Signed</Chip> : <Chip tone="warn">{missingText(draft.needs)}</Chip>}
        <span className="quiet small">{before === null ? 'the first' : `after version ${before.version} that is published`}</span>
      </div>
      <dl className={css['facts']} aria-label="What is to be signed">
        <dt>{file.expires > now ? 'Ends' : 'Ended'}</dt>
        <dd><Time value={new Date(file.expires).toISOString()} /> ({shortDate(file.expires)}){before === null ? null : <span className="quiet">; what is published ends {shortDate(before.expires)}</span>}</dd>
        <dt>Digest</dt>
        <dd><code>{file.digest}</code></dd>
      </dl>
      {problems.map((problem) => <Notice key={problem} tone="bad" title="This is not signed here">{problem}</Notice>)}
      <Changes draft={draft} book={book} />
      <Signers needs={draft.needs} book={book} />
      {problems.length === 0 && mayOperate ? <SignActions draft={draft} browserKey={browserKey} /> : null}
    </section>
  );
}

/** One key may fulfil several needs; how many people must still come is only known of one. */
function missingText([first, ...others]: readonly Need[]): string {
  const missing = first === undefined || others.length > 0 ? 0 : first.role.threshold - first.signers.length;
  return missing === 0 ? 'Waits for signatures' : missing === 1 ? 'One signature is missing' : `${missing} signatures are missing`;
}
