import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { setPassword } from '@/api/administration';
import type { Operator } from '@/api/types';
import { NewPassword } from '@/features/setup/NewPassword';
import { minimumLength } from '@/features/setup/passwordStrength';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice } from '@/ui/Notice';

export function PasswordDialog({ operator, onClose }: { operator: Operator; onClose: () => void }) {
  const [value, setValue] = useState('');
  const save = useMutation({ mutationFn: () => setPassword(operator.id, value), onSuccess: onClose });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog title={`New password for ${operator.username}`} opened onClose={onClose}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 16 }}>
        {save.error ? <ErrorNotice error={save.error} /> : null}
        <NewPassword username={operator.username} value={value} onChange={setValue} />
        <Button type="submit" loading={save.isPending} disabled={value.length < minimumLength}>Set the password</Button>
      </form>
    </Dialog>
  );
}
