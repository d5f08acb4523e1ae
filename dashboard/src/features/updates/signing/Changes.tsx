import { Button } from '@mantine/core';
import { useState } from 'react';
import { ShortFingerprint } from '@/features/trust/Fingerprint';
import type { Change } from '@/repository/changes';
import type { Draft } from '@/repository/draft';
import { type KeyBook, keyName } from './keyName';
import css from './Signing.module.css';

const marks = { added: ['+', 'Added'], removed: ['−', 'Removed'], changed: ['!', 'Changed'], warning: ['!', 'Look at this'] } as const;

/** As many as are taken in at one look. */
const perPage = 20;

/** What a draft changes of what is published. */
export function Changes({ draft, book }: { draft: Draft; book: KeyBook }) {
  const [all, setAll] = useState(false);
  const { changes, same, role } = draft;
  const shown = all ? changes : changes.slice(0, perPage);
  return (
    <>
      <ul className={css['changes']} aria-label={`What ${role === 'root' ? 'this root changes' : 'these targets change'}`}>
        {shown.map((change, i) => <Item key={i} change={change} book={book} />)}
        {changes.length === 0 ? <li className="quiet">{draft.before === null ? 'There is no release in it yet.' : 'Nothing but its version and its end.'}</li> : null}
        {role === 'targets' && same > 0 ? <li className="quiet">{same === 1 ? 'One other stays as it is.' : `${same.toLocaleString('en-GB')} others stay as they are.`}</li> : null}
      </ul>
      {shown.length < changes.length ? <div><Button size="compact-sm" variant="default" onClick={() => setAll(true)}>Show the other {(changes.length - shown.length).toLocaleString('en-GB')} changes</Button></div> : null}
    </>
  );
}

function Item({ change, book }: { change: Change; book: KeyBook }) {
  const [mark, word] = marks[change.mark];
  return (
    <li className={css[change.mark]}>
      <span className={css['mark']} aria-hidden="true">{mark}</span>
      <div className={css['words']}>
        <div><span className="visually-hidden">{word}: </span>{change.text}{change.key && change.isServers !== true ? `: ${keyName(change.key, book)}` : null}{change.key ? <> <ShortFingerprint value={change.key.fingerprint} /></> : null}</div>
        {change.details.map((detail) => <div key={detail} className="small quiet">{detail}</div>)}
        {change.signed === undefined ? null : (
          <details className={css['raw']}>
            <summary className="small">All that is signed of it</summary>
            <code>{change.signed}</code>
          </details>
        )}
      </div>
    </li>
  );
}
