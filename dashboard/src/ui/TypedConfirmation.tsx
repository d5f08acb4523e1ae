import { Button, TextInput } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { Dialog } from './Dialog';
import { ErrorNotice } from './Notice';

interface Props {
  title: string;
  /** What must be typed. */
  word: string;
  action: string;
  pending: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** For what cannot be taken back: the name is typed, so that the wrong device is not hit by a quick click. */
export function TypedConfirmation({ title, word, action, pending, error, onConfirm, onClose, children }: Props) {
  const [typed, setTyped] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (typed.trim() === word) onConfirm();
  };
  return (
    <Dialog title={title} opened onClose={onClose}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 16 }}>
        <div>{children}</div>
        {error ? <ErrorNotice error={error} /> : null}
        <TextInput
          label={<>Type <code>{word}</code> to confirm</>} value={typed} autoComplete="off" data-autofocus
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" color="red" loading={pending} disabled={typed.trim() !== word}>{action}</Button>
      </form>
    </Dialog>
  );
}
