import { Button } from '@mantine/core';
import { useState } from 'react';
import { type Draft, hasSigned, isComplete, maySign } from '@/repository/draft';
import type { BrowserKey } from '@/trust/store/keyStore';
import { KeyIcon } from '@/ui/icons';
import { LinkButton } from '@/ui/LinkButton';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { SignWithFile } from './SignWithFile';
import css from './Signing.module.css';
import { useSign } from './useSign';

/** By this browser's key where the role has it, else by a key from a file. */
export function SignActions({ draft, browserKey }: { draft: Draft; browserKey: BrowserKey | null }) {
  const [choosing, setChoosing] = useState(false);
  const sign = useSign(draft);
  const may = browserKey !== null && maySign(draft, browserKey.publicKey);
  const complete = isComplete(draft);
  const signed = browserKey !== null && hasSigned(draft, browserKey.publicKey);
  return (
    <>
      {sign.error ? <ErrorNotice error={sign.error} /> : null}
      {may || complete ? null : <NoKey draft={draft} browserKey={browserKey} />}
      <div className={css['buttons']}>
        {signed ? <span className="quiet small">This browser’s key has signed it.</span> : null}
        {complete ? null : <Button variant="default" size="sm" onClick={() => setChoosing(true)}>Sign with a key file…</Button>}
        {may && !signed && !complete ? <Button size="sm" leftSection={<KeyIcon />} loading={sign.isPending} onClick={() => sign.mutate(() => browserKey)}>Sign exactly this</Button> : null}
      </div>
      {choosing ? <SignWithFile draft={draft} onClose={() => setChoosing(false)} /> : null}
    </>
  );
}

function NoKey({ draft, browserKey }: { draft: Draft; browserKey: BrowserKey | null }) {
  const { role } = draft;
  return (
    <Notice
      tone="warn" title={browserKey === null ? 'You have no key in this browser' : `This browser’s key does not sign the ${role}`}
      action={browserKey === null ? <LinkButton to="/trust">Make a key</LinkButton> : null}
    >
      {role === 'root'
        ? <>Roots are signed by the fleet’s root keys: choose the recovery file, or another key file of those above, with “Sign with a key file…”, or run <code>fleetctl artifact sign --key FILE</code> where the key is.</>
        : (
          <>
            Sign with the file of one of the keys above, or run <code>fleetctl artifact sign --key FILE</code> where it is. To sign with this browser from now on, copy its public key on the page Trust into a file,
            and have the next root name it: <code>fleetctl artifact root --root-key FILE --targets-key FILE.pub</code>, with --targets-key once for each key that is to sign.
          </>
        )}
    </Notice>
  );
}
