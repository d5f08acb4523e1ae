import { Button, FileButton, PasswordInput } from '@mantine/core';
import type { KeyFileName } from '@/trust/recovery/recoveryFile';
import { TicketIcon } from '@/ui/icons';
import css from '../Trust.module.css';

interface Props {
  file: File | null;
  onFile: (file: File | null) => void;
  passphrase: string;
  onPassphrase: (passphrase: string) => void;
  what?: KeyFileName;
}

export function RecoveryFields({ file, onFile, passphrase, onPassphrase, what = 'recovery file' }: Props) {
  return (
    <>
      <div className={css['row']}>
        <FileButton onChange={onFile} accept=".pem,application/x-pem-file" inputProps={{ 'aria-label': what === 'recovery file' ? 'Recovery file' : 'Key file' }}>
          {(props) => <Button {...props} variant="default" leftSection={<TicketIcon />}>Choose the {what}</Button>}
        </FileButton>
        <span className="quiet small" aria-live="polite">{file?.name ?? 'none chosen yet'}</span>
      </div>
      <PasswordInput
        label="Its passphrase" required autoComplete="off" value={passphrase} onChange={(event) => onPassphrase(event.currentTarget.value)}
      />
    </>
  );
}
