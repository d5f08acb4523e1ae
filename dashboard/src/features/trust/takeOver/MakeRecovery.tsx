import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { NewPassword } from '@/features/setup/NewPassword';
import { makeRecoveryFile, minPassphrase, passphraseLength, type RecoveryFile } from '@/trust/recovery/recoveryFile';
import { ErrorNotice } from '@/ui/Notice';
import css from '../Trust.module.css';

export function MakeRecovery({ onMade, onLater }: { onMade: (file: RecoveryFile) => void; onLater: () => void }) {
  const [passphrase, setPassphrase] = useState('');
  const make = useMutation({ mutationFn: () => makeRecoveryFile(passphrase), onSuccess: onMade, gcTime: 0 });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form onSubmit={submit} className={css['stack']}>
      <p>The recovery key is stored in a file that a passphrase opens. Write the passphrase down, and keep it apart from the file.</p>
      {make.error ? <ErrorNotice error={make.error} /> : null}
      <NewPassword label="Passphrase of the recovery file" username="" minimum={minPassphrase} value={passphrase} onChange={setPassphrase} />
      <div className={css['end']}>
        <Button variant="default" onClick={onLater}>Later</Button>
        <Button type="submit" loading={make.isPending} disabled={passphraseLength(passphrase) < minPassphrase}>Make the recovery file</Button>
      </div>
    </form>
  );
}
