import { Button, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { setPassword } from '@/api/administration';
import type { User } from '@/api/types';
import { NewPassword } from '@/features/setup/NewPassword';
import { minimumLength } from '@/features/setup/passwordStrength';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice } from '@/ui/Notice';

export function PasswordDialog({ operator, needsCurrent = false, onClose }: { operator: Pick<User, 'id' | 'username'>; needsCurrent?: boolean; onClose: () => void }) {
  const [current, setCurrent] = useState('');
  const [value, setValue] = useState('');
  const save = useMutation({ mutationFn: () => setPassword(operator.id, value, needsCurrent ? current : undefined), onSuccess: onClose });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog title={`New password for ${operator.username}`} opened onClose={onClose}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 16 }}>
        {save.error ? <ErrorNotice error={save.error} /> : null}
        {needsCurrent ? (
          <PasswordInput
            label="Current password" required autoComplete="current-password" value={current} data-autofocus
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        ) : null}
        <NewPassword label="New password" username={operator.username} value={value} onChange={setValue} />
        <Button type="submit" loading={save.isPending} disabled={value.length < minimumLength || (needsCurrent && current === '')}>Set the password</Button>
      </form>
    </Dialog>
  );
}
