import { Button } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { planReplacement } from '@/trust/plans/owners';
import { openChosenFile } from '@/trust/recovery/recoveryFile';
import type { BrowserKey } from '@/trust/store/keyStore';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice } from '@/ui/Notice';
import { RecoveryFields } from '../takeOver/RecoveryFields';
import css from '../Trust.module.css';
import { useTrustChange } from '../useTrust';

/** For the last owner, whose browser is lost: the recovery file lets this key in, and the lost one out. */
export function Replace({ browserKey }: { browserKey: BrowserKey }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <div className={css['row']}>
        <span className="quiet small">No owner is left who could let you in?</span>
        <Button size="compact-sm" variant="default" onClick={() => setOpened(true)}>Use the recovery file</Button>
      </div>
      {opened ? <ReplaceDialog browserKey={browserKey} onClose={() => setOpened(false)} /> : null}
    </>
  );
}

function ReplaceDialog({ browserKey, onClose }: { browserKey: BrowserKey; onClose: () => void }) {
  const change = useTrustChange();
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change.mutate(async (trust, clock) => {
      const recovery = await openChosenFile(file, passphrase);
      const lost = trust.root.owner.keys.filter((key) => !key.equals(recovery.publicKey) && !key.equals(browserKey.publicKey));
      return planReplacement(trust, recovery, browserKey.publicKey, lost, clock);
    }, { onSuccess: onClose });
  };
  return (
    <Dialog title="Put this key in the place of the lost one" opened onClose={onClose}>
      <form onSubmit={submit} className={css['stack']}>
        <p>The recovery key signs that this browser’s key is the owner’s from now on. All other owners’ keys stop working: they count as lost.</p>
        {change.error ? <ErrorNotice error={change.error} /> : null}
        <RecoveryFields file={file} onFile={setFile} passphrase={passphrase} onPassphrase={setPassphrase} />
        <div className={css['end']}>
          <Button variant="default" onClick={onClose}>Leave it</Button>
          <Button type="submit" loading={change.isPending} disabled={file === null || passphrase === ''}>Sign and replace</Button>
        </div>
      </form>
    </Dialog>
  );
}
