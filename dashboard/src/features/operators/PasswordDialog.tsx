import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { setPassword } from '@/api/administration';
import { sessionQuery } from '@/api/session';
import type { User } from '@/api/types';
import { NewPassword } from '@/features/setup/NewPassword';
import { minimumLength } from '@/features/setup/passwordStrength';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice } from '@/ui/Notice';

/** Who changes their own password proves it with the current one. */
export function PasswordDialog({ operator, onClose }: { operator: Pick<User, 'id' | 'username'>; onClose: () => void }) {
  const { data: session } = useQuery(sessionQuery);
  const own = session?.user.id === operator.id;
  const [current, setCurrent] = useState('');
  const [value, setValue] = useState('');
  const save = useMutation({ mutationFn: () => setPassword(operator.id, value, own ? current : undefined), onSuccess: onClose });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog title={`New password for ${operator.username}`} opened onClose={onClose}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 16 }}>
        {save.error ? <ErrorNotice error={save.error} /> : null}
        {own ? (
          <PasswordInput
            label="Current password" required autoComplete="current-password" value={current} data-autofocus
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        ) : null}
        <NewPassword label="New password" username={operator.username} value={value} onChange={setValue} />
        {own ? <div className="quiet small">Wherever else you are signed in, you are then signed out.</div> : null}
        <Button type="submit" loading={save.isPending} disabled={value.length < minimumLength || (own && current === '')}>Set the password</Button>
      </form>
    </Dialog>
  );
}
