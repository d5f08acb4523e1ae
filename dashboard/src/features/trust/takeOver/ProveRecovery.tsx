import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { keys } from '@/api/keys';
import { askForPlace } from '@/api/trust';
import { planTakeOver } from '@/trust/plans/takeOver';
import { toBase64Url } from '@/trust/protocol/bytes';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import type { Clock } from '@/trust/plans/signingTime';
import { openChosenFile, type RecoveryFile } from '@/trust/recovery/recoveryFile';
import { Refused } from '@/trust/refused';
import { askToPersist, makeKey } from '@/trust/store/keyStore';
import { DownIcon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import css from '../Trust.module.css';
import { useTrustChange } from '../useTrust';
import { RecoveryFields } from './RecoveryFields';
import { saveText } from './saveText';

interface Props {
  accountId: string;
  file: RecoveryFile;
  onDone: () => void;
  onAgain: () => void;
}

/** The key is nowhere but in the file by now. It signs from the copy that was saved: so it is certain that there is one, and that it opens. */
export function ProveRecovery({ accountId, file, onDone, onAgain }: Props) {
  const queries = useQueryClient();
  const change = useTrustChange();
  const [saved, setSaved] = useState(false);
  const [chosen, setChosen] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const plan = async (trust: FleetTrust, clock: Clock) => {
    const recovery = await openChosenFile(chosen, passphrase);
    if (!recovery.publicKey.equals(file.publicKey)) throw new Refused(`This is another recovery file than the one that was just made, ${file.name}.`);
    const own = await makeKey(trust.root.fleetId, accountId);
    await askToPersist();
    queries.setQueryData(keys.browserKey(trust.root.fleetId, accountId), own);
    // So that people are called by their names where keys are listed.
    await askForPlace(toBase64Url(own.publicKey.point), 'owner');
    return planTakeOver(trust, recovery, own, clock);
  };
  const take = useMutation({ mutationFn: () => change.mutateAsync(plan), onSuccess: onDone });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    take.mutate();
  };
  return (
    <form onSubmit={submit} className={css['stack']}>
      <p>Save the file on a stick or another machine, not beside the server. Two copies are better than one.</p>
      <Button
        variant={saved ? 'default' : 'filled'} leftSection={<DownIcon />}
        onClick={() => { saveText(file.name, file.pem); setSaved(true); }}
      >
        Save {file.name}
      </Button>
      <p>Then open it from where you keep it. Only a file that opens is worth something.</p>
      {take.error ? <ErrorNotice error={take.error} /> : null}
      <RecoveryFields file={chosen} onFile={setChosen} passphrase={passphrase} onPassphrase={setPassphrase} />
      <div className={css['end']}>
        <Button variant="default" onClick={onAgain} disabled={take.isPending}>Make another file</Button>
        <Button type="submit" loading={take.isPending} disabled={!saved || chosen === null || passphrase === ''}>Make the fleet mine</Button>
      </div>
    </form>
  );
}
