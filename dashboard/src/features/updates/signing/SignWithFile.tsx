import { Button } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { RecoveryFields } from '@/features/trust/takeOver/RecoveryFields';
import type { Draft } from '@/repository/draft';
import { openChosenFile } from '@/trust/recovery/recoveryFile';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice } from '@/ui/Notice';
import css from './Signing.module.css';
import { useSign } from './useSign';

/** A key that is in a file, the recovery key or one that fleetctl made: opened for this signature, and kept nowhere. */
export function SignWithFile({ draft, onClose }: { draft: Draft; onClose: () => void }) {
  const sign = useSign(draft);
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    sign.mutate(() => openChosenFile(file, passphrase, 'key file'), { onSuccess: onClose });
  };
  return (
    <Dialog title={`Sign ${draft.role} ${draft.file.version} with a key file`} opened onClose={onClose}>
      <form onSubmit={submit} className={css['form']}>
        <p>
          The key is opened in this browser for this one signature and kept nowhere; only the signature goes to the server. What is signed is the {draft.role} with the
          digest <code>{draft.file.digest.slice(0, 16)}…</code>, as it is shown behind this.
        </p>
        {sign.error ? <ErrorNotice error={sign.error} /> : null}
        <RecoveryFields file={file} onFile={setFile} passphrase={passphrase} onPassphrase={setPassphrase} what="key file" />
        <div className={css['buttons']}>
          <Button variant="default" onClick={onClose}>Close</Button>
          <Button type="submit" loading={sign.isPending} disabled={file === null || passphrase === ''}>Sign exactly this</Button>
        </div>
      </form>
    </Dialog>
  );
}
