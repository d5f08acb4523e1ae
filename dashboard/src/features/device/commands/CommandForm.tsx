import { Button, Checkbox } from '@mantine/core';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import type { NewCommand } from '@/api/types';
import { ErrorNotice } from '@/ui/Notice';
import css from './Commands.module.css';
import { useSendCommand } from './useSendCommand';

interface Props {
  deviceId: string;
  /** null: not complete yet. */
  command: NewCommand | null;
  label: string;
  onSent: () => void;
  children: ReactNode;
}

export function CommandForm({ deviceId, command, label, onSent, children }: Props) {
  const send = useSendCommand(deviceId);
  const [dryRun, setDryRun] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (command !== null) send.mutate(dryRun ? { ...command, dryRun } : command, { onSuccess: onSent });
  };
  return (
    <form className={css['form']} onSubmit={submit}>
      {children}
      <Checkbox size="xs" label="Dry run: it only says what it would do" checked={dryRun} onChange={(event) => setDryRun(event.currentTarget.checked)} />
      {send.error ? <ErrorNotice error={send.error} /> : null}
      <Button type="submit" size="xs" loading={send.isPending} disabled={command === null}>{label}</Button>
    </form>
  );
}
